/**
 * The text indexes of SQLite: each unit (units/units.ts) has three of them, which are searched with it and dropped with it,
 * and so has the rest.
 *
 * What is new waits: some thousand events go into an index together, which costs half of what single batches cost. Until
 * then a search reads them row by row.
 */
import { sql, type Transaction } from "kysely";
import type { KeySpan } from "../db/key-span.ts";
import { oneOf } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import { REST, suffixOf } from "../units/units.ts";

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

export const textTable = (index: TextIndex, suffix: string): string => `${index}_${suffix}`;

/** `moved`: keys of events that came out of the rest with its rows; null for a unit whose rows stay there. */
export async function createLogUnit(
  tx: Transaction<Tables>,
  { from, to }: KeySpan,
  moved: readonly number[] | null,
): Promise<void> {
  const since = moved ? from : await afterNewest(tx, { from, to });
  const suffix = suffixOf(from);
  for (const index of TEXT_INDEXES) {
    const table = textTable(index, suffix);
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
  for (const index of REST_INDEXES)
    await sql`delete from ${sql.table(textTable(index, REST))} where ${oneOf(tx, "rowid", moved ?? [])}`.execute(tx);
  const unit = { starts: from, ends: to, since, indexed: since, dropped: 0, has_rows: moved ? 1 : 0 };
  await tx.insertInto("log_units").values(unit).execute();
}

/** Texts of what the rest has already stay in its indexes. */
async function afterNewest(tx: Transaction<Tables>, { from, to }: KeySpan): Promise<number> {
  const { rows } = await sql<{ key: number }>`select key from events_rest
    where key >= ${from} and key < ${to} order by key desc limit 1`.execute(tx);
  return rows[0] ? rows[0].key + 1 : from;
}
