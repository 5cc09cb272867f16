/** Who did what. A trigger refuses to change it; an erasure may mask what was done to whom, and an outcome is set once. */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { DialectName } from "../tables.ts";

const FIXED = sql`at, action, actor, actor_id, address, request_id`;
const WORDS = "the audit log cannot be edited";

export const audit = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    const [id, int, text] =
      dialect === "sqlite"
        ? ([sql`integer primary key autoincrement`, sql`integer`, sql`text`] as const)
        : ([sql`bigserial primary key`, sql`bigint`, sql`text collate "C"`] as const);
    await sql`create table audit (id ${id}, at ${int} not null, action ${text} not null, actor ${text} not null,
      actor_id ${text} not null, target ${text} not null, detail ${text} not null, address ${text} not null,
      request_id ${text} not null, outcome ${text} not null)`.execute(db);
    await db.schema.createIndex("audit_at").on("audit").column("at").execute();
    await db.schema.createIndex("audit_action").on("audit").columns(["action", "id"]).execute();
    if (dialect === "sqlite") {
      await sql`create trigger audit_fixed before update of ${FIXED} on audit
        begin select raise(abort, ${sql.lit(WORDS)}); end`.execute(db);
      await sql`create trigger audit_ended before update of outcome on audit when old.outcome <> 'begun'
        begin select raise(abort, ${sql.lit(WORDS)}); end`.execute(db);
      return;
    }
    await sql`create function bounced_audit_fixed() returns trigger language plpgsql as
      $$ begin raise exception ${sql.lit(WORDS)}; end $$`.execute(db);
    await sql`create trigger audit_fixed before update of ${FIXED} on audit
      for each row execute function bounced_audit_fixed()`.execute(db);
    await sql`create trigger audit_ended before update of outcome on audit
      for each row when (old.outcome <> 'begun') execute function bounced_audit_fixed()`.execute(db);
  },
});
