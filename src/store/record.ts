/** Events into the log, each exactly once, whatever is delivered twice. */
import type { Insertable, Transaction } from "kysely";
import type { BouncedEvent } from "../core/event.ts";
import type { RecordedMessage } from "../queues/names.ts";
import { CODEC, packEvent } from "./body.ts";
import { receivedAtOf, rowOf } from "./rows.ts";
import type { EventsTable, RawMessagesTable, Tables } from "./tables.ts";

/** Rows of one statement: 31 columns each, below SQLite's 32,766 and PostgreSQL's 65,535 parameters. */
const ROWS = 500;

export interface NewEvent {
  readonly event: BouncedEvent;
  readonly row: Insertable<EventsTable>;
  readonly body: Uint8Array;
}

/** What the jobs come to, worked out before the transaction, so that another one can use the time. */
export interface PreparedJobs {
  readonly events: readonly NewEvent[];
  readonly raw: readonly Insertable<RawMessagesTable>[];
}

export function prepareJobs(jobs: readonly RecordedMessage[], now: number): PreparedJobs {
  const events = new Map(jobs.flatMap((job) => job.events.map((event) => [event.id, event] as const)));
  return {
    events: [...events.values()].map((event) => ({ event, row: rowOf(event, now), body: packEvent(event) })),
    raw: rawOf(jobs, now),
  };
}

/** Writes what is not there yet and returns it, oldest first. */
export async function insertEvents(
  tx: Transaction<Tables>,
  { events, raw }: PreparedJobs,
): Promise<readonly NewEvent[]> {
  const known = await knownIds(
    tx,
    events.map(({ row }) => row.id),
  );
  const inserted: NewEvent[] = [];
  let rest: readonly NewEvent[] = events.filter(({ row }) => !known.has(row.id));
  while (rest.length > 0) {
    const { done, refused } = await insertRows(tx, spread(rest));
    inserted.push(...done);
    // Refused because the key is taken, or because another writer has just written the same event.
    const meanwhile = await knownIds(
      tx,
      refused.map(({ row }) => row.id),
    );
    rest = refused
      .filter(({ row }) => !meanwhile.has(row.id))
      .map((fresh) => ({ ...fresh, row: { ...fresh.row, key: fresh.row.key + 1 } }));
  }
  await insertBodies(tx, inserted);
  for (const some of chunks(raw))
    await tx
      .insertInto("raw_messages")
      .values(some)
      .onConflict((conflict) => conflict.column("sha256").doNothing())
      .execute();
  return inserted.sort((a, b) => a.row.key - b.row.key);
}

async function knownIds(tx: Transaction<Tables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const some of chunks(ids))
    for (const { id } of await tx.selectFrom("events").select("id").where("id", "in", some).execute()) known.add(id);
  return known;
}

/** Distinct keys within the batch, in order: a message to thousands gives thousands of events in one millisecond. */
function spread(events: readonly NewEvent[]): readonly NewEvent[] {
  let last = -1;
  return [...events]
    .sort((a, b) => a.row.key - b.row.key)
    .map((fresh) => {
      last = Math.max(last + 1, fresh.row.key);
      return { ...fresh, row: { ...fresh.row, key: last } };
    });
}

async function insertRows(
  tx: Transaction<Tables>,
  events: readonly NewEvent[],
): Promise<{ done: NewEvent[]; refused: NewEvent[] }> {
  const written = new Set<string>();
  for (const some of chunks(events))
    for (const { id } of await tx
      .insertInto("events")
      .values(some.map(({ row }) => row))
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .execute())
      written.add(id);
  return {
    done: events.filter(({ row }) => written.has(row.id)),
    refused: events.filter(({ row }) => !written.has(row.id)),
  };
}

async function insertBodies(tx: Transaction<Tables>, events: readonly NewEvent[]): Promise<void> {
  for (const some of chunks(events))
    await tx
      .insertInto("event_bodies")
      .values(some.map(({ row, body }) => ({ key: row.key, codec: CODEC, body })))
      .execute();
}

const rawOf = (jobs: readonly RecordedMessage[], now: number): readonly Insertable<RawMessagesTable>[] =>
  jobs.flatMap(({ events: [first], raw }) =>
    first && raw !== null
      ? [
          {
            sha256: first.message.sha256,
            received_at: receivedAtOf(first, now),
            raw: Buffer.from(raw, "base64"),
          },
        ]
      : [],
  );

export function chunks<T>(items: readonly T[], size = ROWS): readonly (readonly T[])[] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
