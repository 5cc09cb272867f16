import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import { periodWordsOfRow } from "../period-words.ts";
import type { DialectName } from "../tables.ts";

const TEXT_COLUMNS = [
  "id",
  "message",
  "kind",
  "severity",
  "reason",
  "fault",
  "advice",
  "authenticity",
  "action",
  "status",
  "provider",
  "software",
  "format",
  "evidence",
  "rule",
  "recipient",
  "mailed",
  "domain",
  "sender",
  "sender_domain",
  "sending_address",
  "subject",
  "message_id",
  "tag",
  "headers",
  "diagnostic",
] as const;
const INDEXED_TEXT = ["sender", "subject", "message_id", "headers", "diagnostic"] as const;

export const logAndSuppressions = (dialect: DialectName): Migration => ({
  async up(db: Kysely<unknown>) {
    const types = typesOf(dialect);
    await createLog(db, types);
    await createSuppressions(db, types);
    await (dialect === "sqlite" ? createSqliteTextIndexes(db) : createPostgresTextIndexes(db));
  },
});

/** Byte order in both databases, so that sorting and paging agree. */
const typesOf = (dialect: DialectName) =>
  dialect === "sqlite"
    ? ({ text: sql`text`, int: sql`integer`, real: sql`real`, blob: sql`blob`, serial: sql`integer` } as const)
    : ({
        text: sql`text collate "C"`,
        int: sql`bigint`,
        real: sql`double precision`,
        blob: sql`bytea`,
        serial: sql`bigserial`,
      } as const);
type Types = ReturnType<typeof typesOf>;

async function createLog(db: Kysely<unknown>, { text, int, real, blob, serial }: Types): Promise<void> {
  let events = db.schema
    .createTable("events")
    .addColumn("key", int, (column) => column.primaryKey())
    .addColumn("received_at", int, (column) => column.notNull())
    .addColumn("recorded_at", int, (column) => column.notNull())
    .addColumn("confidence", real, (column) => column.notNull())
    .addColumn("reply_code", int, (column) => column.notNull())
    .addColumn("failure_code", int, (column) => column.notNull());
  for (const name of TEXT_COLUMNS) events = events.addColumn(name, text, (column) => column.notNull());
  await events.execute();
  await db.schema.createIndex("events_id").unique().on("events").column("id").execute();
  for (const name of ["recipient", "mailed", "domain", "message"] as const)
    await db.schema.createIndex(`events_${name}`).on("events").columns([name, "key"]).execute();
  // Facets, counts and time series read this alone instead of the wide rows.
  await db.schema
    .createIndex("events_facets")
    .on("events")
    .columns([
      "key",
      "received_at",
      "severity",
      "reason",
      "kind",
      "fault",
      "provider",
      "domain",
      "authenticity",
      "sender_domain",
      "sending_address",
    ])
    .execute();
  await db.schema
    .createTable("event_bodies")
    .addColumn("key", int, (column) => column.primaryKey())
    .addColumn("codec", int, (column) => column.notNull())
    .addColumn("body", blob, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("raw_messages")
    .addColumn("sha256", text, (column) => column.primaryKey())
    .addColumn("received_at", int, (column) => column.notNull())
    .addColumn("raw", blob, (column) => column.notNull())
    .execute();
  await db.schema.createIndex("raw_messages_received_at").on("raw_messages").column("received_at").execute();
  await db.schema
    .createTable("verdicts")
    .addColumn("id", serial, (column) => column.primaryKey())
    .addColumn("event_id", text, (column) => column.notNull())
    .addColumn("replaced_at", int, (column) => column.notNull())
    .addColumn("actor", text, (column) => column.notNull())
    .addColumn("codec", int, (column) => column.notNull())
    .addColumn("body", blob, (column) => column.notNull())
    .execute();
  await db.schema.createIndex("verdicts_event_id").on("verdicts").column("event_id").execute();
  await db.schema
    .createTable("facts")
    .addColumn("name", text, (column) => column.primaryKey())
    .addColumn("value", text, (column) => column.notNull())
    .addColumn("updated_at", int, (column) => column.notNull())
    .execute();
}

async function createSuppressions(db: Kysely<unknown>, { text, int, serial }: Types): Promise<void> {
  let entries = db.schema.createTable("suppressions").addColumn("id", serial, (column) => column.primaryKey());
  for (const name of ["scope", "value", "stream", "cause", "reason", "event_id", "note", "actor"])
    entries = entries.addColumn(name, text, (column) => column.notNull());
  for (const name of ["created_at", "updated_at", "expires_at"])
    entries = entries.addColumn(name, int, (column) => column.notNull());
  await entries.execute();
  await db.schema
    .createIndex("suppressions_value")
    .unique()
    .on("suppressions")
    .columns(["value", "scope", "stream"])
    .execute();
  await db.schema.createIndex("suppressions_created_at").on("suppressions").columns(["created_at", "id"]).execute();
  await db.schema.createIndex("suppressions_expires_at").on("suppressions").column("expires_at").execute();

  let changes = db.schema
    .createTable("suppression_changes")
    .addColumn("id", serial, (column) => column.primaryKey())
    .addColumn("at", int, (column) => column.notNull())
    .addColumn("published", int, (column) => column.notNull().defaultTo(0));
  for (const name of ["action", "scope", "value", "stream", "actor", "note", "before", "after"])
    changes = changes.addColumn(name, text, (column) => column.notNull());
  await changes.execute();
  await db.schema.createIndex("suppression_changes_value").on("suppression_changes").columns(["value", "id"]).execute();
  await sql`create index suppression_changes_unpublished on suppression_changes (id) where published = 0`.execute(db);
}

/**
 * Contentless: the text is in `events` already. Without detail: a query joins trigrams by AND and looks at the columns
 * afterwards. Merging late makes writing cheaper by a tenth and costs a search little.
 */
async function createSqliteTextIndexes(db: Kysely<unknown>): Promise<void> {
  const columns = sql.raw(INDEXED_TEXT.join(", "));
  const values = sql.raw(INDEXED_TEXT.map((name) => `new.${name}`).join(", "));
  await sql`create virtual table recipient_text using fts5 (recipient, mailed, period, content = '', contentless_delete = 1, tokenize = 'trigram', detail = none)`.execute(
    db,
  );
  await sql`create virtual table event_text using fts5 (${columns}, period, content = '', contentless_delete = 1, tokenize = 'trigram', detail = none)`.execute(
    db,
  );
  for (const index of ["recipient_text", "event_text"])
    await sql`insert into ${sql.table(index)} (${sql.ref(index)}, rank) values ('automerge', 8)`.execute(db);
  const period = periodWordsOfRow(sql`new.received_at`);
  const fill = sql`insert into recipient_text (rowid, recipient, mailed, period) values (new.key, new.recipient, nullif(new.mailed, new.recipient), ${period});
    insert into event_text (rowid, ${columns}, period) values (new.key, ${values}, ${period});`;
  const clear = sql`delete from recipient_text where rowid = old.key; delete from event_text where rowid = old.key;`;
  await sql`create trigger events_inserted after insert on events begin ${fill} end`.execute(db);
  await sql`create trigger events_deleted after delete on events begin ${clear} end`.execute(db);
  await sql`create trigger events_updated after update of recipient, mailed, ${columns} on events begin ${clear} ${fill} end`.execute(
    db,
  );
}

async function createPostgresTextIndexes(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`create index events_recipient_text on events using gin (recipient gin_trgm_ops, mailed gin_trgm_ops)`.execute(
    db,
  );
  const columns = sql.raw(INDEXED_TEXT.map((name) => `${name} gin_trgm_ops`).join(", "));
  await sql`create index events_text on events using gin (${columns})`.execute(db);
}
