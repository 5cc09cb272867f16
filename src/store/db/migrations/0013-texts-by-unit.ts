/**
 * On SQLite: text indexes of units (src/store/texts/units.ts). Those of before become the ones of the rest; nothing is
 * copied. What the triggers did is done by whoever changes or deletes an event, who knows its unit.
 */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

export const textsByUnit = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    if (dialect === "postgres") return;
    for (const trigger of ["events_updated", "events_deleted"]) await sql`drop trigger ${sql.ref(trigger)}`.execute(db);
    for (const index of ["recipient_text", "event_text"])
      await sql`alter table ${sql.ref(index)} rename to ${sql.ref(`${index}_rest`)}`.execute(db);
    await sql`create table log_units (starts integer primary key, ends integer not null, since integer not null,
      indexed integer not null, dropped integer not null)`.execute(db);
  },
});
