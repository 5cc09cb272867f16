/**
 * Takes out of the log what is too old. A unit of days is dropped once all in it is too old, by the longest retention: on
 * PostgreSQL its tables, on SQLite its indexes. Rows are deleted in small batches, so that writing never waits long.
 */
import { sql } from "kysely";
import { EVENT_KINDS, type EventKind } from "../../event/event.ts";
import type { Database } from "../db/database.ts";
import { updateRollups } from "../rollups/update-rollups.ts";
import { dropEmptyCounts } from "../rollups/rebuild.ts";
import { COUNTED } from "../rollups/rollup-columns.ts";
import { expireTallies } from "../tallies/count-tallies.ts";
import { expireIncidents } from "../incidents/read.ts";
import { areNear, rawKeysOf } from "../log/raw-messages.ts";
import { clearBefore, dropUnits } from "./drop-units.ts";
import { IN_A_HURRY, paced, type Pace } from "./pace.ts";
import { forgetIds, forgetOldIds } from "../days/event-ids.ts";
import { SLOTS } from "../db/slots.ts";
import type { LogSettings } from "../settings.ts";
import { oneOf } from "../db/statements.ts";
import { unindexTexts } from "../texts/index-texts.ts";
import { dropLeftUnits, leaveLogUnit, logUnitsOf, type LogUnit } from "../texts/units.ts";

const DAY_MS = 86_400_000;
/** Some ten ms in SQLite, in which nothing is written. */
const BATCH = 250;

export interface RetentionSettings extends LogSettings {
  /** BOUNCED_RETENTION_DAYS: for every kind that has no days of its own. */
  readonly days: number;
}
export interface Retained {
  readonly events: number;
  readonly rawMessages: number;
}

/** A log kept for less is small: its events are deleted to the hour, not a day later. */
const SHORT_DAYS = 7;
/** An event that is delivered again, so long after the log forgot it, is a new one. */
const KNOWN_DAYS = 7;

export const longestDays = ({ days, retentionDays }: RetentionSettings): number =>
  EVENT_KINDS.reduce((longest, kind) => Math.max(longest, retentionDays[kind] ?? days), 0);

/** Removes until nothing is too old. A message goes with the last of its events, or earlier by `rawDays`. */
export async function enforceRetention(
  database: Database,
  settings: RetentionSettings,
  now: number,
  pace: Pace = IN_A_HURRY,
): Promise<Retained> {
  const isByDay = database.dialect === "postgres";
  const longest = longestDays(settings);
  const rawBefore = now - (settings.rawDays ?? longest) * DAY_MS;
  let { events, rawMessages } = isByDay
    ? await dropUnits(database, now - longest * DAY_MS, rawBefore)
    : { events: 0, rawMessages: 0 };
  const expired = now - longest * DAY_MS;
  const leaving = isByDay ? [] : await expiredUnits(database, expired);
  const kinds = Map.groupBy(EVENT_KINDS, (kind) => settings.retentionDays[kind] ?? settings.days);
  let deleted = 0;
  for (const [days, same] of kinds) {
    const before = now - days * DAY_MS;
    const isByUnit = days === longest && days >= SHORT_DAYS;
    const beforeKey = isByUnit && !isByDay ? await endOfWhole(database, before) : before * SLOTS;
    const tables = isByDay && isByUnit ? WITHOUT_UNIT : ALL;
    for (const table of tables)
      for (let after = -1; ;) {
        const some = await oldEvents(database, table, same, { before, beforeKey, after });
        const last = some.at(-1);
        if (!last) break;
        rawMessages += await deleteEvents(database, some, { leaving, pace });
        deleted += some.length;
        after = last.key;
      }
  }
  if (!isByDay) await leaveUnits(database, leaving, now);
  if (deleted > 0) await dropEmptyCounts(database);
  // Sends and failures of one period belong together: as long as the failures are kept.
  await expireTallies(database, now - (settings.retentionDays.bounce ?? settings.days) * DAY_MS);
  await expireIncidents(database, now);
  if (settings.rawDays !== null) {
    const tables = isByDay && settings.rawDays >= SHORT_DAYS ? RAW_WITHOUT_UNIT : ALL_RAW;
    for (const table of tables) rawMessages += await deleteOldRaw(database, table, rawBefore, pace);
  }
  if (isByDay) {
    await clearBefore(database, now - longest * DAY_MS);
    await forgetOldIds(database, now - (longest + KNOWN_DAYS) * DAY_MS);
  }
  return { events: events + deleted, rawMessages };
}

/** Up to which key all is deleted to the hour: a unit of SQLite of which only a part is too old waits until all of it is. */
async function endOfWhole({ read }: Database, before: number): Promise<number> {
  const [first] = (await logUnitsOf(read)).filter(({ to }) => to > before * SLOTS);
  return Math.min(before * SLOTS, first?.from ?? Infinity);
}

const expiredUnits = async ({ read }: Database, before: number): Promise<readonly LogUnit[]> =>
  (await logUnitsOf(read)).filter(({ to }) => to <= before * SLOTS);

/** Those that have no event any more: one that is received late can be on its way. */
async function leaveUnits(database: Database, units: readonly LogUnit[], now: number): Promise<void> {
  for (const unit of units)
    await database.write.transaction().execute(async (tx) => {
      // Trust: all, events expire whoever wrote them.
      const left = await tx
        .selectFrom("events")
        .select("key")
        .where("key", ">=", unit.from)
        .where("key", "<", unit.to)
        .limit(1)
        .executeTakeFirst();
      if (!left) await leaveLogUnit(tx, unit, now);
    });
  await dropLeftUnits(database, now);
}

const ALL = ["events"] as const;
const WITHOUT_UNIT = ["events_before", "events_rest"] as const;
const ALL_RAW = ["raw_messages"] as const;
const RAW_WITHOUT_UNIT = ["raw_messages_before", "raw_messages_rest"] as const;

interface OldEvent {
  readonly key: number;
  readonly id: string;
}

const oldEvents = (
  { read }: Database,
  table: (typeof ALL | typeof WITHOUT_UNIT)[number],
  kinds: readonly EventKind[],
  { before, beforeKey, after }: { readonly before: number; readonly beforeKey: number; readonly after: number },
) =>
  // Trust: all, events expire whoever wrote them.
  read
    .selectFrom(table)
    .select(["key", "id"])
    .where("kind", "in", kinds)
    .where("key", ">", after)
    .where("key", "<", beforeKey)
    .where("received_at", "<", before)
    .orderBy("key")
    .limit(BATCH)
    .execute();

interface Deletion {
  /** They could be recorded again. */
  readonly isForgotten?: boolean;
  /** Units of SQLite whose text indexes are about to go. */
  readonly leaving?: readonly LogUnit[];
  readonly pace?: Pace;
}

/** Returns how many messages went with the last of their events. */
export async function deleteEvents(
  database: Database,
  events: readonly OldEvent[],
  { isForgotten = false, leaving = [], pace = IN_A_HURRY }: Deletion = {},
): Promise<number> {
  const keys = events.map(({ key }) => key);
  const ids = events.map(({ id }) => id);
  return paced(database, pace, async (tx) => {
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
    if (isForgotten) await forgetIds(tx, ids);
    await unindexTexts(tx, keys, leaving);
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
              .whereRef("events.message", "=", "raw_messages.sha256")
              .where(areNear(keys)),
          ),
        ),
      )
      .executeTakeFirst();
    await updateRollups(tx, { removed });
    return Number(numDeletedRows);
  });
}

async function deleteOldRaw(
  database: Database,
  table: "raw_messages" | "raw_messages_before" | "raw_messages_rest",
  before: number,
  pace: Pace,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const rows = await database.write
      .selectFrom(table)
      .select("key")
      .where("key", "<", before * SLOTS)
      .orderBy("key")
      .limit(BATCH)
      .execute();
    if (rows.length === 0) return deleted;
    const keys = rows.map(({ key }) => key);
    const { numDeletedRows } = await paced(database, pace, (tx) =>
      tx
        .deleteFrom("raw_messages")
        .where(oneOf(tx, "key", keys))
        .executeTakeFirst(),
    );
    deleted += Number(numDeletedRows);
  }
}
