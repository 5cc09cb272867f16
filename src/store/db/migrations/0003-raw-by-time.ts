/**
 * Kept messages in order of receipt. An index by digest is a page of its own for every message, in random order: a fifth
 * of all that writing an event brought to the disk.
 */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

const SLOTS = sql.lit(2048);

export const rawByTime = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    const [int, text, blob] =
      dialect === "sqlite"
        ? ([sql`integer`, sql`text`, sql`blob`] as const)
        : ([sql`bigint`, sql`text collate "C"`, sql`bytea`] as const);
    await db.schema
      .createTable("raw_by_time")
      .addColumn("key", int, (column) => column.primaryKey())
      .addColumn("sha256", text, (column) => column.notNull())
      .addColumn("raw", blob, (column) => column.notNull())
      .execute();
    // The first free key from the instant on: greater than the one before, in a single pass.
    await sql`insert into raw_by_time (key, sha256, raw)
      select place + max(first - place) over (order by place), raw_messages.sha256, raw_messages.raw
      from (select sha256, received_at * ${SLOTS} as first, row_number() over (order by received_at, sha256) as place from raw_messages) as placed
      join raw_messages on raw_messages.sha256 = placed.sha256`.execute(db);
    await db.schema.dropTable("raw_messages").execute();
    await db.schema.alterTable("raw_by_time").renameTo("raw_messages").execute();
  },
});
