/**
 * Before a large log is cut by day (0010-by-day.ts) PostgreSQL must know that its keys are below a bound, which takes a
 * reading of each table. Done beforehand, others read and write meanwhile; within the migration they would wait.
 */
import { sql, type Kysely } from "kysely";
import { DAY_KEYS, SLOTS } from "./slots.ts";
import type { Tables } from "./tables.ts";

const TABLES = ["events", "event_bodies", "event_addresses", "raw_messages"] as const;
const DAY_MS = 86_400_000;
/** Below that, the migration is fast enough. */
const LARGE_BYTES = 256 * 1024 * 1024;
const LOCK_MS = 5000;

/** An arbitrary number, ours alone: two processes that start together do it once. */
const LOCK = 8_025_110_324;

/** Does nothing where that is done, or not needed. */
export async function checkRange(
  db: Kysely<Tables>,
  { now = Date.now(), largeBytes = LARGE_BYTES }: { readonly now?: number; readonly largeBytes?: number } = {},
): Promise<void> {
  await db.transaction().execute(async (guard) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(guard);
    if (!(await isNeeded(guard, now, largeBytes))) return;
    await db.transaction().execute((tx) => setBound(tx, now));
    for (const table of TABLES) await sql`alter table ${sql.table(table)} validate constraint before_units`.execute(db);
  });
}

async function isNeeded(db: Kysely<Tables>, now: number, largeBytes: number): Promise<boolean> {
  const { rows } = await sql<{ large: boolean | null; bound: string | null }>`
    select pg_total_relation_size(to_regclass('events')) >= ${largeBytes}
      and to_regclass('events_recorded') is not null and to_regclass('events_before') is null as large,
    (select pg_get_constraintdef(oid) from pg_constraint
      where conname = 'before_units' and convalidated and conrelid = to_regclass('raw_messages')) as bound`.execute(db);
  const bound = Number(/\d{6,}/.exec(rows[0]?.bound ?? "")?.[0] ?? 0);
  return rows[0]?.large === true && bound <= now * SLOTS;
}

/** Holds for what is written from now on. */
async function setBound(tx: Kysely<Tables>, now: number): Promise<void> {
  await sql`select set_config('lock_timeout', ${String(LOCK_MS)}, true)`.execute(tx);
  await sql`lock table ${sql.join(TABLES.map((table) => sql.table(table)))} in access exclusive mode`.execute(tx);
  // Whoever runs an older version beside this one can write until then: one day and more.
  let bound = (Math.floor(now / DAY_MS) + 2) * DAY_KEYS;
  for (const table of TABLES) {
    const { rows } = await sql<{ key: number | null }>`select max(key) as key from ${sql.table(table)}`.execute(tx);
    bound = Math.max(bound, (Math.floor((rows[0]?.key ?? 0) / DAY_KEYS) + 1) * DAY_KEYS);
  }
  for (const table of TABLES) {
    await sql`alter table ${sql.table(table)} drop constraint if exists before_units`.execute(tx);
    await sql`alter table ${sql.table(table)} add constraint before_units
      check (key < ${sql.lit(bound)}) not valid`.execute(tx);
  }
}
