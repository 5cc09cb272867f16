/**
 * SQLite's trigram indexes of new events. FTS5 writes out what it holds whenever the next statement begins, so the rows
 * of a transaction go in at its end, all at once and in order. Changed and deleted rows are a matter of triggers.
 */
import { sql, type Kysely, type RawBuilder, type SqlBool } from "kysely";
import { periodWordsOfRow } from "../db/period-words.ts";
import type { Tables } from "../db/tables.ts";

/** Of SQLite, in the order of their inserts below. */
export const TEXT_INDEXES = ["recipient_text", "event_text"] as const;

const PERIOD = periodWordsOfRow(sql.ref("received_at"));

/** One statement for each index, over the events that the condition names. */
export const textIndexInserts = (which: RawBuilder<SqlBool>): readonly RawBuilder<unknown>[] => [
  // Trust: all, texts are searched whoever wrote them.
  sql`insert into recipient_text (rowid, recipient, mailed, period)
    select key, recipient, nullif(mailed, recipient), ${PERIOD} from events where ${which} order by key`,
  sql`insert into event_text (rowid, sender, subject, message_id, headers, period)
    select key, sender, subject, message_id, headers, ${PERIOD} from events where ${which} order by key`,
];

export async function indexTexts(db: Kysely<Tables>, which: RawBuilder<SqlBool>): Promise<void> {
  for (const insert of textIndexInserts(which)) await insert.execute(db);
}
