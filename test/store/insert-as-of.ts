/** Events into the log as an older version wrote them. */
import { sql, type Transaction } from "kysely";
import { uuidOf } from "../../src/store/days/event-ids.ts";
import { dialectOf, insertAll } from "../../src/store/db/statements.ts";
import type { Tables } from "../../src/store/db/tables.ts";
import { CODEC } from "../../src/store/log/body.ts";
import { insertEvents, type PreparedJobs } from "../../src/store/log/record.ts";
import { periodWordsOfRow } from "../../src/store/db/period-words.ts";
import { updateRollups } from "../../src/store/rollups/update-rollups.ts";

/** `version`: the name of its last migration. Its tables, and nothing that came later. */
export async function insertAsOf(
  version: string,
  tx: Transaction<Tables>,
  { events, raw }: PreparedJobs,
): Promise<void> {
  if (version >= (dialectOf(tx) === "sqlite" ? "0017" : "0011")) {
    await insertEvents(tx, { events, raw });
  } else {
    const rows = events.map(({ row }) => row).sort((a, b) => a.key - b.key);
    await insertAll(tx, "events", rows);
    await insertAll(
      tx,
      "event_bodies",
      events.map(({ row, body }) => ({ key: row.key, codec: CODEC, body })),
    );
    if (dialectOf(tx) === "sqlite") await fillTexts(tx, version >= "0013" ? "_rest" : "");
    else if (version >= "0010") {
      const ids = rows.map(({ id, key, recorded_at }) => ({ id: uuidOf(id), key, recorded_at }));
      await insertAll(tx, "event_ids", ids);
    }
    if (version >= "0003")
      await insertAll(
        tx,
        "raw_messages",
        raw.map(({ row }) => row),
      );
    if (version >= "0005")
      await insertAll(
        tx,
        "event_addresses",
        events.map(({ row, hashes, unread }) => ({ key: row.key, hashes, unread })),
      );
  }
  if (version >= "0006") await updateRollups(tx, { added: events.map(({ row }) => row) });
}

/** The text indexes of before there were units, which were written with each event, or those of the rest. */
async function fillTexts(tx: Transaction<Tables>, suffix: string): Promise<void> {
  const period = periodWordsOfRow(sql.ref("received_at"));
  await sql`insert into ${sql.table(`recipient_text${suffix}`)} (rowid, recipient, mailed, period)
    select key, recipient, nullif(mailed, recipient), ${period} from events order by key`.execute(tx);
  await sql`insert into ${sql.table(`event_text${suffix}`)} (rowid, sender, subject, message_id, headers, period)
    select key, sender, subject, message_id, headers, ${period} from events order by key`.execute(tx);
}
