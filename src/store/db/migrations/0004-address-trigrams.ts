/**
 * On PostgreSQL: trigrams of an address that go across its `@` and dots. pg_trgm splits words there, so that `an@` would
 * be looked up as a word that ends in `an`, which one in ten addresses has.
 */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import { oneWord } from "../one-word.ts";
import type { DialectName } from "../tables.ts";

export const addressTrigrams = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    if (dialect === "sqlite") return;
    await db.schema.dropIndex("events_recipient_text").execute();
    await sql`create index events_recipient_text on events using gin (${oneWord(sql.ref("recipient"))} gin_trgm_ops) with (fastupdate = off)`.execute(
      db,
    );
    // What is put off to make writing lighter is read through by every search, and done at last by whoever comes then.
    await sql`alter index events_text set (fastupdate = off)`.execute(db);
    await sql`select gin_clean_pending_list('events_text')`.execute(db);
    // A hundred samples say too little of how rare a part is: by chance, walking over all rows seems cheap.
    await sql`alter index events_recipient_text alter column 1 set statistics 500`.execute(db);
    await sql`alter table events alter column recipient set statistics 500`.execute(db);
    await sql`analyze events`.execute(db);
  },
});
