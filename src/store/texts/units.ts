/**
 * The text indexes of SQLite, cut by time of receipt as PostgreSQL's tables are (days/units.ts): each unit of whole days has
 * three of them, which are searched with it and dropped with it. Those of the rest take what has no unit: a date of long
 * ago or of the future, and what was written before there were units.
 *
 * What is new waits: some thousand events go into an index together, which costs half of what single batches cost. Until
 * then a search reads them row by row.
 */
import { sql, type Kysely, type Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import { SLOTS } from "../db/slots.ts";
import type { Tables } from "../db/tables.ts";
import { isWithin, type KeySpan } from "../db/key-span.ts";

/** By their columns. */
export const TEXT_COLUMNS = {
  recipient_text: ["recipient", "mailed"],
  event_text: ["sender", "subject", "message_id", "headers"],
  diagnostic_text: ["diagnostic"],
} as const;
export type TextIndex = keyof typeof TEXT_COLUMNS;
export const TEXT_INDEXES = Object.keys(TEXT_COLUMNS) as readonly TextIndex[];
/** The rest has no index of diagnostics: a log of before there were units had none. */
export const REST_INDEXES = ["recipient_text", "event_text"] as const satisfies readonly TextIndex[];

export const REST = "rest";

export interface LogUnit extends KeySpan {
  /** What was written while the unit was there: all from this key on, and whatever came late. The other is in the rest. */
  readonly since: number;
  /** Up to this key, not included, its events are in its text indexes; from there on they wait. */
  readonly indexed: number;
  /** Of its tables: its first day. */
  readonly suffix: string;
}

export const textTable = (index: TextIndex, suffix: string): string => `${index}_${suffix}`;

/** Those in use, oldest first. */
export const logUnitsOf = async (db: Kysely<Tables>): Promise<readonly LogUnit[]> =>
  (await allUnitsOf(db)).filter(({ dropped }) => dropped === 0);

/** A day whose unit was dropped is taken as long as its tables are there. */
export async function allUnitsOf(db: Kysely<Tables>): Promise<readonly (LogUnit & { readonly dropped: number })[]> {
  const rows = await db.selectFrom("log_units").selectAll().orderBy("starts").execute();
  return rows.map(({ starts, ends, since, indexed, dropped }) => ({
    from: starts,
    to: ends,
    since,
    indexed,
    dropped,
    suffix: suffixOf(starts),
  }));
}

export const unitOf = (units: readonly LogUnit[], key: number): LogUnit | undefined =>
  units.find((unit) => isWithin(key, unit));

const suffixOf = (from: number): string => new Date(from / SLOTS).toISOString().slice(0, 10).replaceAll("-", "");

export async function createLogUnit(tx: Transaction<Tables>, { from, to }: KeySpan): Promise<void> {
  // Trust: all, texts are searched whoever wrote them.
  const newest = await tx
    .selectFrom("events")
    .select("key")
    .where("key", ">=", from)
    .where("key", "<", to)
    .orderBy("key", "desc")
    .limit(1)
    .executeTakeFirst();
  const since = newest ? newest.key + 1 : from;
  for (const index of TEXT_INDEXES) {
    const table = textTable(index, suffixOf(from));
    const columns = sql.join(TEXT_COLUMNS[index].map((name) => sql.ref(name)));
    // Contentless: the text is in `events` already. Without detail: a query joins trigrams by AND and `like` looks then.
    await sql`create virtual table ${sql.table(table)} using fts5 (${columns}, content = '', contentless_delete = 1, tokenize = 'trigram', detail = none)`.execute(
      tx,
    );
    // Merging late makes writing lighter; src/store/upkeep/tidy.ts does it while nothing is written.
    for (const [setting, value] of [
      ["automerge", 32],
      ["crisismerge", 64],
    ] as const)
      await sql`insert into ${sql.table(table)} (${sql.ref(table)}, rank) values (${setting}, ${sql.lit(value)})`.execute(
        tx,
      );
  }
  await tx.insertInto("log_units").values({ starts: from, ends: to, since, indexed: since, dropped: 0 }).execute();
}

/** Of a unit whose events are gone: what the indexes still have of them leads nowhere. */
export async function leaveLogUnit(tx: Transaction<Tables>, { from }: LogUnit, now: number): Promise<void> {
  await tx.updateTable("log_units").set({ dropped: now }).where("starts", "=", from).execute();
}

/** A search that began before the unit was left has ended by then. */
const LEFT_MS = 60_000;

/** Also what a process that ended in between has left. Each index by itself: nothing is written meanwhile. */
export async function dropLeftUnits({ write }: Pick<Database, "write">, now: number): Promise<void> {
  for (const { from, dropped, suffix } of await allUnitsOf(write)) {
    if (dropped === 0 || Math.abs(now - dropped) < LEFT_MS) continue;
    for (const index of TEXT_INDEXES) await dropTable(write, textTable(index, suffix));
    await write.deleteFrom("log_units").where("starts", "=", from).execute();
  }
}

/** Its pages are overwritten when they are used again: they have trigrams, and to overwrite all at once takes a second. */
const dropTable = (write: Kysely<Tables>, table: string): Promise<void> =>
  write.connection().execute(async (connection) => {
    await sql`pragma secure_delete = off`.execute(connection);
    try {
      await sql`drop table if exists ${sql.table(table)}`.execute(connection);
    } finally {
      await sql`pragma secure_delete = on`.execute(connection);
    }
  });
