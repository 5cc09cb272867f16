/** The audit log, on both databases: what is written stays as it is, but for what an erasure takes out of it. */
import { sql } from "kysely";
import { expect, test } from "vitest";
import { bansWith } from "../../src/erasure/ban.ts";
import type { AuditAct, AuditEntry } from "../../src/store/audit/audit.ts";
import { withAct } from "../../src/store/audit/with-act.ts";
import { openDatabase } from "../../src/store/db/database.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { DAY, NOW, onBoth } from "./on-both.ts";

const act = (changes: Partial<AuditAct> = {}): AuditAct => ({
  action: "list-change",
  actor: "token:shop",
  actorId: "abcdefgh",
  target: "bob@example.org",
  detail: "PUT /v1/suppressions/:value",
  address: "192.0.2.1",
  requestId: "r-1",
  outcome: "begun",
  ...changes,
});
const all = (store: Store): Promise<readonly AuditEntry[]> => store.audit.search({ limit: 100 });

onBoth(({ config, open, clock }) => {
  test("an entry is there when `add` resolves, and its end is written once", async () => {
    const store = await open();
    const id = await store.audit.add(act());
    expect(await all(store)).toEqual([{ ...act(), id, at: new Date(NOW).toISOString() }]);
    await store.audit.end(id, "done");
    await store.audit.end(id, "failed");
    expect((await all(store))[0]?.outcome).toBe("done");
  });

  test("the database refuses to change who, what, when, from where, and an outcome that is known", async () => {
    const at = config();
    const store = await openStore(at, { now: () => clock.now });
    await store.audit.add(act({ outcome: "done" }));
    await store.close();
    const database = await openDatabase(at);
    const { write } = database;
    for (const column of ["at", "action", "actor", "actor_id", "address", "request_id"])
      await expect(
        sql`update audit set ${sql.ref(column)} = ${column === "at" ? 1 : "other"}`.execute(write),
        column,
      ).rejects.toThrow("cannot be edited");
    await expect(sql`update audit set outcome = 'failed'`.execute(write)).rejects.toThrow("cannot be edited");
    await database.close();
  });

  test("filters: what, who, on what, when; newest first, page after page", async () => {
    const store = await open();
    for (const [days, changes] of [
      [0, {}],
      [1, { action: "export", target: "", detail: "GET /v1/events.csv recipient=50%_x" }],
      [2, { actor: "person:Ann@example.com", actorId: "p1", outcome: "refused" }],
    ] as const) {
      clock.now = NOW + days * DAY;
      await store.audit.add(act(changes));
    }
    clock.now = NOW;
    const ids = (await all(store)).map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    const found = async (filter: object) => (await store.audit.search({ limit: 9, ...filter })).map(({ id }) => id);
    const [third = 0, second = 0, first = 0] = ids;
    expect(await found({ action: ["export", "erasure"] })).toEqual([second]);
    expect(await found({ outcome: ["refused"] })).toEqual([third]);
    expect(await found({ actor: "ann@EXAMPLE" })).toEqual([third]);
    expect(await found({ actor: "abcd" })).toEqual([second, first]);
    expect(await found({ text: "50%_X" })).toEqual([second]);
    expect(await found({ text: "5%_x" })).toEqual([]);
    expect(await found({ from: new Date(NOW + DAY).toISOString(), to: new Date(NOW + 2 * DAY).toISOString() })).toEqual(
      [second],
    );
    expect(await found({ before: third, limit: 1 })).toEqual([second]);
    const walked: number[] = [];
    for await (const { id } of store.audit.iterate({ action: ["list-change"] })) walked.push(id);
    expect(walked).toEqual([third, first]);
  });

  test("entries expire by their own setting, not with the events", async () => {
    const store = await open({ audit: { retentionDays: 90 } });
    await store.audit.add(act());
    clock.now = NOW + 80 * DAY;
    await store.audit.add(act({ target: "later" }));
    await store.retain();
    expect(await all(store)).toHaveLength(2);
    clock.now = NOW + 91 * DAY;
    await store.retain();
    expect((await all(store)).map(({ target }) => target)).toEqual(["later"]);
    clock.now = NOW;
  });

  test("beyond their number the oldest entries go", async () => {
    const store = await open({ audit: { maxEntries: 1000 } });
    for (let n = 0; n < 1003; n++) await store.audit.add(act({ target: `n${n}` }));
    await store.retain();
    const left = await store.audit.search({ limit: 2000 });
    expect([left.length, left.at(-1)?.target, left[0]?.target]).toEqual([1000, "n3", "n1002"]);
  });

  test("an erased address is known by its digest only, in its own entry and in those of before", async () => {
    const at = { ...config(), BOUNCED_SECRET: ["key"] };
    const store = await openStore(at, { now: () => clock.now });
    const digest = bansWith(["key"]).of("bob@example.org");
    await store.audit.add(act());
    await store.audit.add(act({ target: "xbob@example.org", detail: "note=asked by bob%40example.org" }));
    await store.audit.add(act({ action: "erasure", target: "Bob@Example.org", detail: "POST /v1/erase" }));
    await store.erase("bob@example.org");
    expect((await all(store)).map(({ target, detail }) => [target, detail])).toEqual([
      [digest, "POST /v1/erase"],
      ["xbob@example.org", `note=asked by ${digest}`],
      [digest, "PUT /v1/suppressions/:value"],
    ]);
    await store.close();
  });

  test("what is too long is cut, and what no database takes is removed", async () => {
    const store = await open();
    await store.audit.add(act({ target: `a\0b\uD800${"x".repeat(2000)}` }));
    const [entry] = await all(store);
    expect(entry?.target).toHaveLength(500);
    expect(entry?.target.startsWith("ab\uFFFDxxx")).toBe(true);
  });

  test("no keys, and nothing that would show as something else", async () => {
    const store = await open();
    const token = `bnc_abcdefgh_${"x".repeat(43)}`;
    await store.audit.add(
      act({
        actor: "token:\u202Enimda",
        target: `${token} x`,
        detail: `note=Bearer ${token} of https://ann:s3cret@desk.example.com/ \u001b[2J\nnext`,
      }),
    );
    expect((await all(store))[0]).toMatchObject({
      actor: "token:\uFFFDnimda",
      target: "bnc_abcdefgh_*** x",
      detail: "note=Bearer bnc_abcdefgh_*** of https://ann:***@desk.example.com/ \uFFFD[2J next",
    });
  });

  test("an act that cannot be recorded does not happen; one that fails says so", async () => {
    const store = await open();
    let done = 0;
    const broken = { ...store.audit, add: () => Promise.reject(new Error("the log is down")) };
    const what = { action: "erasure", actor: "cli:root", target: "bob@example.org" } as const;
    await expect(withAct(broken, what, async () => done++)).rejects.toThrow("the log is down");
    expect(done).toBe(0);
    await withAct(store.audit, what, async () => done++);
    const failing = withAct(store.audit, what, () => Promise.reject(new Error("no such thing")));
    await expect(failing).rejects.toThrow("no such thing");
    expect((await all(store)).map(({ outcome }) => outcome)).toEqual(["failed", "done"]);
  });
});
