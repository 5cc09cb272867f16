/** Searches that somebody saved for all, with the alert and the weekly mail that each may have. */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

export const savedViews = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    const [int, text] =
      dialect === "sqlite" ? ([sql`integer`, sql`text`] as const) : ([sql`bigint`, sql`text collate "C"`] as const);
    await sql`create table saved_views (id ${text} primary key, name ${text} not null unique, page ${text} not null,
      query ${text} not null, actor ${text} not null, created_at ${int} not null, updated_at ${int} not null,
      alert ${text} not null default '', alert_open ${text} not null default '', alert_seen_at ${int} not null default 0,
      mail ${text} not null default '', mail_due ${int} not null default 0, mail_next_at ${int} not null default 0,
      mail_sent_at ${int} not null default 0, mail_failures ${int} not null default 0,
      mail_error ${text} not null default '')`.execute(db);
  },
});
