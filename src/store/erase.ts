/**
 * Erasing a person's address: their events and messages go; where somebody else's event names the address (a report
 * on several recipients, a sender), the address is masked and the event stays.
 */
import { eventSchema, type BouncedEvent } from "../core/event.ts";
import { CODEC, packEvent, unpackEvent } from "./body.ts";
import type { Database } from "./database.ts";
import { QueryError } from "./log-query.ts";
import { chunks } from "./chunks.ts";
import { rawKeysOf } from "./raw-messages.ts";
import { deleteEvents } from "./retention.ts";
import { fold, normalAddress, rowOf } from "./rows.ts";
import { oneOf } from "./statements.ts";
import { matching } from "./where.ts";

export const ERASED = "erased@erased.invalid";

export interface Erased {
  readonly events: number;
  /** Events of others in which the address was masked. */
  readonly masked: number;
  readonly rawMessages: number;
  readonly suppressions: number;
  /** Rows of the list's history. */
  readonly changes: number;
}

/** Everything in the database. What waits on queues is `eraseJobs` of src/queues. */
export async function eraseAddress(database: Database, text: string): Promise<Erased> {
  const address = normalAddress(text);
  if (!/^[^\s@][^\s]*@[^\s@]+$/.test(address)) throw new QueryError("address: expected an address");
  const own = await eventsOf(database, { address: [address] });
  const messages = [...new Set(own.map(({ message }) => message))];
  const mentions = new Map<number, Mention>();
  for (const some of chunks(messages)) await collect(database, { message: some }, mentions);
  for (const part of ["sender", "subject", "diagnostic", "messageId"] as const)
    await collect(database, { [part]: address }, mentions);
  await collect(database, { header: { name: "", value: address } }, mentions);
  for (const { key } of own) mentions.delete(key);

  let rawMessages = await deleteRaw(database, [...own.map(({ key }) => key), ...mentions.keys()]);
  for (const some of chunks(own)) rawMessages += await deleteEvents(database, some);
  let masked = 0;
  for (const mention of mentions.values()) if (await maskEvent(database, mention, address)) masked++;
  const list = await eraseFromList(database, address);
  return { events: own.length, masked, rawMessages, ...list };
}

interface Mention {
  readonly key: number;
  readonly id: string;
  readonly message: string;
  readonly recorded_at: number;
}

const eventsOf = ({ read, dialect }: Database, filter: Parameters<typeof matching>[2]) =>
  matching(read, dialect, filter)
    .query.select(["events.key", "events.id", "events.message", "events.recorded_at"])
    .execute();

async function collect(
  database: Database,
  filter: Parameters<typeof matching>[2],
  into: Map<number, Mention>,
): Promise<void> {
  for (const row of await eventsOf(database, filter)) into.set(row.key, row);
}

async function deleteRaw({ write }: Database, eventKeys: readonly number[]): Promise<number> {
  let deleted = 0;
  for (const some of chunks(eventKeys)) {
    const keys = await rawKeysOf(write, some);
    const { numDeletedRows } = await write
      .deleteFrom("raw_messages")
      .where(oneOf(write, "key", keys))
      .executeTakeFirst();
    deleted += Number(numDeletedRows);
  }
  return deleted;
}

/** False where the event does not hold the address after all. */
async function maskEvent({ write }: Database, { key, id, recorded_at }: Mention, address: string): Promise<boolean> {
  return write.transaction().execute(async (tx) => {
    const body = await tx.selectFrom("event_bodies").selectAll().where("key", "=", key).executeTakeFirst();
    if (!body) return false;
    const event = unpackEvent(body.codec, body.body);
    const clean = maskIn(event, address);
    await tx.deleteFrom("verdicts").where("event_id", "=", id).execute();
    if (JSON.stringify(clean) === JSON.stringify(event)) return false;
    const { key: _key, id: _id, ...columns } = rowOf(clean, recorded_at);
    await tx.updateTable("events").set(columns).where("key", "=", key).execute();
    await tx
      .updateTable("event_bodies")
      .set({ codec: CODEC, body: packEvent(clean) })
      .where("key", "=", key)
      .execute();
    return true;
  });
}

/** Every string of the event, however deep, without the address in any spelling of case. */
function maskIn(event: BouncedEvent, address: string): BouncedEvent {
  const pattern = new RegExp(address.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`), "gi");
  const mask = (value: unknown): unknown => {
    if (typeof value === "string") return fold(value).includes(address) ? value.replaceAll(pattern, ERASED) : value;
    if (Array.isArray(value)) return value.map(mask);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mask(inner)]));
  };
  return eventSchema.parse(mask(event));
}

async function eraseFromList(
  { write }: Database,
  address: string,
): Promise<{ readonly suppressions: number; readonly changes: number }> {
  return write.transaction().execute(async (tx) => {
    const entries = await tx.deleteFrom("suppressions").where("value", "=", address).executeTakeFirst();
    const changes = await tx.deleteFrom("suppression_changes").where("value", "=", address).executeTakeFirst();
    return { suppressions: Number(entries.numDeletedRows), changes: Number(changes.numDeletedRows) };
  });
}
