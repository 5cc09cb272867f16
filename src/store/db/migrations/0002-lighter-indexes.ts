/**
 * What makes writing lighter at ten million rows. The text of diagnostics was half of what the trigram index cost; it is
 * read from the rows instead. `recipient` is nearly always `mailed`: it is indexed only where mail was forwarded.
 */
import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import { periodWordsOfRow } from "../period-words.ts";
import type { DialectName } from "../tables.ts";

const INDEXED_TEXT = ["sender", "subject", "message_id", "headers"] as const;

export const lighterIndexes = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    await db.schema.dropIndex("events_recipient").execute();
    await sql`create index events_forwarded on events (recipient, key) where recipient <> mailed`.execute(db);
    await (dialect === "sqlite" ? sqliteTextIndex(db) : postgresTextIndexes(db));
  },
});

/**
 * Contentless and without detail, as before. New rows are no longer a matter of a trigger (src/store/log/text-index.ts). Merging late halves how often a trigram is written again; a search looks
 * into some more segments for it.
 */
async function sqliteTextIndex(db: Kysely<unknown>): Promise<void> {
  const columns = sql.raw(INDEXED_TEXT.join(", "));
  const valuesOf = (row: string) => sql.raw(INDEXED_TEXT.map((name) => `${row}.${name}`).join(", "));
  for (const event of ["inserted", "updated", "deleted"])
    await sql`drop trigger ${sql.ref(`events_${event}`)}`.execute(db);
  await sql`drop table event_text`.execute(db);
  await sql`create virtual table event_text using fts5 (${columns}, period, content = '', contentless_delete = 1, tokenize = 'trigram', detail = none)`.execute(
    db,
  );
  for (const index of ["recipient_text", "event_text"]) {
    await sql`insert into ${sql.table(index)} (${sql.ref(index)}, rank) values ('automerge', 32)`.execute(db);
    await sql`insert into ${sql.table(index)} (${sql.ref(index)}, rank) values ('crisismerge', 64)`.execute(db);
  }
  const periodOf = (row: string) => periodWordsOfRow(sql.ref(`${row}.received_at`));
  await sql`insert into event_text (rowid, ${columns}, period) select key, ${valuesOf("events")}, ${periodOf("events")} from events order by key`.execute(
    db,
  );
  const fill = sql`insert into recipient_text (rowid, recipient, mailed, period) values (new.key, new.recipient, nullif(new.mailed, new.recipient), ${periodOf("new")});
    insert into event_text (rowid, ${columns}, period) values (new.key, ${valuesOf("new")}, ${periodOf("new")});`;
  const clear = sql`delete from recipient_text where rowid = old.key; delete from event_text where rowid = old.key;`;
  await sql`create trigger events_deleted after delete on events begin ${clear} end`.execute(db);
  await sql`create trigger events_updated after update of recipient, mailed, ${columns} on events begin ${clear} ${fill} end`.execute(
    db,
  );
}

async function postgresTextIndexes(db: Kysely<unknown>): Promise<void> {
  for (const name of ["events_recipient_text", "events_text"]) await db.schema.dropIndex(name).execute();
  await sql`create index events_recipient_text on events using gin (recipient gin_trgm_ops)`.execute(db);
  await sql`create index events_mailed_text on events using gin (mailed gin_trgm_ops) where recipient <> mailed`.execute(
    db,
  );
  const columns = sql.raw(INDEXED_TEXT.map((name) => `${name} gin_trgm_ops`).join(", "));
  await sql`create index events_text on events using gin (${columns})`.execute(db);
}
