/**
 * Kept heads of messages, in order of receipt. One is found by the instant and the digest that its events have, so that
 * it needs no index by digest, in which every message would be a page of its own.
 */
import { inflateSync } from "node:zlib";
import { sql, type Insertable, type Kysely, type RawBuilder, type SqlBool, type Transaction } from "kysely";
import type { RecordedMessage } from "../../queues/payloads.ts";
import { keyOfEvent } from "../days/event-ids.ts";
import type { Database } from "../db/database.ts";
import { insertDistinct, type Keyed } from "../db/insert-distinct.ts";
import { SLOTS } from "../db/slots.ts";
import { keyOf, receivedAtOf } from "./rows.ts";
import { oneOf } from "../db/statements.ts";
import type { RawMessagesTable, Tables } from "../db/tables.ts";

/**
 * How far a key can lie behind its instant: room for 100,000 messages that bear the same one, as old mail does whose time
 * is known to the second. What lies in between is looked through.
 */
const SPILL_MS = 50;
/** The same for events. */
const EVENT_SPILL_MS = 60_000;

export type NewRaw = Keyed<Insertable<RawMessagesTable>>;

/** Of each message once. */
export function newRawOf(jobs: readonly RecordedMessage[], now: number): readonly NewRaw[] {
  const byDigest = new Map<string, NewRaw>();
  for (const { events, raw } of jobs) {
    const [first] = events;
    if (!first || raw === null) continue;
    const { sha256 } = first.message;
    const key = keyOf(receivedAtOf(first, now), sha256);
    byDigest.set(sha256, { row: { key, sha256, raw: Buffer.from(raw, "base64") } });
  }
  return [...byDigest.values()];
}

/** They must be new: another message that has the key already is taken for another one. */
export async function insertRaw(tx: Transaction<Tables>, raw: readonly NewRaw[]): Promise<void> {
  for (let rest = raw; rest.length > 0;) rest = (await insertDistinct(tx, "raw_messages", rest)).refused;
}

/** Joins an event with the message it came from. */
export const isRawOfEvent = sql<SqlBool>`raw_messages.key >= events.received_at * ${sql.lit(SLOTS)}
  and raw_messages.key < (events.received_at + ${sql.lit(SPILL_MS)}) * ${sql.lit(SLOTS)}
  and raw_messages.sha256 = events.message`;

/**
 * A range that has the messages of these events, for PostgreSQL: it opens the days of the range alone. A key can lie
 * further behind its instant than a message does: that many events can share one.
 */
export const nearRaw = (eventKeys: readonly number[]): RawBuilder<SqlBool> => {
  const { first, last } = endsOf(eventKeys);
  return sql`raw_messages.key >= ${first - EVENT_SPILL_MS * SLOTS} and raw_messages.key < ${last + SPILL_MS * SLOTS}`;
};

/** A range that has all events of the messages of these. */
export const areNear = (eventKeys: readonly number[]): RawBuilder<SqlBool> => {
  const { first, last } = endsOf(eventKeys);
  return sql`events.key >= ${first - EVENT_SPILL_MS * SLOTS} and events.key < ${last + EVENT_SPILL_MS * SLOTS}`;
};

const endsOf = (keys: readonly number[]): { readonly first: number; readonly last: number } => ({
  first: keys.reduce((least, key) => Math.min(least, key), Number.MAX_SAFE_INTEGER),
  last: keys.reduce((most, key) => Math.max(most, key), 0),
});

/** Head of the message that an event came from, null if it is not kept any more. */
export async function rawOf({ quick }: Pick<Database, "quick">, id: string): Promise<Buffer | null> {
  const key = await keyOfEvent(quick, id);
  if (key === undefined) return null;
  // Trust: all, messages are kept whoever wrote them.
  const row = await quick
    .selectFrom("events")
    .innerJoin("raw_messages", (join) => join.on(isRawOfEvent).on(nearRaw([key])))
    .select("raw_messages.raw")
    .where("events.key", "=", key)
    .where("events.id", "=", id)
    .executeTakeFirst();
  return row ? inflateSync(row.raw) : null;
}

/** Keys of the messages that these events came from. */
export async function rawKeysOf(db: Kysely<Tables>, eventKeys: readonly number[]): Promise<readonly number[]> {
  // Trust: all, messages are kept whoever wrote them.
  const rows = await db
    .selectFrom("events")
    .innerJoin("raw_messages", (join) => join.on(isRawOfEvent).on(nearRaw(eventKeys)))
    .select("raw_messages.key")
    .distinct()
    .where(oneOf(db, "events.key", eventKeys))
    .execute();
  return rows.map(({ key }) => key);
}
