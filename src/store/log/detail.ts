import { keyOfEvent } from "../days/event-ids.ts";
import type { Database } from "../db/database.ts";
import { partOf } from "../units/parts.ts";
import { unpackEvent } from "./body.ts";
import type { LogDetail } from "./log-query.ts";
import { messagesOf } from "./raw-messages.ts";

/** One event with what it said before. */
export async function detailOf({ quick }: Database, id: string): Promise<LogDetail | null> {
  const key = await keyOfEvent(quick, id);
  if (key === undefined) return null;
  const rows = await partOf(quick, key);
  // Trust: all, one event by its id.
  const row = await rows
    .selectFrom("events")
    .innerJoin("event_bodies", "event_bodies.key", "events.key")
    .select(["events.recorded_at", "event_bodies.codec", "event_bodies.body"])
    .where("events.key", "=", key)
    .where("events.id", "=", id)
    .executeTakeFirst();
  if (!row) return null;
  const verdicts = await quick
    .selectFrom("verdicts")
    .select(["replaced_at", "actor", "codec", "body"])
    .where("event_id", "=", id)
    .orderBy("id", "desc")
    .execute();
  return {
    recordedAt: new Date(row.recorded_at).toISOString(),
    event: unpackEvent(row.codec, row.body),
    hasRaw: (await messagesOf(quick, [key])).length > 0,
    verdicts: verdicts.map(({ replaced_at, actor, codec, body }) => ({
      replacedAt: new Date(replaced_at).toISOString(),
      actor,
      event: unpackEvent(codec, body),
    })),
  };
}
