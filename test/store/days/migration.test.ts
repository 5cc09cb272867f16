/** A log of before the days, on PostgreSQL: brought forward while an older version goes on writing, and until it has expired. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configFileSchema } from "../../../src/config/config-file.ts";
import type { BouncedEvent } from "../../../src/event/event.ts";
import { checkRange } from "../../../src/store/db/check-range.ts";
import { openDatabase } from "../../../src/store/db/database.ts";
import { prepareJobs } from "../../../src/store/log/record.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { insertAsOf } from "../insert-as-of.ts";
import { jobOf, makeEvent } from "../make-event.ts";
import { DAY, NOW } from "../on-both.ts";
import { sharedPostgres, type SharedPostgres } from "../postgres.ts";

const BEFORE = "0007-recorded-order";

let postgres: SharedPostgres;
beforeAll(async () => (postgres = await sharedPostgres()));
afterAll(() => postgres.stop());

const eventAt = (time: number, name: string) => makeEvent({ address: `${name}@example.org`, at: time });
const jobsOf = (events: readonly BouncedEvent[]) => events.map((event) => jobOf([event], "the message"));
const answersOf = async (store: Store) => [
  (await store.search({ limit: 500 })).entries.map(({ event }) => event.id).sort(),
  await store.count({ recipient: "old1" }),
  await store.count({ diagnostic: "user unk", from: new Date(NOW - 3 * DAY).toISOString() }),
  await store.facets({}, ["severity", "domain"]),
];

test.each([
  ["at once", false],
  ["after its range was checked", true],
] as const)(
  "%s",
  async (_how, isChecked) => {
    const config = {
      dataDir: "",
      DATABASE_URL: postgres.createDatabase(),
      BOUNCED_RETENTION_DAYS: 10,
      file: configFileSchema.parse({}),
    };
    const old = await openDatabase(config, BEFORE);
    const first = Array.from({ length: 60 }, (_, index) => eventAt(NOW - (index % 9) * DAY, `old${index}`));
    const write = (events: typeof first) =>
      old.write.transaction().execute((tx) => insertAsOf(BEFORE, tx, prepareJobs(jobsOf(events), NOW)));
    await write(first);
    if (isChecked) {
      await checkRange(old.write, { now: NOW, largeBytes: 0 });
      // Once more is no harm: two processes may start together.
      await checkRange(old.write, { now: NOW, largeBytes: 0 });
      const { rows } = await sql`select conrelid::regclass::text as name from pg_constraint
      where conname = 'before_units' and convalidated`.execute(old.write);
      expect(rows).toHaveLength(4);
    }
    const clock = { now: NOW };
    const migrated = new AbortController();
    const beside: typeof first = [];
    const writing = (async () => {
      for (let round = 0; !migrated.signal.aborted || round < 5; round++) {
        const event = eventAt(NOW - (round % 4) * 1000 - round, `beside${round}`);
        await write([event]);
        beside.push(event);
      }
    })();
    const [store, other] = await Promise.all([
      openStore(config, { now: () => clock.now }),
      openStore(config, { now: () => clock.now }),
    ]);
    migrated.abort();
    await writing;
    await old.close();
    const events = [...first, ...beside];
    const isKnown = { events: 0, known: events.length };
    expect(await store.record(jobsOf(events))).toMatchObject(isKnown);
    const fresh = [eventAt(NOW - DAY, "new1"), eventAt(NOW + 3 * DAY, "new2")];
    expect(await other.record(fresh.map((event) => jobOf([event], "new")))).toMatchObject({ events: 2 });
    expect(await store.count({})).toBe(events.length + 2);
    for (const { id } of [first[0], first[59], beside[0], ...fresh].flatMap((event) => event ?? [])) {
      expect(await store.get(id)).toMatchObject({ event: { id } });
      expect(await store.raw(id)).not.toBeNull();
    }
    const database = await openDatabase(config);
    const { rows: indexes } = await sql<{ name: string }>`select indexrelid::regclass::text as name from pg_index
    where indrelid = 'events_before'::regclass and indexrelid not in (select inhrelid from pg_inherits)`.execute(
      database.write,
    );
    // Each of its indexes serves the log that is cut by day, but for the one of its ids.
    expect(indexes.map(({ name }) => name)).toEqual(["events_id_before"]);
    const answers = await answersOf(store);
    await store.rebuildRollups();
    expect(await answersOf(store)).toEqual(answers);
    expect(await store.erase("old1@example.org")).toMatchObject({ events: 1 });
    expect(await store.get(first[1]?.id ?? "")).toBeNull();
    // Row by row, until all of it is too old; then the space is given back.
    clock.now = NOW + 3 * DAY;
    const retained = await store.retain();
    expect(retained.events).toBeGreaterThan(0);
    expect(await store.count({})).toBe(events.length + 2 - 1 - retained.events);
    clock.now = NOW + 13 * DAY + 1;
    await store.retain();
    expect(await store.search({})).toMatchObject({ entries: [{ event: { id: fresh[1]?.id } }] });
    const { rows: sizes } = await sql<{ bytes: number }>`select pg_relation_size('events_before') as bytes`.execute(
      database.write,
    );
    expect(sizes).toEqual([{ bytes: 0 }]);
    expect(await store.record([jobOf([eventAt(NOW - 5 * DAY, "late")])])).toMatchObject({ events: 1 });
    await database.close();
    await other.close();
    await store.close();
  },
  120_000,
);
