/** Incidents, which outlive the events that made them, and what happened to each. */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

export const incidents = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    const [int, text, serial] =
      dialect === "sqlite"
        ? ([sql`integer`, sql`text`, sql`integer`] as const)
        : ([sql`bigint`, sql`text collate "C"`, sql`bigserial`] as const);
    await sql`create table incidents (id ${text} primary key, state ${text} not null, cause ${text} not null,
      open_cause ${text} unique, opened_at ${int} not null, cleared_at ${int} not null, updated_at ${int} not null,
      body ${text} not null)`.execute(db);
    await db.schema.createIndex("incidents_opened_at").on("incidents").columns(["opened_at", "id"]).execute();
    await db.schema.createIndex("incidents_cleared_at").on("incidents").columns(["cleared_at"]).execute();
    await sql`create table incident_entries (id ${serial} primary key, incident ${text} not null, at ${int} not null,
      kind ${text} not null, actor ${text} not null, text ${text} not null)`.execute(db);
    await db.schema
      .createIndex("incident_entries_incident")
      .on("incident_entries")
      .columns(["incident", "id"])
      .execute();
  },
});
