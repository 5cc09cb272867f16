/** Deliveries, failures and delays of an hour, as numbers: by provider alone, and by one further dimension each. */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

export const tallies = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    const [int, text] =
      dialect === "sqlite" ? ([sql`integer`, sql`text`] as const) : ([sql`bigint`, sql`text collate "C"`] as const);
    // By dimension first: each of them is a run of its own in the index. PostgreSQL changes a count in place where its
    // page has room.
    const ending = dialect === "sqlite" ? sql`without rowid` : sql`with (fillfactor = 70)`;
    await sql`create table tallies (dimension ${text} not null, hour ${int} not null, value ${text} not null,
      provider ${text} not null, delivered ${int} not null, failed ${int} not null, delayed ${int} not null,
      primary key (dimension, hour, value, provider)) ${ending}`.execute(db);
    await sql`create index tallies_by_value on tallies (dimension, value, hour)`.execute(db);
  },
});
