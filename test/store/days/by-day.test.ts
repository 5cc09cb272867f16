/** The log on PostgreSQL, cut by day: what the other suites cannot see, which ask both databases the same. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configFileSchema } from "../../../src/config/config-file.ts";
import { unitsOf } from "../../../src/store/days/units.ts";
import { openDatabase, type Database } from "../../../src/store/db/database.ts";
import { openStore, type Store, type StoreConfig } from "../../../src/store/store.ts";
import { SLOTS } from "../../../src/store/db/slots.ts";
import { jobOf, makeEvent } from "../make-event.ts";
import { DAY, NOW } from "../on-both.ts";
import { sharedPostgres, type SharedPostgres } from "../postgres.ts";

const HOUR = DAY / 24;
const MIDNIGHT = NOW - 12 * HOUR;
const KEPT_DAYS = 10;

let postgres: SharedPostgres;
beforeAll(async () => (postgres = await sharedPostgres()));
afterAll(() => postgres.stop());

interface World {
  readonly store: Store;
  readonly database: Database;
  readonly config: StoreConfig;
  readonly clock: { now: number };
}

async function inNewLog(work: (world: World) => Promise<void>, file: Record<string, unknown> = {}): Promise<void> {
  const config = {
    dataDir: "",
    DATABASE_URL: postgres.createMigrated(),
    BOUNCED_RETENTION_DAYS: KEPT_DAYS,
    file: configFileSchema.parse(file),
  };
  const clock = { now: NOW };
  const store = await openStore(config, { now: () => clock.now });
  const database = await openDatabase(config);
  try {
    await work({ store, database, config, clock });
  } finally {
    await database.close();
    await store.close();
  }
}

const at = (time: number, name = "user") => makeEvent({ address: `${name}@example.org`, at: time });
const rowsIn = async ({ write }: Database, table: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(write);
  return rows[0]?.count ?? 0;
};
const idsIn = async (store: Store): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { event } of store.iterate({})) ids.push(event.id);
  return ids.sort();
};
const rollupsOf = async ({ write }: Database) => {
  const hours = await sql`select * from rollup_hours where count <> 0 order by 1, 2, 3, 4, 5, 6, 7`.execute(write);
  const days = await sql`select * from rollup_days where count <> 0 order by 1, 2, 3, 4, 5, 6`.execute(write);
  return [hours.rows, days.rows];
};
async function expectExactRollups({ store, database }: World): Promise<void> {
  const before = await rollupsOf(database);
  await store.rebuildRollups();
  expect(before).toEqual(await rollupsOf(database));
}

test(
  "each day has a unit, and an event is recorded once, also after its day was dropped",
  () =>
    inNewLog(async (world) => {
      const { store, database, clock } = world;
      const events = Array.from({ length: 8 }, (_, index) => at(NOW - index * DAY, `u${index}`));
      const jobs = events.map((event) => jobOf([event], "raw"));
      expect(await store.record(jobs)).toMatchObject({ events: 8, known: 0 });
      expect(await store.record([...jobs, jobOf(events)])).toMatchObject({ events: 0, known: 8 });
      expect((await unitsOf(database.write, "events")).map(({ table }) => table)).toEqual(
        Array.from({ length: 8 }, (_, index) => `events_202602${22 + index}`).map((name) =>
          name === "events_20260229" ? "events_20260301" : name,
        ),
      );
      expect(await rowsIn(database, "events_rest")).toBe(0);
      clock.now = NOW + 6 * DAY;
      const before = await store.get(events[4]?.id ?? "");
      expect(await store.retain()).toEqual({ events: 3, rawMessages: 3 });
      expect((await unitsOf(database.write, "events"))[0]?.table).toBe("events_20260225");
      expect(await store.get(events[7]?.id ?? "")).toBeNull();
      expect(await store.raw(events[7]?.id ?? "")).toBeNull();
      expect(await store.get(events[4]?.id ?? "")).toEqual(before);
      expect(await store.record(jobs)).toMatchObject({ events: 0, known: 8 });
      expect(await store.count({})).toBe(5);
      await expectExactRollups(world);
      // So long after, an id is forgotten: the event is a new one, and expired at once.
      clock.now = NOW + 30 * DAY;
      expect(await store.retain()).toMatchObject({ events: 5 });
      expect(await rowsIn(database, "event_ids")).toBe(0);
      expect(await store.record(jobs.slice(0, 1))).toMatchObject({ events: 1 });
      expect(await rowsIn(database, "events_rest")).toBe(1);
      expect(await store.retain()).toEqual({ events: 1, rawMessages: 1 });
      await expectExactRollups(world);
      const left = await sql`select relname from pg_class where relname like 'dropped%'`.execute(database.write);
      expect(left.rows).toEqual([]);
    }),
  120_000,
);

test(
  "events around midnight are counted where they were received, whichever day is dropped",
  () =>
    inNewLog(async (world) => {
      const { store, clock } = world;
      // More of one instant than it has keys: the last of them lie in the next day.
      const last = Array.from({ length: SLOTS + 300 }, (_, index) => at(MIDNIGHT - 1, `u${index}`));
      await store.record([jobOf(last), jobOf([at(MIDNIGHT)]), jobOf([at(MIDNIGHT - DAY)])]);
      clock.now = MIDNIGHT + KEPT_DAYS * DAY;
      expect((await store.retain()).events).toBeGreaterThan(SLOTS / 2);
      const spilled = await store.count({});
      expect(spilled).toBeGreaterThan(1);
      expect(await store.count({ to: new Date(MIDNIGHT).toISOString() })).toBe(spilled - 1);
      await expectExactRollups(world);
      clock.now += DAY;
      expect(await store.retain()).toEqual({ events: spilled, rawMessages: 0 });
      expect(await store.count({})).toBe(0);
      await expectExactRollups(world);
    }),
  120_000,
);

test(
  "dates of long ago and of the future are kept, found, and expire",
  () =>
    inNewLog(async (world) => {
      const { store, database, clock } = world;
      const events = [0, NOW - 400 * DAY, NOW - 1, NOW + 30 * DAY, Date.UTC(2105, 0, 1)].map((time) => at(time));
      await store.record(events.map((event) => jobOf([event], "raw")));
      expect(await rowsIn(database, "events_rest")).toBe(4);
      expect((await unitsOf(database.write, "events")).length).toBe(1);
      for (const { id } of events) expect(await store.get(id)).toMatchObject({ hasRaw: true, event: { id } });
      const times = events.map(({ message }) => message.receivedAt);
      const page = await store.search({});
      expect(page.entries.map(({ event }) => event.message.receivedAt)).toEqual(times.toReversed());
      expect(await store.retain()).toEqual({ events: 2, rawMessages: 2 });
      // The future has come: its day takes over what waited for it.
      clock.now = NOW + 29 * DAY;
      await store.retain();
      expect(await rowsIn(database, "events_rest")).toBe(1);
      expect(await idsIn(store)).toEqual([events[3]?.id ?? "", events[4]?.id ?? ""].sort());
      await expectExactRollups(world);
    }),
  120_000,
);

test(
  "a day that cannot be made keeps nobody from recording, and is made later",
  () =>
    inNewLog(async (world) => {
      const { store, database, config } = world;
      const events = Array.from({ length: 20 }, (_, index) => at(NOW - (index % 2) * DAY, `u${index}`));
      await database.write.transaction().execute(async (reader) => {
        await sql`select count(*) from events_rest`.execute(reader);
        await store.record([jobOf(events.slice(0, 10), "raw")]);
        expect(await rowsIn(database, "events_rest")).toBe(10);
      });
      const other = await openStore(config, { now: () => NOW });
      expect(await other.record([jobOf(events, "raw")])).toMatchObject({ events: 10, known: 10 });
      await other.close();
      for (const table of ["events_rest", "event_bodies_rest", "event_addresses_rest", "raw_messages_rest"])
        expect([table, await rowsIn(database, table)]).toEqual([table, 0]);
      expect(await store.count({ recipient: "u1" })).toBe(11);
      expect((await idsIn(store)).length).toBe(20);
      await expectExactRollups(world);
    }),
  120_000,
);

test(
  "days are dropped beside writers, late mail for them, and a long search; no count is wrong",
  () =>
    inNewLog(async (world) => {
      const { store, database, config, clock } = world;
      const other = await openStore(config, { now: () => clock.now });
      const old = Array.from({ length: 60 }, (_, index) => at(NOW - (index % 6) * DAY, `old${index}`));
      await store.record(old.map((event) => jobOf([event], "raw")));
      clock.now = NOW + 7 * DAY;
      let written = 0;
      const dropped = new AbortController();
      // Half of it late, for the days that are dropped meanwhile.
      const writer = async (name: string, to: Store) => {
        for (let round = 0; !dropped.signal.aborted; round++) {
          const events = Array.from({ length: 10 }, (_, index) =>
            at(index % 2 ? clock.now - round : NOW - ((index + round) % 6) * DAY, `${name}${round}-${index}`),
          );
          const recorded = await to.record([jobOf(events)]);
          written += recorded.events;
        }
      };
      const search = database.write.transaction().execute(async (reader) => {
        await sql`select count(*) from events`.execute(reader);
        await new Promise((resolve) => setTimeout(resolve, 1500));
      });
      const writers = [writer("a", store), writer("b", other)];
      const retained = await store.retain();
      await search;
      const again = await other.retain();
      dropped.abort();
      await Promise.all(writers);
      const last = await store.retain();
      const gone = retained.events + again.events + last.events;
      expect(gone).toBeGreaterThanOrEqual(30);
      expect((await unitsOf(database.write, "events"))[0]?.from).toBeGreaterThanOrEqual((clock.now - 11 * DAY) * SLOTS);
      expect(await store.count({})).toBe(old.length + written - gone);
      expect((await idsIn(store)).length).toBe(old.length + written - gone);
      await expectExactRollups(world);
      await other.close();
    }),
  120_000,
);

test(
  "kinds that are kept for less, and messages, go before their day is dropped",
  () =>
    inNewLog(
      async (world) => {
        const { store, database } = world;
        const delivery = { kind: "delivery", severity: "info", reason: "delivered" } as const;
        const bounces = Array.from({ length: 9 }, (_, index) => at(NOW - index * DAY, `b${index}`));
        const deliveries = bounces.map((_, index) =>
          makeEvent({ address: `d${index}@example.org`, at: NOW - index * DAY - HOUR, ...delivery }),
        );
        await store.record([...bounces, ...deliveries].map((event) => jobOf([event], "raw")));
        expect(await store.retain()).toEqual({ events: 6, rawMessages: 7 });
        expect(await store.count({ kind: ["delivery"] })).toBe(3);
        expect(await store.count({})).toBe(12);
        const raw = (await unitsOf(database.write, "raw_messages")).length;
        expect((await unitsOf(database.write, "events")).length - raw).toBe(1);
        await expectExactRollups(world);
      },
      { log: { retentionDays: { delivery: 3 }, rawDays: 7 } },
    ),
  120_000,
);

test(
  "a day that is over gets an index of its diagnostics, once, and is searched as before",
  () =>
    inNewLog(async (world) => {
      const { store, database, clock } = world;
      const text = (index: number) => ({ type: "smtp", text: `550 5.7.1 ticket ${index % 5}x${index}` }) as const;
      const events = Array.from({ length: 50 }, (_, index) =>
        makeEvent({ address: `u${index}@example.org`, at: NOW - (index % 2) * DAY, diagnostic: text(index) }),
      );
      await store.record([jobOf(events)]);
      const found = await store.search({ diagnostic: "ticket 3x" });
      clock.now = MIDNIGHT + DAY + HOUR / 2;
      await store.tidy(() => true);
      const indexed = async () => {
        const { rows } = await sql<{ table: string }>`select tablename as table from pg_indexes
        where indexdef like '%(diagnostic gin_trgm_ops)%' order by 1`.execute(database.write);
        return rows.map(({ table }) => table);
      };
      expect(await indexed()).toEqual(["events_20260228"]);
      // One that was left unfinished is made anew.
      await sql`update pg_index set indisvalid = false where indexrelid = 'events_20260228_diagnostic'::regclass`.execute(
        database.write,
      );
      clock.now = MIDNIGHT + DAY + 2 * HOUR;
      await store.tidy(() => true);
      expect(await indexed()).toEqual(["events_20260228", "events_20260301"]);
      const { rows } = await sql`select 1 from pg_index where not indisvalid`.execute(database.write);
      expect(rows).toEqual([]);
      expect(await store.search({ diagnostic: "ticket 3x" })).toEqual(found);
      expect(found.entries.length).toBe(10);
    }),
  120_000,
);
