/**
 * What makes searches faster, while nothing else is to do. SQLite's text indexes: every commit leaves a segment in each, and a search looks into all
 * of them: with a hundred it takes three times as long as with ten. Under load they are merged at 32 of a kind, since
 * that costs the writer least; in between, at four. PostgreSQL: the days that are over get their last index.
 */
import { sql } from "kysely";
import { closeUnits } from "../days/close.ts";
import { readUnread } from "../log/address-marks.ts";
import type { Database } from "../db/database.ts";
import { TEXT_INDEXES } from "../log/text-index.ts";

/** Pages of one step: some 15 ms, in which nothing else is written. */
const PAGES = 100;

export interface Tidier {
  /** Passes the result on. Nothing is merged meanwhile. */
  readonly writes: <Result>(work: Promise<Result>) => Promise<Result>;
  /** Does nothing where nothing was written since it was last done to the end. */
  readonly tidy: (mayGoOn: () => boolean) => Promise<void>;
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
    async tidy(mayGoOn) {
      if (database.dialect === "postgres" && Math.abs(now() - closedAt) >= CLOSE_EVERY_MS) {
        const at = now();
        if (await closeUnits(database, at, mayGoOn)) closedAt = at;
      }
      const upTo = begun;
      if (tidyUpTo === upTo) return;
      const mayStillGoOn = (): boolean => mayGoOn() && writing === 0;
      if ((await mergeTextIndexes(database, mayStillGoOn)) && (await readUnread(database, mayStillGoOn)))
        tidyUpTo = upTo;
    },
  };
}

/** Merges step by step; false if `mayGoOn` ended it before all was done. PostgreSQL does the like by itself. */
async function mergeTextIndexes(database: Database, mayGoOn: () => boolean): Promise<boolean> {
  if (database.dialect === "postgres") return true;
  for (const index of TEXT_INDEXES) {
    do if (!mayGoOn()) return false;
    while (await mergeStep(database, index));
  }
  return true;
}

/** All segments of each index into one, without what was deleted. False if `mayGoOn` ended it before. SQLite only. */
export async function mergeWholly(database: Database, mayGoOn: () => boolean): Promise<boolean> {
  for (const index of TEXT_INDEXES) {
    await mergeStep(database, index, -PAGES);
    do if (!mayGoOn()) return false;
    while (await mergeStep(database, index));
  }
  return true;
}

/**
 * False if there was nothing to merge: FTS5 changes fewer than two rows then. A negative number of pages begins to merge
 * all segments of the index.
 */
async function mergeStep(
  { write }: Database,
  index: (typeof TEXT_INDEXES)[number],
  pages: number = PAGES,
): Promise<boolean> {
  const changes = async (): Promise<number> => {
    const { rows } = await sql<{ changes: number }>`select total_changes() as changes`.execute(write);
    return rows[0]?.changes ?? 0;
  };
  const before = await changes();
  await sql`insert into ${sql.table(index)} (${sql.ref(index)}, rank) values ('merge', ${pages})`.execute(write);
  return (await changes()) - before >= 2;
}
