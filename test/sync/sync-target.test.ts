/** What becomes of changes, of differences and of faults, over both databases and fakes of SendGrid and SES. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import type { SyncLedger } from "../../src/store/sync/sync-item.ts";
import { ProviderTrouble } from "../../src/outputs/api/errors.ts";
import { openList } from "../../src/sync/providers/index.ts";
import { syncSchema, type SyncSettings } from "../../src/sync/settings.ts";
import { previewTarget, stepTarget, syncTarget, targetOf, type SyncDeps } from "../../src/sync/sync-target.ts";
import { DAY, NOW, onBoth } from "../store/on-both.ts";
import { startFakeSendgrid, startFakeSes } from "./fakes/amazon-and-sendgrid.ts";
import type { FakeProvider } from "./fakes/fake-api.ts";

const by = { actor: "cli:test" };
const signal = new AbortController().signal;
const settingsFor = ({ settings, api }: FakeProvider, more: object = {}): SyncSettings => {
  const [target] = syncSchema.parse([
    { ...settings, url: api.url, allowPrivate: true, requestsPerSecond: 100, ...more },
  ]);
  if (!target) throw new Error("no target");
  return target;
};

onBoth(({ open, clock }) => {
  let sendgrid: FakeProvider;
  let ses: FakeProvider;
  beforeAll(async () => {
    [sendgrid, ses] = await Promise.all([startFakeSendgrid(), startFakeSes()]);
  });
  afterAll(() => Promise.all([sendgrid.api.close(), ses.api.close()]));
  beforeEach(() => {
    clock.now = NOW;
    for (const { held, api } of [sendgrid, ses]) {
      held.clear();
      api.requests.length = 0;
      api.faults.length = 0;
      api.always = null;
      api.intercept = () => undefined;
    }
  });
  const depsOf = (store: Store, settings: SyncSettings): SyncDeps => ({
    store,
    client: openList(settings),
    now: () => clock.now,
  });
  const stepping = (store: Store, settings: SyncSettings) => {
    const deps = depsOf(store, settings);
    return (troubles = 0): Promise<number> => stepTarget(settings, deps, { signal, troubles });
  };
  const run = (store: Store, settings: SyncSettings, confirmRemovals = false) =>
    syncTarget(settings, depsOf(store, settings), { signal, confirmRemovals, onWait: () => undefined });
  const there = ({ held }: FakeProvider): readonly string[] => [...held.keys()].toSorted();
  const values = async (ledger: SyncLedger, name: string): Promise<readonly string[]> =>
    (await ledger.open(name, 100)).map(({ value, state }) => `${state} ${value}`).toSorted();

  test("changes from now on go there: additions, removals, what expires", async () => {
    const store = await open();
    const settings = settingsFor(ses);
    const step = stepping(store, settings);
    await store.suppressions.add([{ value: "before@example.org" }], by);
    await step();
    await store.suppressions.add(
      [
        { value: "Ann@Example.org", cause: "hard" },
        { value: "spam@example.org", cause: "complaint" },
        { value: "short@example.org", expiresAt: new Date(NOW + DAY).toISOString() },
        { value: "whole-domain.example" },
        { value: "stream@example.org", stream: "news" },
      ],
      by,
    );
    await step();
    expect(there(ses)).toEqual(["ann@example.org", "short@example.org", "spam@example.org"]);
    expect(ses.held.get("spam@example.org")?.reason).toBe("COMPLAINT");
    await store.suppressions.remove([{ value: "ann@example.org" }], by);
    clock.now += 2 * DAY;
    await store.suppressions.expire();
    await step();
    expect(there(ses)).toEqual(["spam@example.org"]);
    const before = ses.api.requests.length;
    await step();
    expect(ses.api.requests.length).toBe(before);
    expect(await store.sync.counts("ses")).toEqual({ pending: 0, held: 0, refused: 0 });
  });

  test("an address that changes often is sent as it is in the end", async () => {
    const store = await open();
    const step = stepping(store, settingsFor(ses));
    await step();
    for (let round = 0; round < 3; round++) {
      await store.suppressions.add([{ value: "often@example.org" }], by);
      await store.suppressions.remove([{ value: "often@example.org" }], by);
    }
    await store.suppressions.add([{ value: "often@example.org", cause: "complaint" }], by);
    await step();
    expect(ses.api.requests.map(({ method }) => method)).toEqual(["PUT"]);
    expect(ses.held.get("often@example.org")?.reason).toBe("COMPLAINT");
  });

  test("a first comparison imports theirs and sends ours; the second has nothing to do", async () => {
    const store = await open();
    await store.suppressions.add([{ value: "ours@example.org", cause: "hard" }, { value: "both@example.org" }], by);
    sendgrid.put("theirs@example.org", "bounces", NOW - DAY);
    sendgrid.put("spam@example.org", "spam_reports", NOW - DAY);
    sendgrid.put("left@example.org", "unsubscribes", NOW - DAY);
    sendgrid.put("blocked@example.org", "blocks", NOW - DAY);
    sendgrid.put("both@example.org", "bounces", NOW - DAY);
    sendgrid.put("no address", "bounces", NOW - DAY);
    const settings = settingsFor(sendgrid);
    const difference = await previewTarget(settings, depsOf(store, settings));
    expect(difference).toMatchObject({ theirs: 4, same: 1, unusable: 1 });
    expect(difference.wishes).toMatchObject([{ value: "ours@example.org", wanted: "add" }]);
    expect(there(sendgrid)).not.toContain("unsubscribes ours@example.org");
    expect(await store.suppressions.count({})).toBe(2);
    expect(await run(store, settings)).toMatchObject({ imported: 3, pushed: 1 });
    expect(there(sendgrid)).toContain("unsubscribes ours@example.org");
    const { entries } = await store.suppressions.list({ actor: ["sync:sendgrid"], direction: "asc" });
    const createdAt = new Date(NOW - DAY).toISOString();
    expect(entries.toSorted((a, b) => (a.value < b.value ? -1 : 1))).toMatchObject([
      { value: "left@example.org", cause: "complaint", reason: "unsubscribe", createdAt, note: "from unsubscribes" },
      { value: "spam@example.org", cause: "complaint", reason: "spam report", createdAt, note: "from spam_reports" },
      { value: "theirs@example.org", cause: "import", reason: "550 5.1.1 unknown", createdAt, note: "from bounces" },
    ]);
    clock.now += 1000;
    sendgrid.api.requests.length = 0;
    expect(await run(store, settings)).toMatchObject({ imported: 0, pushed: 0 });
    expect(sendgrid.api.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  test("what came from one provider goes to the others, and not back", async () => {
    const store = await open();
    const toSendgrid = settingsFor(sendgrid);
    const toSes = stepping(store, settingsFor(ses));
    await toSes();
    sendgrid.put("theirs@example.org", "bounces", NOW - DAY);
    await run(store, toSendgrid);
    clock.now += 1000;
    await stepping(store, toSendgrid)();
    await toSes();
    expect(there(ses)).toEqual(["theirs@example.org"]);
    expect(there(sendgrid)).toEqual(["bounces theirs@example.org"]);
    await store.suppressions.remove([{ value: "theirs@example.org" }], by);
    await stepping(store, toSendgrid)();
    await toSes();
    expect([...there(ses), ...there(sendgrid)]).toEqual([]);
  });

  test("the newer word counts: a removal here after their entry goes there, an entry of theirs after it comes here", async () => {
    const store = await open();
    const settings = settingsFor(sendgrid);
    await store.suppressions.add([{ value: "old@example.org" }, { value: "again@example.org" }], by);
    await store.suppressions.remove([{ value: "old@example.org" }, { value: "again@example.org" }], by);
    sendgrid.put("old@example.org", "bounces", NOW - DAY);
    sendgrid.put("again@example.org", "bounces", NOW + DAY);
    await run(store, settings);
    expect(there(sendgrid)).toEqual(["bounces again@example.org"]);
    expect(
      (await store.suppressions.check(["old@example.org", "again@example.org"])).map((one) => one.suppressed),
    ).toEqual([false, true]);
  });

  test("clearing the count of failures is no removal", async () => {
    const store = await open();
    await store.suppressions.clear(["soft@example.org"], by);
    sendgrid.put("soft@example.org", "bounces", NOW - DAY);
    expect(await run(store, settingsFor(sendgrid))).toMatchObject({ imported: 1, pushed: 0 });
  });

  test("an empty or broken answer removes nothing, here or there", async () => {
    const store = await open();
    const settings = settingsFor(sendgrid);
    await store.suppressions.add([{ value: "a@example.org" }, { value: "b@example.org" }], by);
    sendgrid.put("theirs@example.org", "bounces", NOW - DAY);
    await run(store, settings);
    const all = await store.suppressions.count({});
    clock.now += 1000;
    sendgrid.held.clear();
    await run(store, settings);
    expect(await store.suppressions.count({})).toBe(all);
    for (const json of [{}, null, { errors: [] }, []]) {
      clock.now += 1000;
      sendgrid.api.always = { status: 200, json };
      await run(store, settings).catch((error: unknown) => expect(error).toBeInstanceOf(ProviderTrouble));
      expect(await store.suppressions.count({})).toBe(all);
    }
  });

  test("an empty list of ours removes nothing there", async () => {
    const store = await open();
    for (let at = 0; at < 20; at++) ses.put(`u${at}@example.org`, "bounce", NOW - DAY);
    await run(store, settingsFor(ses, { import: false }));
    expect(there(ses).length).toBe(20);
    expect(ses.api.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  test("more removals than allowed are held until a person confirms them", async () => {
    const store = await open();
    const settings = settingsFor(ses, { maxRemovals: 2 });
    const step = stepping(store, settings);
    await step();
    const five = Array.from({ length: 5 }, (_, at) => ({ value: `u${at}@example.org` }));
    await store.suppressions.add(five, by);
    await step();
    expect(there(ses).length).toBe(5);
    clock.now += 1000;
    await store.suppressions.remove(five, by);
    await step();
    await step();
    expect(there(ses).length).toBe(3);
    expect(await store.sync.counts("ses")).toEqual({ pending: 0, held: 3, refused: 0 });
    await store.suppressions.add([{ value: "u4@example.org" }], by);
    await step();
    expect(await store.sync.counts("ses")).toMatchObject({ held: 2 });
    expect(await run(store, settings)).toMatchObject({ left: { held: 2 } });
    clock.now += 1000;
    expect(await run(store, settings, true)).toMatchObject({ pushed: 2, left: { held: 0 } });
    expect(there(ses)).toEqual(["u4@example.org"]);
  });

  test("asked to wait, it waits, loses nothing and goes on", async () => {
    const store = await open();
    const settings = settingsFor(ses);
    const step = stepping(store, settings);
    await step();
    await store.suppressions.add([{ value: "a@example.org" }, { value: "b@example.org" }], by);
    ses.api.faults.push({ status: 429, headers: { "retry-after": "30" }, json: {} });
    expect(await step()).toBe(0);
    const { length } = ses.api.requests;
    clock.now += 10_000;
    await store.suppressions.add([{ value: "c@example.org" }], by);
    await step();
    expect(ses.api.requests.length).toBe(length);
    expect(await store.sync.counts("ses")).toMatchObject({ pending: 3 });
    expect((await store.sync.target("ses"))?.error).toContain("asks to wait (429)");
    clock.now += 21_000;
    await step();
    expect(there(ses)).toEqual(["a@example.org", "b@example.org", "c@example.org"]);
    expect(await store.sync.target("ses")).toMatchObject({ error: "", pausedUntil: null });
  });

  test("troubles are tried again, ever later; one address that breaks theirs stops no other", async () => {
    const store = await open();
    const step = stepping(store, settingsFor(ses));
    await step();
    clock.now += 1000;
    await store.suppressions.add([{ value: "poison@example.org" }], by);
    await step();
    ses.held.clear();
    ses.api.intercept = ({ text }) => (text.includes("poison") ? { status: 500, text: "" } : undefined);
    await store.suppressions.remove([{ value: "poison@example.org" }], by);
    await store.suppressions.add([{ value: "poison@example.org" }], by);
    clock.now += 1000;
    await store.suppressions.add([{ value: "a@example.org" }], by);
    let troubles = 0;
    const pauses: number[] = [];
    for (let round = 0; round < 4; round++) {
      troubles = await step(troubles);
      const until = Date.parse((await store.sync.target("ses"))?.pausedUntil ?? "");
      pauses.push(until - clock.now);
      clock.now = until + 1;
    }
    expect(pauses).toEqual([5000, 10_000, 20_000, 40_000]);
    expect(there(ses)).toEqual(["a@example.org"]);
    expect(await store.sync.open("ses", 10)).toMatchObject([
      { value: "poison@example.org", state: "pending", error: expect.stringContaining("500") as unknown },
    ]);
    ses.api.intercept = () => undefined;
    expect(await step(troubles)).toBe(0);
    expect(there(ses)).toEqual(["a@example.org", "poison@example.org"]);
  });

  test("an address that the provider refuses is named with its words, and costs the batch nothing", async () => {
    const store = await open();
    const step = stepping(store, settingsFor(sendgrid));
    await step();
    await store.suppressions.add(
      [...Array.from({ length: 9 }, (_, at) => ({ value: `u${at}@example.org` })), { value: "refused@example.org" }],
      by,
    );
    await step();
    expect(there(sendgrid).length).toBe(9);
    expect(sendgrid.api.requests.length).toBeLessThan(12);
    expect(await store.sync.open("sendgrid", 10)).toMatchObject([
      {
        value: "refused@example.org",
        state: "refused",
        attempts: 1,
        error: expect.stringContaining("invalid email") as unknown,
      },
    ]);
    const { length } = sendgrid.api.requests;
    await step();
    expect(sendgrid.api.requests.length).toBe(length);
  });

  test("an erasure ends the cursor: nothing of what changed around it is lost", async () => {
    const store = await open();
    const step = stepping(store, settingsFor(ses));
    await step();
    await store.suppressions.add(
      [{ value: "kept@example.org" }, { value: "gone@example.org" }, { value: "erased@example.org" }],
      by,
    );
    await step();
    clock.now += 1000;
    await store.suppressions.remove([{ value: "gone@example.org" }], by);
    await store.suppressions.add([{ value: "new@example.org" }], by);
    await store.erase("erased@example.org");
    await step();
    expect(there(ses)).toEqual(["erased@example.org", "kept@example.org", "new@example.org"]);
    expect(await store.sync.of("erased@example.org")).toEqual([]);
    await store.suppressions.remove([{ value: "new@example.org" }], by);
    await step();
    expect(there(ses)).toEqual(["erased@example.org", "kept@example.org"]);
  });

  test("one at a time works on a target; one that was killed is followed by another", async () => {
    const store = await open();
    const settings = settingsFor(ses);
    await targetOf(store, settings);
    await store.suppressions.add([{ value: "a@example.org" }], by);
    expect(await store.sync.hold("ses", "another", 20_000)).toBe(true);
    await stepping(store, settings)();
    expect(there(ses)).toEqual([]);
    clock.now += 20_001;
    await stepping(store, settings)();
    expect(there(ses)).toEqual(["a@example.org"]);
    expect(await store.sync.hold("ses", "another", 20_000)).toBe(true);
    expect(await store.sync.hold("ses", "third", 20_000)).toBe(false);
    await store.sync.release("ses", "another");
    expect(await store.sync.hold("ses", "third", 20_000)).toBe(true);
  });

  test("whatever is killed in between, nothing is left out", async () => {
    const store = await open();
    const settings = settingsFor(ses);
    await stepping(store, settings)();
    await store.suppressions.add(
      [{ value: "a@example.org" }, { value: "b@example.org" }, { value: "c@example.org" }],
      by,
    );
    const { client } = depsOf(store, settings);
    let calls = 0;
    const killed: SyncDeps = {
      store,
      now: () => clock.now,
      client: {
        ...client,
        list: () => client.list(),
        async add(items) {
          await client.add(items);
          // Done there, and nobody here learned of it.
          if (++calls === 2) throw new RangeError("killed");
          return new Map();
        },
      },
    };
    await expect(stepTarget(settings, killed, { signal, troubles: 0 })).rejects.toThrow("killed");
    clock.now += 20_001;
    await stepping(store, settings)();
    expect(there(ses)).toEqual(["a@example.org", "b@example.org", "c@example.org"]);
    expect(await values(store.sync, "ses")).toEqual([]);
  });

  test("compared again after a day, once somebody has done it by hand", async () => {
    const store = await open();
    const settings = settingsFor(ses);
    const step = stepping(store, settings);
    ses.put("theirs@example.org", "bounce", NOW - DAY);
    await step();
    clock.now += 3 * DAY;
    await step();
    expect(await store.suppressions.count({})).toBe(0);
    await run(store, settings);
    expect(await store.suppressions.count({})).toBe(1);
    ses.put("later@example.org", "bounce", clock.now);
    clock.now += DAY - 1000;
    await step();
    expect(await store.suppressions.count({})).toBe(1);
    clock.now += 2000;
    await step();
    expect(await store.suppressions.count({})).toBe(2);
  });

  test("causes choose what goes there; an entry that changes to another cause leaves it", async () => {
    const store = await open();
    const step = stepping(store, settingsFor(ses, { causes: ["hard", "complaint"] }));
    await step();
    await store.suppressions.add(
      [
        { value: "hard@example.org", cause: "hard" },
        { value: "soft@example.org", cause: "soft" },
      ],
      by,
    );
    await step();
    expect(there(ses)).toEqual(["hard@example.org"]);
    await store.suppressions.add([{ value: "hard@example.org", cause: "manual" }], by);
    await step();
    expect(there(ses)).toEqual([]);
  });
});
