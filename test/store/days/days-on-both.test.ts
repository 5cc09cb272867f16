/** The log cut by day, on both databases: what is kept, found, counted and dropped around the ends of days. */
import { sql } from "kysely";
import { expect, test } from "vitest";
import { unitsOf } from "../../../src/store/days/units.ts";
import { openDatabase, type Database } from "../../../src/store/db/database.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { SLOTS } from "../../../src/store/db/slots.ts";
import { logUnitsOf } from "../../../src/store/units/units.ts";
import { jobOf, makeEvent } from "../make-event.ts";
import { DAY, NOW, onBoth } from "../on-both.ts";
import { at, expectExactRollups, idsIn, rowsIn } from "./log-contents.ts";

const HOUR = DAY / 24;
const MIDNIGHT = NOW - 12 * HOUR;
const KEPT_DAYS = 10;

interface World {
  readonly store: Store;
  readonly database: Database;
  readonly clock: { now: number };
}

/** First days of those that have tables, of which there is one more on SQLite for each that was made ahead. */
const daysOf = async ({ write, dialect }: Database, before = Infinity): Promise<readonly string[]> => {
  const units = await (dialect === "postgres" ? unitsOf(write, "events") : logUnitsOf(write));
  return units
    .filter(({ from }) => from < before * SLOTS)
    .map(({ from }) => new Date(from / SLOTS).toISOString().slice(0, 10));
};
/** Also those that are no longer part of the log. */
const tablesOf = async ({ write, dialect }: Database, day: string): Promise<readonly unknown[]> => {
  const query =
    dialect === "postgres"
      ? sql`select relname from pg_class where relname like ${`%${day}%`}`
      : sql`select name from sqlite_schema where name like ${`%${day}%`}`;
  return (await query.execute(write)).rows;
};

onBoth(({ config }) => {
  async function inNewLog(work: (world: World) => Promise<void>, file: Record<string, unknown> = {}): Promise<void> {
    const settings = { ...config(file), BOUNCED_RETENTION_DAYS: KEPT_DAYS };
    const clock = { now: NOW };
    const store = await openStore(settings, { now: () => clock.now });
    const database = await openDatabase(settings);
    try {
      await work({ store, database, clock });
    } finally {
      await database.close();
      await store.close();
    }
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
        expect(await daysOf(database)).toEqual(
          Array.from({ length: 8 }, (_, index) => new Date(NOW - (7 - index) * DAY).toISOString().slice(0, 10)),
        );
        expect(await rowsIn(database, "events_rest")).toBe(0);
        clock.now = NOW + 6 * DAY;
        const before = await store.get(events[4]?.id ?? "");
        expect(await store.retain()).toEqual({ events: 3, rawMessages: 3 });
        expect((await daysOf(database))[0]).toBe("2026-02-25");
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
        clock.now += DAY;
        await store.retain();
        expect(await tablesOf(database, "20260222")).toEqual([]);
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
        expect((await daysOf(database)).length).toBe(1);
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
          expect(await rowsIn(database, "raw_messages")).toBe(11);
          await expectExactRollups(world);
        },
        { log: { retentionDays: { delivery: 3 }, rawDays: 7 } },
      ),
    120_000,
  );
});
