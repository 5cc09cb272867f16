/** What is known of the lists at sending providers, and what must still be changed there. */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

export const sync = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    const [int, text] =
      dialect === "sqlite" ? ([sql`integer`, sql`text`] as const) : ([sql`bigint`, sql`text collate "C"`] as const);
    await sql`create table sync_targets (name ${text} primary key, "cursor" ${text} not null,
      followed_at ${int} not null default 0, compared_at ${int} not null default 0, pushed_at ${int} not null default 0,
      error ${text} not null default '', error_at ${int} not null default 0, paused_until ${int} not null default 0,
      holder ${text} not null default '', held_until ${int} not null default 0)`.execute(db);
    await sql`create table sync_items (target ${text} not null, value ${text} not null, wanted ${text} not null,
      cause ${text} not null, reason ${text} not null, state ${text} not null, attempts ${int} not null,
      error ${text} not null, updated_at ${int} not null, primary key (target, value))`.execute(db);
    await db.schema
      .createIndex("sync_items_due")
      .on("sync_items")
      .columns(["target", "state", "wanted", "updated_at"])
      .execute();
    await db.schema.createIndex("sync_items_value").on("sync_items").columns(["value"]).execute();
  },
});
