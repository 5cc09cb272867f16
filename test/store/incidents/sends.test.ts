/** With known sends: rates instead of shares; and how much of the log is read for an incident. */
import { afterEach, expect, test } from "vitest";
import { openDatabase } from "../../../src/store/db/database.ts";
import { findIncidents } from "../../../src/store/incidents/find.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { hourOf, textOfTally } from "../../../src/tallies/tally.ts";
import { DAY, NOW, onBoth } from "../on-both.ts";
import { background, fill, filled, HOUR, pathTagged, spread, UNALIGNED } from "./seed.ts";

const about = { domain: "", senderDomain: "", sendingAddress: "" };
let batch = 0;
const sent = (
  store: Store,
  at: number,
  provider: string,
  tag: string,
  count: number,
  outcome: "delivered" | "failed" = "delivered",
) =>
  store.countTallies({
    id: `sent-${batch++}`,
    counts: new Map([[textOfTally({ ...about, hour: hourOf(at), provider, tag, outcome }), count]]),
  });
/** Two days of what is usually sent, and the last hour. */
async function usuallySent(store: Store, now: { readonly google: number; readonly yahoo: number }): Promise<void> {
  for (let hour = 48; hour > 1; hour--)
    for (const provider of ["google", "yahoo"]) await sent(store, NOW - hour * HOUR, provider, "receipts", 500);
  await sent(store, NOW - HOUR, "google", "receipts", 500);
  await sent(store, NOW - HOUR, "google", "spring", now.google);
  await sent(store, NOW - HOUR, "yahoo", "spring", now.yahoo);
}
const UNKNOWN = { reason: "mailbox_unknown", provider: "google", returnPath: pathTagged("spring") } as const;

onBoth((bench) => {
  const { clock } = bench;
  afterEach(() => void (clock.now = NOW));

  test("more failures of more mail are none; more failures of the same mail are one", async () => {
    const flood = spread(100, NOW - HOUR / 2, HOUR / 4, UNALIGNED);
    const larger = await filled(bench, [...background(), ...flood]);
    await usuallySent(larger, { google: 100_000, yahoo: 0 });
    expect(await larger.findIncidents()).toEqual([]);
    const same = await filled(bench, [...background(), ...flood]);
    await usuallySent(same, { google: 400, yahoo: 5000 });
    const [opened] = await same.findIncidents();
    expect(opened?.incident).toMatchObject({
      provider: "google",
      rate: { failed: 101, sent: 900 },
      quietAt: ["yahoo"],
    });
    // All of the failures, and less than half of what was sent there.
    expect(opened?.incident.scope).toContainEqual({
      dimension: "tag",
      value: "spring",
      extent: "only",
      share: 0.99,
      shareOfMail: 0.444,
    });
    // Nothing is sent to Google any more: that says nothing, for a day.
    clock.now = NOW + 8 * HOUR;
    expect(await same.findIncidents()).toEqual([]);
    clock.now = NOW + 25 * HOUR;
    const [cleared] = await same.findIncidents();
    expect(cleared?.kind).toBe("cleared");
    const detail = await same.incidents.get(cleared?.incident.id ?? "");
    expect(detail?.entries.at(-1)).toMatchObject({ kind: "cleared", text: "silent" });
  });

  test("where failures alone are reported, and no deliveries, they are no sends", async () => {
    const store = await filled(bench, [...background(), ...spread(100, NOW - HOUR / 2, HOUR / 4, UNALIGNED)]);
    for (let hour = 48; hour > 1; hour--)
      for (const provider of ["google", "yahoo"])
        await sent(store, NOW - hour * HOUR, provider, "receipts", 3, "failed");
    await sent(store, NOW - HOUR, "google", "spring", 101, "failed");
    await sent(store, NOW - HOUR, "yahoo", "receipts", 28, "failed");
    const [opened] = await store.findIncidents();
    expect(opened?.incident).toMatchObject({ provider: "google", rate: null, quietAt: ["yahoo"] });
    expect(opened?.incident.scope).toContainEqual(
      expect.objectContaining({ dimension: "tag", value: "spring", extent: "only", shareOfMail: 0 }),
    );
    const period = { from: NOW - HOUR, to: NOW };
    const before = { from: NOW - 2 * HOUR, to: NOW - HOUR };
    const found = await store.compare({
      filter: { severity: ["block"] },
      by: "provider",
      sort: "grew",
      limit: 5,
      budgetMs: 1000,
      period,
      before,
    });
    expect(found.rows[0]).toMatchObject({ value: "google", sends: null, change: "grew" });
  });

  test("a provider that calls good addresses unknown is one; a list that is bad everywhere is none", async () => {
    const outage = await filled(bench, [...background(), ...spread(700, NOW - HOUR / 2, HOUR / 4, UNKNOWN)]);
    await usuallySent(outage, { google: 1000, yahoo: 1000 });
    const [opened] = await outage.findIncidents();
    expect(opened?.incident).toMatchObject({ reason: "mailbox_unknown", fault: "recipient", provider: "google" });
    const list = await filled(bench, [
      ...background(),
      ...spread(700, NOW - HOUR / 2, HOUR / 4, UNKNOWN),
      ...spread(600, NOW - HOUR / 2, HOUR / 4, { ...UNKNOWN, provider: "yahoo" }, "y.example"),
    ]);
    await usuallySent(list, { google: 1000, yahoo: 1000 });
    expect(await list.findIncidents()).toEqual([]);
  });

  test("however long the log is, a bounded part of it is read, by a bounded number of statements", async () => {
    const config = bench.config({ suppression: { automatic: false } });
    const store = await openStore(config, { now: () => clock.now });
    const database = await openDatabase(config);
    let statements = 0;
    const read = database.read.withPlugin({
      transformQuery: ({ node }) => {
        statements++;
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    });
    const look = async (rows: number) => {
      statements = 0;
      const counted = { ...database, read, quick: read };
      await findIncidents(counted, config.file.alerts, clock.now, { rows, sample: 200, texts: 20 });
      return statements;
    };
    try {
      await fill(store, background());
      const quiet = await look(300);
      await fill(store, spread(600, NOW - HOUR / 2, HOUR / 4, UNALIGNED));
      const few = await look(300);
      expect(await store.incidents.open()).toMatchObject([
        { count: 601, recipients: { atLeast: true, suppressed: 0 } },
      ]);
      const [{ recipients } = { recipients: { count: 0 } }] = await store.incidents.open();
      expect(recipients.count).toBeLessThanOrEqual(300);
      await fill(store, spread(1500, NOW - HOUR / 5, HOUR / 6, UNALIGNED, "more.example"));
      const many = await look(300);
      expect(quiet).toBeLessThanOrEqual(8);
      expect(few).toBeLessThanOrEqual(25);
      expect(many).toBeLessThanOrEqual(few);
      expect(await store.incidents.open()).toMatchObject([{ count: 2101, recipients: { atLeast: true } }]);
    } finally {
      await store.close();
      await database.close();
    }
  });

  test("an incident stays with its figures when its events expire, over a restart, and without an erased address", async () => {
    const config = { ...bench.config({ suppression: { automatic: false } }), BOUNCED_RETENTION_DAYS: 3 };
    const options = { now: () => clock.now };
    const first = await openStore(config, options);
    await fill(first, [...background(), ...spread(300, NOW - HOUR / 2, HOUR / 4, UNALIGNED)]);
    const [opened] = await first.findIncidents();
    const id = opened?.incident.id ?? "";
    const note = { actor: "token:ann", text: "news@sender.example is <b>not</b> aligned; asked Bob@Help.Example" };
    expect(await first.incidents.addNote(id, note)).toMatchObject({ kind: "note", ...note });
    await expect(first.incidents.addNote(id, { actor: "token:ann", text: " " })).rejects.toThrow("1 to 2000");
    await expect(first.incidents.addNote(id, { actor: "a", text: "x".repeat(2001) })).rejects.toThrow("1 to 2000");
    expect(await first.incidents.addNote("i1-none-none", note)).toBeNull();
    await first.close();

    const store = await openStore(config, options);
    try {
      clock.now = NOW + 3 * HOUR;
      expect((await store.findIncidents()).map(({ kind }) => kind)).toEqual(["cleared"]);
      clock.now = NOW + 5 * DAY;
      expect((await store.retain()).events).toBeGreaterThan(300);
      await store.findIncidents();
      expect(await store.erase("bob@help.example")).toMatchObject({ notes: 1 });
      expect(await store.erase("news@sender.example")).toMatchObject({ notes: 1 });
      const detail = await store.incidents.get(id);
      expect(detail).toMatchObject({ state: "cleared", count: 301, recipients: { count: 301 } });
      expect(JSON.stringify(detail)).not.toMatch(/news@sender|bob@help/i);
      expect(detail?.entries.map(({ kind }) => kind)).toEqual(["opened", "note", "cleared"]);
      clock.now = NOW + 420 * DAY;
      await store.retain();
      expect(await store.incidents.get(id)).toBeNull();
    } finally {
      await store.close();
    }
  });
});
