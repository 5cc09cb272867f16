/** People who signed in with the identity provider. Issuer and subject name one; everything else may change. */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

export const people = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    const [int, text] =
      dialect === "sqlite" ? ([sql`integer`, sql`text`] as const) : ([sql`bigint`, sql`text collate "C"`] as const);
    await sql`create table people (id ${text} primary key, issuer ${text} not null, sub ${text} not null,
      name ${text} not null, email ${text} not null, email_verified ${int} not null, role ${text} not null,
      may_export ${int} not null, epoch ${int} not null, first_at ${int} not null, last_at ${int} not null,
      address ${text} not null, revoked_at ${int} not null, revoked_by ${text} not null,
      unique (issuer, sub))`.execute(db);
  },
});
