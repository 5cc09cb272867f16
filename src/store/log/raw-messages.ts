/**
 * Kept heads of messages, in order of receipt. One is found by the instant and the digest that its events have, so that
 * it needs no index by digest, in which every message would be a page of its own.
 */
import { inflateSync } from "node:zlib";
import { sql, type Insertable, type Kysely, type RawBuilder, type SqlBool, type Transaction } from "kysely";
import type { RecordedMessage } from "../../queues/payloads.ts";
import { keyOfEvent } from "../days/event-ids.ts";
import type { Database } from "../db/database.ts";
import { SLOTS } from "../db/slots.ts";
import { partsOfKeys, partsWithRaw, type RawPart } from "../units/parts.ts";
import { insertDistinct, type Keyed } from "./insert-distinct.ts";
import { keyOf, receivedAtOf } from "./rows.ts";
import type { KeySpan } from "../db/key-span.ts";
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
const isRawOfEvent = sql<SqlBool>`${sql.ref("raw_messages.key")} >= ${sql.ref("events.received_at")} * ${sql.lit(SLOTS)}
  and ${sql.ref("raw_messages.key")} < (${sql.ref("events.received_at")} + ${sql.lit(SPILL_MS)}) * ${sql.lit(SLOTS)}
  and ${sql.ref("raw_messages.sha256")} = ${sql.ref("events.message")}`;

/**
 * A range that has the messages of these events, for PostgreSQL: it opens the days of the range alone. A key can lie
 * further behind its instant than a message does: that many events can share one.
 */
const nearRaw = (eventKeys: readonly number[]): RawBuilder<SqlBool> => {
  const { first, last } = endsOf(eventKeys);
  const key = sql.ref("raw_messages.key");
  return sql`${key} >= ${first - EVENT_SPILL_MS * SLOTS} and ${key} < ${last + SPILL_MS * SLOTS}`;
};

export interface KeptMessage {
  /** Of the event. */
  readonly event: number;
  readonly id: string;
  readonly key: number;
  readonly sha256: string;
}

/** The messages that these events came from, one row for each event whose message is kept. */
export async function messagesOf(db: Kysely<Tables>, eventKeys: readonly number[]): Promise<readonly KeptMessage[]> {
  const found: KeptMessage[] = [];
  for (const part of await partsWithRaw(db, eventKeys, REACH)) found.push(...(await joinedRaw(part).execute()));
  return found;
}

/** With their heads, deflated. */
export async function headsOf(
  db: Kysely<Tables>,
  eventKeys: readonly number[],
): Promise<readonly (KeptMessage & { readonly raw: Uint8Array })[]> {
  const found: (KeptMessage & { readonly raw: Uint8Array })[] = [];
  for (const part of await partsWithRaw(db, eventKeys, REACH))
    found.push(...(await joinedRaw(part).select("raw_messages.raw").execute()));
  return found;
}

const REACH = { beforeMs: EVENT_SPILL_MS, afterMs: SPILL_MS };

// Trust: all, messages are kept whoever wrote them.
const joinedRaw = ({ db, keys }: RawPart<Kysely<Tables>>) =>
  db
    .selectFrom("events")
    .innerJoin("raw_messages", (join) => join.on(isRawOfEvent).on(nearRaw(keys)))
    .select(["events.key as event", "events.id", "raw_messages.key", "raw_messages.sha256"])
    .where(oneOf(db, "events.key", keys));

/** A range that has all events of the messages of these. */
export const spanAround = (eventKeys: readonly number[]): KeySpan => {
  const { first, last } = endsOf(eventKeys);
  return { from: first - EVENT_SPILL_MS * SLOTS, to: last + EVENT_SPILL_MS * SLOTS };
};

const endsOf = (keys: readonly number[]): { readonly first: number; readonly last: number } => ({
  first: keys.reduce((least, key) => Math.min(least, key), Number.MAX_SAFE_INTEGER),
  last: keys.reduce((most, key) => Math.max(most, key), 0),
});

/** Resolves to how many there were. */
export async function deleteMessages(tx: Transaction<Tables>, keys: readonly number[]): Promise<number> {
  let deleted = 0;
  for (const part of await partsOfKeys(tx, keys)) {
    const { numDeletedRows } = await part.db
      .deleteFrom("raw_messages")
      .where(oneOf(tx, "key", part.keys))
      .executeTakeFirst();
    deleted += Number(numDeletedRows);
  }
  return deleted;
}

/** Head of the message that an event came from, null if it is not kept any more. */
export async function rawOf({ quick }: Pick<Database, "quick">, id: string): Promise<Buffer | null> {
  const key = await keyOfEvent(quick, id);
  const heads = key === undefined ? [] : await headsOf(quick, [key]);
  const head = heads.find((one) => one.id === id);
  return head ? inflateSync(head.raw) : null;
}
