/**
 * On PostgreSQL: the tables of the log cut by time of receipt (src/store/days/units.ts). The tables of before become one
 * partition each, with the indexes that they have; nothing is copied. Where the range of their keys was checked beforehand
 * (src/store/db/check-range.ts) that takes milliseconds, else one reading of each table.
 */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

const TABLES = ["events", "event_bodies", "event_addresses", "raw_messages"] as const;
const DAY_KEYS = 86_400_000 * 2048;

export const byDay = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    if (dialect === "sqlite") return;
    await sql`create table event_ids (id uuid primary key, key bigint not null, recorded_at bigint not null)`.execute(
      db,
    );
    // Written at its end, read by retention alone.
    await sql`create index event_ids_recorded on event_ids using brin (recorded_at)`.execute(db);
    const checked = await checkedEnd(db);
    const bound = sql.lit(checked ?? (await endOfLog(db)));
    for (const table of TABLES) {
      const [parent, before, rest] = [sql.table(table), sql.table(`${table}_before`), sql.table(`${table}_rest`)];
      const { rows: indexes } = await sql<{ name: string; definition: string; isUnique: boolean }>`
        select relname as name, pg_get_indexdef(indexrelid) as definition, indisunique as "isUnique"
        from pg_index join pg_class on pg_class.oid = indexrelid where indrelid = ${table}::regclass`.execute(db);
      for (const { name } of indexes)
        await sql`alter index ${sql.ref(name)} rename to ${sql.ref(`${name}_before`)}`.execute(db);
      await sql`alter table ${parent} rename to ${before}`.execute(db);
      if (checked === null)
        await sql`alter table ${before} add constraint before_units check (key < ${bound})`.execute(db);
      await sql`create table ${parent} (like ${before} including defaults including storage, primary key (key))
        partition by range (key)`.execute(db);
      // What is written at present puts its trigrams off; a unit that is complete does not (src/store/days/close.ts).
      for (const { definition, isUnique } of indexes)
        if (!isUnique) await sql.raw(definition.replace(/ WITH \(fastupdate='?off'?\)/, "")).execute(db);
      await sql`create table ${rest} partition of ${parent} default`.execute(db);
      await sql`alter table ${parent} attach partition ${before} for values from (minvalue) to (${bound})`.execute(db);
    }
  },
});

/** Of the range that was checked beforehand. */
async function checkedEnd(db: Kysely<unknown>): Promise<number | null> {
  const { rows } = await sql<{ definition: string }>`select pg_get_constraintdef(oid) as definition
    from pg_constraint where conname = 'before_units' and conrelid = 'events'::regclass`.execute(db);
  const end = /\d{6,}/.exec(rows[0]?.definition ?? "")?.[0];
  return end === undefined ? null : Number(end);
}

/** The day after the newest key, 0 if there is none. */
async function endOfLog(db: Kysely<unknown>): Promise<number> {
  let end = 0;
  for (const table of TABLES) {
    const { rows } = await sql<{ key: number | null }>`select max(key) as key from ${sql.table(table)}`.execute(db);
    const key = rows[0]?.key ?? null;
    if (key !== null) end = Math.max(end, (Math.floor(key / DAY_KEYS) + 1) * DAY_KEYS);
  }
  return end;
}
