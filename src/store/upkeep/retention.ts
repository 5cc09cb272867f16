/**
 * Takes out of the log what is too old. A unit of days is dropped once all in it is too old, by the longest retention. What
 * has no unit, or is kept for less, is deleted in small batches, so that writing never waits long.
 */
import type { Transaction } from "kysely";
import { EVENT_KINDS, type EventKind } from "../../event/event.ts";
import type { Database } from "../db/database.ts";
import { updateRollups } from "../rollups/update-rollups.ts";
import { dropEmptyCounts } from "../rollups/rebuild.ts";
import { COUNTED, type Counted } from "../rollups/rollup-columns.ts";
import { expireTallies } from "../tallies/count-tallies.ts";
import { expireIncidents } from "../incidents/read.ts";
import { deleteMessages, messagesOf, spanAround } from "../log/raw-messages.ts";
import { dropLogUnits } from "./drop-log-units.ts";
import { clearBefore, dropUnits } from "./drop-units.ts";
import { IN_A_HURRY, paced, type Pace } from "./pace.ts";
import { forgetIds, forgetOldIds } from "../days/event-ids.ts";
import { SLOTS } from "../db/slots.ts";
import type { LogSettings } from "../settings.ts";
import { oneOf } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import { unindexTexts } from "../texts/index-texts.ts";
import { TEXT_INDEXES, textTable } from "../texts/units.ts";
import { dropLeftUnits, leaveUnit } from "../units/drop.ts";
import { inRows, partsOfKeys, partsWithin } from "../units/parts.ts";
import { logUnitsOf, REST, type LogUnit } from "../units/units.ts";

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
  const isPostgres = database.dialect === "postgres";
  const longest = longestDays(settings);
  const expired = now - longest * DAY_MS;
  const rawBefore = now - (settings.rawDays ?? longest) * DAY_MS;
  const dropped = await (isPostgres ? dropUnits : dropLogUnits)(database, { expired, rawBefore, now });
  let { rawMessages } = dropped;
  const leaving = isPostgres ? [] : await expiredUnits(database, expired);
  const kinds = Map.groupBy(EVENT_KINDS, (kind) => settings.retentionDays[kind] ?? settings.days);
  let deleted = 0;
  for (const [days, same] of kinds) {
    const before = now - days * DAY_MS;
    const isByUnit = days === longest && days >= SHORT_DAYS;
    const beforeKey = isByUnit && !isPostgres ? await endOfWhole(database, before) : before * SLOTS;
    for (const { db, table } of await tablesToClear(database, "events", isByUnit, before * SLOTS))
      for (let after = -1; ;) {
        const some = await oldEvents(db, table, same, { before, beforeKey, after });
        const last = some.at(-1);
        if (!last) break;
        rawMessages += await deleteEvents(database, some, { leaving, pace });
        deleted += some.length;
        after = last.key;
      }
  }
  if (!isPostgres) await leaveUnits(database, leaving, now);
  if (deleted > 0) await dropEmptyCounts(database);
  // Sends and failures of one period belong together: as long as the failures are kept.
  await expireTallies(database, now - (settings.retentionDays.bounce ?? settings.days) * DAY_MS);
  await expireIncidents(database, now);
  if (settings.rawDays !== null) {
    const isByUnit = settings.rawDays >= SHORT_DAYS;
    for (const { db, table } of await tablesToClear(database, "raw_messages", isByUnit, rawBefore * SLOTS))
      rawMessages += await deleteOldRaw(database, db, table, rawBefore, pace);
  }
  if (isPostgres) await clearBefore(database, expired);
  await forgetOldIds(database, expired - KNOWN_DAYS * DAY_MS);
  return { events: dropped.events + deleted, rawMessages };
}

type Read = Database["read"];

/** Where rows are deleted one by one. `isByUnit`: what has a unit goes with it. */
async function tablesToClear<Table extends "events" | "raw_messages">(
  { read, dialect }: Database,
  parent: Table,
  isByUnit: boolean,
  to: number,
): Promise<readonly { readonly db: Read; readonly table: Table | `${Table}_before` | `${Table}_rest` }[]> {
  if (!isByUnit) return (await partsWithin(read, { from: null, to })).map((db) => ({ db, table: parent }));
  const rest = { db: read, table: `${parent}_rest` } as const;
  return dialect === "postgres" ? [{ db: read, table: `${parent}_before` }, rest] : [rest];
}

/** Units of SQLite whose rows are in the rest: only their text indexes can be dropped. */
const unitsInRest = async (db: Read): Promise<readonly LogUnit[]> =>
  (await logUnitsOf(db)).filter(({ rows }) => rows === REST);

/** Up to which key all is deleted to the hour: such a unit of which only a part is too old waits until all of it is. */
async function endOfWhole({ read }: Database, before: number): Promise<number> {
  const [first] = (await unitsInRest(read)).filter(({ to }) => to > before * SLOTS);
  return Math.min(before * SLOTS, first?.from ?? Infinity);
}

const expiredUnits = async ({ read }: Database, before: number): Promise<readonly LogUnit[]> =>
  (await unitsInRest(read)).filter(({ to }) => to <= before * SLOTS);

/** Those that have no event any more: one that is received late can be on its way. */
async function leaveUnits(database: Database, units: readonly LogUnit[], now: number): Promise<void> {
  for (const unit of units)
    await database.write.transaction().execute(async (tx) => {
      // Trust: all, events expire whoever wrote them.
      const left = await inRows(tx, REST)
        .selectFrom("events")
        .select("key")
        .where("key", ">=", unit.from)
        .where("key", "<", unit.to)
        .limit(1)
        .executeTakeFirst();
      if (!left) await leaveUnit(tx, unit, now);
    });
  await dropLeftUnits(database, now, (suffix) => TEXT_INDEXES.map((index) => textTable(index, suffix)));
}

interface OldEvent {
  readonly key: number;
  readonly id: string;
}

const oldEvents = (
  read: Read,
  table: "events" | "events_before" | "events_rest",
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
    const raw = await messagesOf(tx, keys);
    await tx
      .deleteFrom("verdicts")
      .where(oneOf(tx, "event_id", ids))
      .execute();
    if (isForgotten) await forgetIds(tx, ids);
    await unindexTexts(tx, keys, leaving);
    const removed: Counted[] = [];
    for (const part of await partsOfKeys(tx, keys)) {
      for (const table of ["event_bodies", "event_addresses"] as const)
        await part.db
          .deleteFrom(table)
          .where(oneOf(tx, "key", part.keys))
          .execute();
      // Trust: all, events expire whoever wrote them.
      const gone = await part.db
        .deleteFrom("events")
        .where(oneOf(tx, "key", part.keys))
        .returning([...COUNTED])
        .execute();
      removed.push(...gone);
    }
    await updateRollups(tx, { removed });
    const needed = await messagesNear(tx, keys, [...new Set(raw.map(({ sha256 }) => sha256))]);
    return deleteMessages(tx, [...new Set(raw.flatMap(({ key, sha256 }) => (needed.has(sha256) ? [] : [key])))]);
  });
}

/** Those of the messages that other events came from. */
async function messagesNear(
  tx: Transaction<Tables>,
  keys: readonly number[],
  digests: readonly string[],
): Promise<ReadonlySet<string>> {
  const needed = new Set<string>();
  if (digests.length === 0) return needed;
  const span = spanAround(keys);
  for (const part of await partsWithin(tx, span)) {
    // Trust: all, events expire whoever wrote them.
    const rows = await part
      .selectFrom("events")
      .select("message")
      .distinct()
      .where(oneOf(tx, "message", digests))
      .where("key", ">=", span.from)
      .where("key", "<", span.to)
      .execute();
    for (const { message } of rows) needed.add(message);
  }
  return needed;
}

async function deleteOldRaw(
  database: Database,
  db: Read,
  table: "raw_messages" | "raw_messages_before" | "raw_messages_rest",
  before: number,
  pace: Pace,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const rows = await db
      .selectFrom(table)
      .select("key")
      .where("key", "<", before * SLOTS)
      .orderBy("key")
      .limit(BATCH)
      .execute();
    if (rows.length === 0) return deleted;
    const keys = rows.map(({ key }) => key);
    deleted += await paced(database, pace, (tx) => deleteMessages(tx, keys));
  }
}
