/**
 * On PostgreSQL: digests of an event's addresses beside its id (src/store/days/event-ids.ts). An address is in few of the
 * days, and each day that is asked for it costs a third of a millisecond.
 */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

/** As `digestOfAddress` in event-ids.ts. */
const digest = (column: string) =>
  sql`('x' || encode(substr(sha256(convert_to(${sql.ref(column)}, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint`;

export const addressesOfIds = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    if (dialect === "sqlite") return;
    await sql`alter table event_ids add column mailed bigint, add column forwarded bigint`.execute(db);
    // What is before the units has no ids, and indexes of its own.
    await sql`update event_ids set mailed = ${digest("events.mailed")},
      forwarded = case when events.recipient <> events.mailed then ${digest("events.recipient")} end
      from events where events.key = event_ids.key`.execute(db);
    await sql`create index event_ids_mailed on event_ids (mailed, key)`.execute(db);
    await sql`create index event_ids_forwarded on event_ids (forwarded, key) where forwarded is not null`.execute(db);
  },
});
