/** Takes out of the log what is too old, in small batches, so that writing never waits long. */
import { sql } from "kysely";
import { EVENT_KINDS, type EventKind } from "../../event/event.ts";
import type { Database } from "../db/database.ts";
import { updateRollups } from "../rollups/update-rollups.ts";
import { dropEmptyCounts } from "../rollups/rebuild.ts";
import { COUNTED } from "../rollups/rollup-columns.ts";
import { expireTallies } from "../tallies/count-tallies.ts";
import { rawKeysOf } from "../log/raw-messages.ts";
import { SLOTS } from "../log/rows.ts";
import type { LogSettings } from "../settings.ts";
import { oneOf } from "../db/statements.ts";

const DAY_MS = 86_400_000;
const BATCH = 500;

export interface RetentionSettings extends LogSettings {
  /** BOUNCED_RETENTION_DAYS: for every kind that has no days of its own. */
  readonly days: number;
}
export interface Retained {
  readonly events: number;
  readonly rawMessages: number;
}

/** Removes until nothing is too old. A message goes with the last of its events, or earlier by `rawDays`. */
export async function enforceRetention(
  database: Database,
  settings: RetentionSettings,
  now: number,
): Promise<Retained> {
  let events = 0;
  let rawMessages = 0;
  const kinds = Map.groupBy(EVENT_KINDS, (kind) => settings.retentionDays[kind] ?? settings.days);
  for (const [days, same] of kinds) {
    const before = now - days * DAY_MS;
    for (let after = -1; ;) {
      const some = await oldEvents(database, same, before, after);
      const last = some.at(-1);
      if (!last) break;
      rawMessages += await deleteEvents(database, some);
      events += some.length;
      after = last.key;
    }
  }
  if (events > 0) await dropEmptyCounts(database);
  // Sends and failures of one period belong together: as long as the failures are kept.
  await expireTallies(database, now - (settings.retentionDays.bounce ?? settings.days) * DAY_MS);
  if (settings.rawDays !== null) rawMessages += await deleteOldRaw(database, now - settings.rawDays * DAY_MS);
  return { events, rawMessages };
}

interface OldEvent {
  readonly key: number;
  readonly id: string;
}

const oldEvents = ({ read }: Database, kinds: readonly EventKind[], before: number, after: number) =>
  // Trust: all, events expire whoever wrote them.
  read
    .selectFrom("events")
    .select(["key", "id"])
    .where("kind", "in", kinds)
    .where("key", ">", after)
    .where("key", "<", before * SLOTS)
    .where("received_at", "<", before)
    .orderBy("key")
    .limit(BATCH)
    .execute();

/** Returns how many messages went with the last of their events. */
export async function deleteEvents({ write }: Database, events: readonly OldEvent[]): Promise<number> {
  const keys = events.map(({ key }) => key);
  const ids = events.map(({ id }) => id);
  return write.transaction().execute(async (tx) => {
    const raw = await rawKeysOf(tx, keys);
    await tx
      .deleteFrom("event_bodies")
      .where(oneOf(tx, "key", keys))
      .execute();
    await tx
      .deleteFrom("event_addresses")
      .where(oneOf(tx, "key", keys))
      .execute();
    await tx
      .deleteFrom("verdicts")
      .where(oneOf(tx, "event_id", ids))
      .execute();
    // Trust: all, events expire whoever wrote them.
    const removed = await tx
      .deleteFrom("events")
      .where(oneOf(tx, "key", keys))
      .returning([...COUNTED])
      .execute();
    const { numDeletedRows } = await tx
      .deleteFrom("raw_messages")
      .where(oneOf(tx, "key", raw))
      .where((builder) =>
        builder.not(
          builder.exists(
            // Trust: all, events expire whoever wrote them.
            builder
              .selectFrom("events")
              .select(sql`1`.as("one"))
              .whereRef("events.message", "=", "raw_messages.sha256"),
          ),
        ),
      )
      .executeTakeFirst();
    await updateRollups(tx, { removed });
    return Number(numDeletedRows);
  });
}

async function deleteOldRaw({ write }: Database, before: number): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { numDeletedRows } = await write
      .deleteFrom("raw_messages")
      .where("key", "in", (builder) =>
        builder
          .selectFrom("raw_messages")
          .select("key")
          .where("key", "<", before * SLOTS)
          .orderBy("key")
          .limit(BATCH),
      )
      .executeTakeFirst();
    deleted += Number(numDeletedRows);
    if (numDeletedRows < BATCH) return deleted;
  }
}
