/** The text indexes of SQLite by units of days: what the other suites cannot see, which ask both databases the same. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { configFileSchema } from "../../../src/config/config-file.ts";
import { openDatabase, type Database } from "../../../src/store/db/database.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { MOST_PENDING } from "../../../src/store/texts/index-texts.ts";
import { TEXT_INDEXES, textTable } from "../../../src/store/texts/units.ts";
import { allUnitsOf, logUnitsOf } from "../../../src/store/units/units.ts";
import { jobOf, makeEvent } from "../make-event.ts";
import { DAY, NOW } from "../on-both.ts";

const KEPT_DAYS = 10;

interface World {
  readonly store: Store;
  readonly database: Database;
  readonly clock: { now: number };
  readonly config: Parameters<typeof openStore>[0];
}

async function inNewLog(work: (world: World) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-units-"));
  const config = { dataDir, DATABASE_URL: "", BOUNCED_RETENTION_DAYS: KEPT_DAYS, file: configFileSchema.parse({}) };
  const clock = { now: NOW };
  const store = await openStore(config, { now: () => clock.now });
  const database = await openDatabase(config);
  try {
    await work({ store, database, clock, config });
  } finally {
    await database.close();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const at = (time: number, name = "user") => {
  const event = makeEvent({ address: `${name}@example.org`, at: time });
  return { ...event, original: { ...event.original, subject: `greetings to ${name}` } };
};
const saying = (time: number, name: string) => ({
  ...at(time, name),
  diagnostic: { type: "smtp", text: `550 5.1.1 ${name} is unknown here` },
});
const waiting = async ({ write }: Database): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*) as count from events join log_units
    on key >= indexed and key < ends`.execute(write);
  return rows[0]?.count ?? 0;
};
const tablesOf = async ({ write }: Database): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`select name from sqlite_schema where sql like 'create virtual%'`.execute(
    write,
  );
  return rows.map(({ name }) => name).sort();
};
const namesFound = async (store: Store, filter: Parameters<Store["iterate"]>[0]): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const { event } of store.iterate(filter)) names.push(event.recipient.address?.split("@")[0] ?? "");
  return names;
};

test("a part of a text is found wherever its event is, once, in every order", () =>
  inNewLog(async ({ store, database }) => {
    // Before its unit: those of long ago and of the future never have one.
    const times = [NOW - 300 * DAY, NOW - 2 * DAY, NOW - DAY, NOW - 3600_000, NOW, NOW + 30 * DAY];
    await store.record(times.map((time, index) => jobOf([saying(time, `early${index}`)])));
    await store.tidy(() => true);
    expect(await waiting(database)).toBe(0);
    // Late for a unit that is indexed, and new ones that wait.
    await store.record(times.map((time, index) => jobOf([saying(time - 60_000, `late${index}`)])));
    await store.record(times.map((time, index) => jobOf([saying(time + 60_000, `young${index}`)])));
    expect(await waiting(database)).toBe(3);
    const all = times.flatMap((_, index) => [`late${index}`, `early${index}`, `young${index}`]);
    for (const filter of [
      { recipient: "example.org" },
      { subject: "greetings" },
      { diagnostic: "is unknown" },
      { diagnostic: "is unknown", subject: "greetings" },
      { diagnostic: "is unknown", recipient: "@exam" },
    ]) {
      expect(await namesFound(store, { ...filter, direction: "asc" })).toEqual(all);
      expect(await namesFound(store, filter)).toEqual(all.toReversed());
      expect(await namesFound(store, { ...filter, sort: "recipient", direction: "asc" })).toEqual(all.toSorted());
      expect(await store.count(filter)).toBe(18);
      expect(await store.count(filter, 7)).toBe(7);
      const facets = await store.facets(filter, ["severity", "domain"]);
      expect(facets).toEqual({
        severity: [{ value: "hard", count: 18 }],
        domain: [{ value: "example.org", count: 18 }],
      });
      const from = new Date(NOW - DAY).toISOString();
      const to = new Date(NOW + 1).toISOString();
      expect(await namesFound(store, { ...filter, from, to })).toEqual([
        "early4",
        "late4",
        "young3",
        "early3",
        "late3",
        "young2",
        "early2",
      ]);
      let pages = 0;
      const paged: string[] = [];
      for (let cursor: string | undefined; ; pages++) {
        const page = await store.search({ ...filter, limit: 5, cursor });
        paged.push(...page.entries.map(({ event }) => event.recipient.address?.split("@")[0] ?? ""));
        if (page.next === null) break;
        cursor = page.next;
      }
      expect([pages, paged]).toEqual([3, all.toReversed()]);
    }
    expect(await store.count({ diagnostic: "early3" })).toBe(1);
    expect(await store.count({ recipient: "late5" })).toBe(1);
    // Masked or gone, wherever it was.
    for (const [index] of times.entries())
      for (const age of ["early", "late", "young"])
        expect(await store.erase(`${age}${index}@example.org`)).toMatchObject({ events: 1 });
    expect(await store.count({ recipient: "example.org" })).toBe(0);
  }));

test("writing does not leave more events to a search by rows than it may", () =>
  inNewLog(async ({ store, database }) => {
    for (let round = 0; round < 6; round++)
      await store.record([jobOf(Array.from({ length: 1000 }, (_, index) => at(NOW + round, `u${round}-${index}`)))]);
    expect(await waiting(database)).toBeGreaterThan(0);
    expect(await waiting(database)).toBeLessThan(MOST_PENDING);
    expect(await store.count({ recipient: "u0-1" })).toBe(111);
    expect(await store.count({ recipient: "u5-1" })).toBe(111);
    await store.tidy(() => true);
    expect(await waiting(database)).toBe(0);
    expect(await store.count({ recipient: "u5-1" })).toBe(111);
  }));

test("a unit goes when all of it is too old: first out of sight, then with its tables", () =>
  inNewLog(async ({ store, database, clock }) => {
    await store.record(Array.from({ length: 8 }, (_, index) => jobOf([at(NOW - index * DAY, `d${index}`)], "raw")));
    await store.tidy(() => true);
    clock.now = NOW + 6 * DAY;
    expect(await store.retain()).toEqual({ events: 3, rawMessages: 3 });
    expect(await namesFound(store, { subject: "greetings" })).toEqual(["d0", "d1", "d2", "d3", "d4"]);
    const left = (await allUnitsOf(database.write)).filter(({ dropped }) => dropped > 0);
    expect(left.map(({ suffix }) => suffix)).toEqual(["20260222", "20260223", "20260224"]);
    // Mail of a day whose unit is about to be dropped.
    await store.record([jobOf([at(NOW - 6 * DAY, "late")])]);
    expect(await store.count({ recipient: "late" })).toBe(1);
    clock.now += 15 * 60_000;
    expect(await store.retain()).toEqual({ events: 1, rawMessages: 0 });
    const units = await logUnitsOf(database.write);
    expect(units[0]?.suffix).toBe("20260225");
    expect((await allUnitsOf(database.write)).length).toBe(units.length);
    expect(await tablesOf(database)).toEqual(
      [
        "event_text_rest",
        "recipient_text_rest",
        ...units.flatMap(({ suffix }) => TEXT_INDEXES.map((index) => textTable(index, suffix))),
      ].sort(),
    );
  }));
