/** Rows of SQLite by unit: a day that is too old is dropped, never deleted; and what the migration makes of a log of before. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { configFileSchema } from "../../../src/config/config-file.ts";
import { openDatabase, type Database } from "../../../src/store/db/database.ts";
import { CUT_TABLES } from "../../../src/store/db/cut-tables.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { prepareJobs } from "../../../src/store/log/record.ts";
import { rowTable } from "../../../src/store/units/rows.ts";
import { allUnitsOf, logUnitsOf, REST } from "../../../src/store/units/units.ts";
import { insertAsOf } from "../insert-as-of.ts";
import { jobOf, makeEvent } from "../make-event.ts";
import { DAY, NOW } from "../on-both.ts";

const KEPT_DAYS = 10;
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function newConfig() {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-drop-"));
  folders.push(dataDir);
  return { dataDir, DATABASE_URL: "", BOUNCED_RETENTION_DAYS: KEPT_DAYS, file: configFileSchema.parse({}) };
}
const at = (time: number, name = "user") => makeEvent({ address: `${name}@example.org`, at: time });
const rowsIn = async ({ write }: Database, table: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(write);
  return rows[0]?.count ?? 0;
};
const tablesLike = async ({ write }: Database, pattern: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`select name from sqlite_schema where name like ${pattern}`.execute(
    write,
  );
  return rows.map(({ name }) => name);
};
const figuresOf = async (store: Store) => [await store.count({}), await store.facets({}, ["severity", "domain"])];

test("a day that is too old is dropped beside writers: no row of it is deleted, and none of another is lost", async () => {
  const config = newConfig();
  const clock = { now: NOW };
  const store = await openStore(config, { now: () => clock.now });
  const database = await openDatabase(config);
  const days = Array.from({ length: 6 }, (_, day) =>
    Array.from({ length: 40 }, (_event, index) => at(NOW - day * DAY, `d${day}-${index}`)),
  );
  await store.record(days.flatMap((events) => events.map((event) => jobOf([event], "raw"))));
  await store.tidy(() => true);
  // A table that is dropped asks no trigger.
  const units = await logUnitsOf(database.write);
  for (const { rows } of units)
    for (const table of CUT_TABLES)
      await sql`create trigger ${sql.ref(`kept_${table}_${rows}`)} before delete on ${sql.table(rowTable(table, rows))}
        begin select raise(abort, 'a row is deleted'); end`.execute(database.write);
  clock.now = NOW + 8 * DAY;
  let written = 0;
  const retained = new AbortController();
  const writer = async () => {
    for (let round = 0; !retained.signal.aborted; round++) {
      // Some of it for days that are about to go: it is deleted like any that has no unit.
      const fresh = Array.from({ length: 20 }, (_, index) => at(clock.now - round, `w${round}-${index}`));
      written += (await store.record([jobOf(fresh)])).events;
    }
  };
  const writing = writer();
  expect(await store.retain()).toEqual({ events: 3 * 40, rawMessages: 3 * 40 });
  clock.now += 15 * 60_000;
  expect(await store.retain()).toEqual({ events: 0, rawMessages: 0 });
  retained.abort();
  await writing;
  expect(await store.count({})).toBe(3 * 40 + written);
  expect(await store.count({ recipient: "d2-" })).toBe(40);
  expect(await store.count({ recipient: "d3-" })).toBe(0);
  for (const { rows, to } of units)
    if (to <= (clock.now - KEPT_DAYS * DAY) * 2048) expect(await tablesLike(database, `%${rows}%`)).toEqual([]);
  const before = await figuresOf(store);
  await store.rebuildRollups();
  expect(await figuresOf(store)).toEqual(before);
  await database.close();
  await store.close();
}, 120_000);

test("messages that are kept for less go with their tables too", async () => {
  const config = { ...newConfig(), file: configFileSchema.parse({ log: { rawDays: 7 } }) };
  const store = await openStore(config, { now: () => NOW });
  const database = await openDatabase(config);
  const events = Array.from({ length: 10 }, (_, day) => at(NOW - day * DAY, `d${day}`));
  await store.record(events.map((event) => jobOf([event], "raw")));
  for (const { rows } of await logUnitsOf(database.write))
    await sql`create trigger ${sql.ref(`kept_${rows}`)} before delete on ${sql.table(rowTable("raw_messages", rows))}
      begin select raise(abort, 'a row is deleted'); end`.execute(database.write);
  expect(await store.retain()).toEqual({ events: 0, rawMessages: 2 });
  expect(await store.retain()).toEqual({ events: 0, rawMessages: 0 });
  expect(await rowsIn(database, "raw_messages")).toBe(8);
  expect(await tablesLike(database, "emptied_%")).toEqual([]);
  expect(await store.get(events[9]?.id ?? "")).toMatchObject({ hasRaw: false });
  expect(await store.raw(events[9]?.id ?? "")).toBeNull();
  expect((await store.raw(events[7]?.id ?? ""))?.toString()).toBe("raw");
  await database.close();
  await store.close();
}, 60_000);

test("a log of before the migration goes on where it is, and its rows leave it as they expire", async () => {
  const config = newConfig();
  const clock = { now: NOW };
  const old = await openDatabase(config, "0016-people");
  const events = Array.from({ length: 3 }, (_, day) => at(NOW - day * DAY, `old${day}`));
  const jobs = events.map((event) => jobOf([event], "raw"));
  await old.write.transaction().execute((tx) => insertAsOf("0016-people", tx, prepareJobs(jobs, NOW)));
  // As that version made it for today, with what it had by then.
  const today = Math.floor(NOW / DAY) * DAY * 2048;
  await sql`insert into log_units (starts, ends, since, indexed, dropped)
    values (${today}, ${today + DAY * 2048}, ${NOW * 2048 + 2048}, ${NOW * 2048 + 2048}, 0)`.execute(old.write);
  for (const [index, columns] of [
    ["recipient_text", "recipient, mailed"],
    ["event_text", "sender, subject, message_id, headers"],
    ["diagnostic_text", "diagnostic"],
  ] as const)
    await sql`create virtual table ${sql.table(`${index}_20260301`)} using fts5 (${sql.raw(columns)}, content = '',
      contentless_delete = 1, tokenize = 'trigram', detail = none)`.execute(old.write);
  await old.close();
  const store = await openStore(config, { now: () => clock.now });
  const database = await openDatabase(config);
  expect(await store.record(jobs)).toMatchObject({ events: 0, known: 3 });
  const fresh = Array.from({ length: 3 }, (_, day) => at(NOW - day * DAY + 5, `new${day}`));
  expect(await store.record(fresh.map((event) => jobOf([event], "raw")))).toMatchObject({ events: 3 });
  await store.tidy(() => true);
  // Today goes on in the rest; the days before had few rows and took them over.
  expect((await logUnitsOf(database.write)).map(({ rows }) => rows)).toEqual(["20260227", "20260228", REST]);
  expect(await rowsIn(database, "events_rest")).toBe(2);
  expect(await store.record([...jobs, jobOf(fresh)])).toMatchObject({ events: 0, known: 6 });
  for (const name of ["old", "new"])
    for (const filter of [{ recipient: name }, { recipient: name, subject: "ring off" }])
      expect([filter, await store.count(filter)]).toEqual([filter, 3]);
  const names: string[] = [];
  for await (const { event } of store.iterate({ diagnostic: "user unk" })) names.push(event.recipient.address ?? "");
  expect(names.map((name) => name.slice(0, 4))).toEqual(["new0", "old0", "new1", "old1", "new2", "old2"]);
  for (const { id } of [...events, ...fresh])
    expect(await store.get(id)).toMatchObject({ hasRaw: true, event: { id } });
  clock.now = NOW + 11 * DAY;
  expect(await store.retain()).toEqual({ events: 6, rawMessages: 6 });
  clock.now += DAY;
  await store.retain();
  expect(await rowsIn(database, "events_rest")).toBe(0);
  expect((await allUnitsOf(database.write)).filter(({ from }) => from <= today)).toEqual([]);
  expect(await tablesLike(database, "%20260301%")).toEqual([]);
  await database.close();
  await store.close();
}, 60_000);
