/**
 * What makes searches faster, while nothing else is to do. SQLite's text indexes: every commit leaves a segment in each, and a search looks into all
 * of them: with a hundred it takes three times as long as with ten. Under load they are merged at 32 of a kind, since
 * that costs the writer least; in between, at four. PostgreSQL: the days that are over get their last index.
 */
import { sql } from "kysely";
import { closeUnits } from "../days/close.ts";
import { readUnread } from "../log/address-marks.ts";
import type { Database } from "../db/database.ts";
import { indexWaiting } from "../texts/index-texts.ts";
import { isWithin } from "../db/key-span.ts";
import { REST_INDEXES, TEXT_INDEXES, textTable } from "../texts/units.ts";
import { logUnitsOf, REST, type LogUnit } from "../units/units.ts";

/** Pages of one step: some 15 ms, in which nothing else is written. */
const PAGES = 100;

export interface Tidier {
  /** Passes the result on. Nothing is merged meanwhile. */
  readonly writes: <Result>(work: Promise<Result>) => Promise<Result>;
  /** Does nothing where nothing was written since it was last done to the end. */
  readonly tidy: (mayGoOn: () => boolean) => Promise<void>;
  /** Whether anything else is written than what asks. */
  readonly isBusy: () => boolean;
}

/** A day is over once a day. */
const CLOSE_EVERY_MS = 10 * 60_000;

/** `now`: the clock, in ms. */
export function tidierOf(database: Database, now: () => number): Tidier {
  let writing = 0;
  let begun = 0;
  let tidyUpTo = -1;
  let closedAt = -Infinity;
  return {
    writes(work) {
      writing++;
      begun++;
      return work.finally(() => writing--);
    },
    isBusy: () => writing > 1,
    async tidy(mayGoOn) {
      if (database.dialect === "postgres" && Math.abs(now() - closedAt) >= CLOSE_EVERY_MS) {
        const at = now();
        if (await closeUnits(database, at, mayGoOn)) closedAt = at;
      }
      const upTo = begun;
      if (tidyUpTo === upTo) return;
      const mayStillGoOn = (): boolean => mayGoOn() && writing === 0;
      const steps = [tidyTexts, readUnread];
      for (const step of steps) if (!(await step(database, mayStillGoOn))) return;
      tidyUpTo = upTo;
    },
  };
}

/** Step by step; false if `mayGoOn` ended it before all was done. PostgreSQL does the like by itself. */
async function tidyTexts(database: Database, mayGoOn: () => boolean): Promise<boolean> {
  if (database.dialect === "postgres") return true;
  return (await indexWaiting(database, mayGoOn)) && mergeAll(database, await textTables(database), mayGoOn);
}

/**
 * All segments of each index that has had these events into one, without what was deleted. False if `mayGoOn` ended it
 * before. SQLite only.
 */
export async function mergeWholly(
  database: Database,
  keys: readonly number[],
  mayGoOn: () => boolean,
): Promise<boolean> {
  const tables = await textTables(database, (unit) => keys.some((key) => isWithin(key, unit)));
  for (const table of tables) await mergeStep(database, table, -PAGES);
  return mergeAll(database, tables, mayGoOn);
}

async function mergeAll(database: Database, tables: readonly string[], mayGoOn: () => boolean): Promise<boolean> {
  for (const table of tables) {
    do if (!mayGoOn()) return false;
    while (await mergeStep(database, table));
  }
  return true;
}

async function textTables(
  { write }: Database,
  isWanted: (unit: LogUnit) => boolean = () => true,
): Promise<readonly string[]> {
  const units = (await logUnitsOf(write)).filter(isWanted);
  return [
    ...REST_INDEXES.map((index) => textTable(index, REST)),
    ...units.flatMap(({ suffix }) => TEXT_INDEXES.map((index) => textTable(index, suffix))),
  ];
}

/**
 * False if there was nothing to merge: FTS5 changes fewer than two rows then. A negative number of pages begins to merge
 * all segments of the index.
 */
async function mergeStep({ write }: Database, index: string, pages: number = PAGES): Promise<boolean> {
  const changes = async (): Promise<number> => {
    const { rows } = await sql<{ changes: number }>`select total_changes() as changes`.execute(write);
    return rows[0]?.changes ?? 0;
  };
  const before = await changes();
  await sql`insert into ${sql.table(index)} (${sql.ref(index)}, rank) values ('merge', ${pages})`.execute(write);
  return (await changes()) - before >= 2;
}
