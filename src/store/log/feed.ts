/**
 * The log in the order in which it was written, for whoever copies it elsewhere: each event once, whenever it is asked
 * to go on after the last one. By time of receipt it could not be: old mail is recorded late.
 */
import { sql, type SqlBool } from "kysely";
import { cancelledBy } from "../db/cancelled-by.ts";
import type { Database } from "../db/database.ts";
import { oneOf } from "../db/statements.ts";
import { selectByKeys } from "../units/parts.ts";
import { unpackEvent } from "./body.ts";
import { QueryError, type LogEntry, type LogFilter } from "./log-query.ts";
import { matching } from "./where.ts";

export interface FeedEntry extends LogEntry {
  /** Where to go on. */
  readonly position: string;
}

/**
 * Writers commit in another order than they begin: what is younger may still get a neighbour. A writer that takes
 * longer than half of it gives up (store.ts), which also leaves room for clocks that differ.
 */
export const SETTLED_MS = 120_000;
/** Events that are read and unpacked at once. */
const SOME = 200;

/** Everything recorded after `after`, a position or "" for the beginning. The replica is not asked: it lags behind. */
export async function* feedOf(
  { read, dialect }: Pick<Database, "read" | "dialect">,
  filter: LogFilter,
  after: string,
  now: number,
  signal?: AbortSignal,
): AsyncGenerator<FeedEntry, void, undefined> {
  let [recordedAt, key] = placeOf(after);
  for (;;) {
    const rows = await matching(read, dialect, filter)
      .query.select(["events.key", "events.recorded_at"])
      .where(
        sql<SqlBool>`(${sql.ref("events.recorded_at")}, ${sql.ref("events.key")}) > (${recordedAt}, ${key})
          and ${sql.ref("events.recorded_at")} < ${now - SETTLED_MS}`,
      )
      .orderBy("events.recorded_at")
      .orderBy("events.key")
      .limit(SOME)
      .execute(cancelledBy(signal));
    const last = rows.at(-1);
    if (!last) return;
    const keys = rows.map((row) => row.key);
    const bodies = await selectByKeys(read, keys, (db, some) =>
      db
        .selectFrom("event_bodies")
        .select(["key", "codec", "body"])
        .where(oneOf(db, "key", some)),
    );
    const byKey = new Map(bodies.map((row) => [row.key, row]));
    for (const row of rows) {
      const found = byKey.get(row.key);
      // Erased between the two questions.
      if (!found) continue;
      const position = `${row.recorded_at}-${row.key}`;
      yield {
        position,
        recordedAt: new Date(row.recorded_at).toISOString(),
        event: unpackEvent(found.codec, found.body),
      };
    }
    [recordedAt, key] = [last.recorded_at, last.key];
  }
}

function placeOf(position: string): readonly [recordedAt: number, key: number] {
  if (position === "") return [-1, -1];
  const [, recordedAt, key] = /^(\d{1,16})-(\d{1,16})$/.exec(position) ?? [];
  if (recordedAt === undefined || key === undefined)
    throw new QueryError("after: expected the position of an event of this feed, or nothing");
  return [Number(recordedAt), Number(key)];
}
