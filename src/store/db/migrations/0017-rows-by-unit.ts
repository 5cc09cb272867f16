/**
 * On SQLite: tables for the rows of units (src/store/units). The tables of before become those of the rest, as they are:
 * nothing is copied, and units that were there go on in them.
 */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

const TABLES = ["events", "event_bodies", "event_addresses", "raw_messages"] as const;

export const rowsByUnit = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    if (dialect === "postgres") return;
    await sql`alter table log_units add column has_rows integer not null default 0`.execute(db);
    await sql`create table log_ids (starts integer primary key, ends integer not null)`.execute(db);
    await sql`create table event_ids_none (id blob primary key, key integer not null) without rowid`.execute(db);
    await sql`create view event_ids as select * from event_ids_none`.execute(db);
    for (const table of TABLES) {
      await sql`alter table ${sql.table(table)} rename to ${sql.table(`${table}_rest`)}`.execute(db);
      await sql`create view ${sql.table(table)} as select * from ${sql.table(`${table}_rest`)}`.execute(db);
    }
  },
});
