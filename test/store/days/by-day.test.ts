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
import { at, expectExactRollups, idsIn, rowsIn } from "./log-contents.ts";

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
