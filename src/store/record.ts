/** Events into the log, each exactly once, whatever is delivered twice. */
import type { Insertable, Transaction } from "kysely";
import type { BouncedEvent } from "../core/event.ts";
import type { RecordJob } from "../queues/names.ts";
import { CODEC, packEvent } from "./body.ts";
import { receivedAtOf, rowOf } from "./rows.ts";
import type { EventsTable, Tables } from "./tables.ts";

/** Rows of one statement: 31 columns each, below SQLite's 32,766 and PostgreSQL's 65,535 parameters. */
const ROWS = 500;

export interface NewEvent {
  readonly event: BouncedEvent;
  readonly row: Insertable<EventsTable>;
}

/** Writes what is not there yet and returns it, oldest first. */
export async function insertEvents(
  tx: Transaction<Tables>,
  jobs: readonly RecordJob[],
  now: number,
): Promise<readonly NewEvent[]> {
  const events = new Map(jobs.flatMap((job) => job.events.map((event) => [event.id, event] as const)));
  const known = await knownIds(tx, [...events.keys()]);
  const fresh = [...events.values()].filter((event) => !known.has(event.id));
  const inserted: NewEvent[] = [];
  let rest: NewEvent[] = fresh.map((event) => ({ event, row: rowOf(event, now) }));
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
      .map(({ event, row }) => ({ event, row: { ...row, key: row.key + 1 } }));
  }
  await insertBodies(tx, inserted);
  await insertRaw(tx, jobs, now);
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
    .map(({ event, row }) => {
      last = Math.max(last + 1, row.key);
      return { event, row: { ...row, key: last } };
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
      .values(some.map(({ event, row }) => ({ key: row.key, codec: CODEC, body: packEvent(event) })))
      .execute();
}

async function insertRaw(tx: Transaction<Tables>, jobs: readonly RecordJob[], now: number): Promise<void> {
  const rows = jobs.flatMap(({ events: [first], raw }) =>
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
  for (const some of chunks(rows))
    await tx
      .insertInto("raw_messages")
      .values(some)
      .onConflict((conflict) => conflict.column("sha256").doNothing())
      .execute();
}

export function chunks<T>(items: readonly T[], size = ROWS): readonly (readonly T[])[] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
