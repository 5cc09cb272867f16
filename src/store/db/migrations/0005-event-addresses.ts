/** Which addresses an event names, for erasing. Events from before have no row: erasing reads them. */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

export const eventAddresses = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("event_addresses")
      .addColumn("key", dialect === "sqlite" ? sql`integer` : sql`bigint`, (column) => column.primaryKey())
      .addColumn("hashes", dialect === "sqlite" ? sql`blob` : sql`bytea`, (column) => column.notNull())
      .addColumn("unread", dialect === "sqlite" ? sql`integer` : sql`smallint`, (column) => column.notNull())
      .execute();
    await sql`create index event_addresses_unread on event_addresses (key) where unread = 1`.execute(db);
  },
});
