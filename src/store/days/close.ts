/**
 * A unit whose time is over is written seldom and searched often: its trigrams are no longer put off, and the text of its
 * diagnostics gets an index, which would cost too much while everything is written.
 */
import { sql } from "kysely";
import { cancelledBy } from "../db/cancelled-by.ts";
import type { Database } from "../db/database.ts";
import { SLOTS } from "../db/slots.ts";
import { unitsOf } from "./units.ts";

const HOUR_MS = 3_600_000;
/** What comes late is there by then, for the most part. */
const LATE_MS = HOUR_MS;
/** Another transaction that is open for long, a backup say, can hold an index up: another time then. */
const LONGEST_MS = 10 * 60_000;
const ASK_EVERY_MS = 250;

/** False if `mayGoOn` ended it before all was done. */
export async function closeUnits(database: Database, now: number, mayGoOn: () => boolean): Promise<boolean> {
  const { write } = database;
  for (const { table, to } of await unitsOf(write, "events")) {
    if (to > (now - LATE_MS) * SLOTS) continue;
    if (!(await isOpen(database, table))) continue;
    if (!mayGoOn()) return false;
    for (const index of await trigramIndexes(database, table)) {
      await sql`alter index ${sql.ref(index)} set (fastupdate = off)`.execute(write);
      await sql`select gin_clean_pending_list(${index}::regclass)`.execute(write);
    }
    if (!(await indexDiagnostics(database, table, mayGoOn))) return false;
    await sql`analyze ${sql.table(table)}`.execute(write);
  }
  return true;
}

const indexOf = (table: string): string => `${table}_diagnostic`;

/** No valid index, and none that another process is making. */
async function isOpen({ write }: Database, table: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_index where indexrelid = to_regclass(${indexOf(table)}) and indisvalid
    union all select 1 from pg_stat_progress_create_index where relid = to_regclass(${table})`.execute(write);
  return rows.length === 0;
}

async function trigramIndexes({ write }: Database, table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select index.relname as name from pg_index
    join pg_class as index on index.oid = indexrelid join pg_am on pg_am.oid = index.relam
    where indrelid = to_regclass(${table}) and amname = 'gin' and indisvalid`.execute(write);
  return rows.map(({ name }) => name);
}

/** Beside whoever writes. What an earlier try left unfinished goes first. */
async function indexDiagnostics({ write }: Database, table: string, mayGoOn: () => boolean): Promise<boolean> {
  const index = sql.ref(indexOf(table));
  await sql`drop index if exists ${index}`.execute(write);
  const stopped = new AbortController();
  const until = performance.now() + LONGEST_MS;
  const asking = setInterval(() => {
    if (!mayGoOn() || performance.now() > until) stopped.abort();
  }, ASK_EVERY_MS);
  try {
    await sql`create index concurrently ${index} on ${sql.table(table)} using gin (diagnostic gin_trgm_ops)
      with (fastupdate = off)`.execute(write, cancelledBy(stopped.signal));
    return true;
  } catch (error) {
    if (stopped.signal.aborted) return false;
    throw error;
  } finally {
    clearInterval(asking);
  }
}
