/** Events into the log, each exactly once, whatever is delivered twice. */
import type { Insertable, Transaction } from "kysely";
import type { BouncedEvent } from "../core/event.ts";
import type { RecordedMessage } from "../queues/names.ts";
import { CODEC, packEvent } from "./body.ts";
import { receivedAtOf, rowOf } from "./rows.ts";
import { dialectOf, insertAll, oneOf } from "./statements.ts";
import type { EventsTable, RawMessagesTable, Tables } from "./tables.ts";
import { indexTexts } from "./text-index.ts";

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
  const inserted: NewEvent[] = [];
  for (let rest = events; rest.length > 0;) {
    const { done, refused } = await insertRows(tx, spread(rest));
    inserted.push(...done);
    // Refused because the event is in the log already, or because another one has its key.
    const known = await knownIds(
      tx,
      refused.map(({ row }) => row.id),
    );
    rest = refused
      .filter(({ row }) => !known.has(row.id))
      .map((fresh) => ({ ...fresh, row: { ...fresh.row, key: fresh.row.key + 1 } }));
  }
  await insertAll(
    tx,
    "event_bodies",
    inserted.map(({ row, body }) => ({ key: row.key, codec: CODEC, body })),
  );
  await insertAll(tx, "raw_messages", raw, "on conflict do nothing");
  const keys = inserted.map(({ row }) => row.key);
  if (dialectOf(tx) === "sqlite" && keys.length > 0) await indexTexts(tx, oneOf(tx, "key", keys));
  return inserted.sort((a, b) => a.row.key - b.row.key);
}

async function knownIds(tx: Transaction<Tables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom("events")
    .select("id")
    .where(oneOf(tx, "id", ids))
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Distinct keys within the batch, in order: a message to thousands gives thousands of events in one millisecond. */
function spread(events: readonly NewEvent[]): readonly NewEvent[] {
  let last = -1;
  return [...events]
    .sort((a, b) => a.row.key - b.row.key)
    .map((fresh) => {
      last = Math.max(last + 1, fresh.row.key);
      return last === fresh.row.key ? fresh : { ...fresh, row: { ...fresh.row, key: last } };
    });
}

async function insertRows(
  tx: Transaction<Tables>,
  events: readonly NewEvent[],
): Promise<{ done: NewEvent[]; refused: NewEvent[] }> {
  const rows = events.map(({ row }) => row);
  const returned = await insertAll<{ id: string }>(tx, "events", rows, "on conflict do nothing returning id");
  const written = new Set(returned.map(({ id }) => id));
  return {
    done: events.filter(({ row }) => written.has(row.id)),
    refused: events.filter(({ row }) => !written.has(row.id)),
  };
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
