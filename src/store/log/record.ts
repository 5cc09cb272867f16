/** Events into the log, each exactly once, whatever is delivered twice. */
import type { Insertable, Transaction } from "kysely";
import type { BouncedEvent } from "../../event/event.ts";
import type { RecordedMessage } from "../../queues/payloads.ts";
import { marksOf, marksOfBoth } from "./address-marks.ts";
import { CODEC, packEvent, withEveryKey } from "./body.ts";
import { claimIds, forgetIds, idsBefore, knownIds, moveIds } from "../days/event-ids.ts";
import { withDistinctKeys, insertDistinct, type Keyed } from "./insert-distinct.ts";
import { insertRaw, newRawOf, type NewRaw } from "./raw-messages.ts";
import { rowOf } from "./rows.ts";
import { dialectOf, insertAll } from "../db/statements.ts";
import type { EventsTable, Tables } from "../db/tables.ts";
import { indexTexts } from "../texts/index-texts.ts";
import { addIds, idOctetsOf } from "../units/ids.ts";
import { partsOfKeys } from "../units/parts.ts";

export interface NewEvent extends Keyed<Insertable<EventsTable>> {
  readonly event: BouncedEvent;
  readonly body: Uint8Array;
  readonly hashes: Uint8Array;
  /** 1: it stands for the message, too, which has not been read. */
  readonly unread: 0 | 1;
}

/** What the jobs come to, worked out before the transaction, so that another one can use the time. */
export interface PreparedJobs {
  readonly events: readonly NewEvent[];
  readonly raw: readonly NewRaw[];
}

export function prepareJobs(jobs: readonly RecordedMessage[], now: number): PreparedJobs {
  const events = new Map(jobs.flatMap((job) => job.events.map((event) => [event.id, withEveryKey(event)] as const)));
  const raw = newRawOf(jobs, now);
  // The first event of a message stands for the message, too.
  const unread = new Map(raw.map(({ row }) => [row.sha256, row.raw]));
  const marked = (event: BouncedEvent): Pick<NewEvent, "hashes" | "unread"> => {
    const { sha256 } = event.message;
    const message = unread.get(sha256);
    if (message === undefined) return { hashes: marksOf(event), unread: 0 };
    unread.delete(sha256);
    const both = marksOfBoth(event, message);
    return { hashes: both ?? marksOf(event), unread: both === null ? 1 : 0 };
  };
  return {
    events: [...events.values()].map((event) => ({
      event,
      row: rowOf(event, now),
      body: packEvent(event),
      ...marked(event),
    })),
    raw,
  };
}

/** Writes what is not there yet and returns it, oldest first. */
export async function insertEvents(
  tx: Transaction<Tables>,
  { events, raw }: PreparedJobs,
): Promise<readonly NewEvent[]> {
  const isByDay = dialectOf(tx) === "postgres";
  const inserted = isByDay ? await insertClaimed(tx, events) : await insertNew(tx, events);
  const written = new Map(inserted.map((one) => [one.row.key, one]));
  for (const { keys, nameOf } of await partsOfKeys(tx, [...written.keys()])) {
    const some = keys.flatMap((key) => written.get(key) ?? []);
    await insertAll(
      tx,
      nameOf("event_bodies"),
      some.map(({ row, body }) => ({ key: row.key, codec: CODEC, body })),
    );
    await insertAll(
      tx,
      nameOf("event_addresses"),
      some.map(({ row, hashes, unread }) => ({ key: row.key, hashes, unread })),
    );
  }
  const messages = new Set(inserted.map(({ row }) => row.message));
  await insertRaw(
    tx,
    raw.filter(({ row }) => messages.has(row.sha256)),
  );
  await indexTexts(
    tx,
    inserted.map(({ row }) => row.key),
  );
  return inserted.toSorted((a, b) => a.row.key - b.row.key);
}

/** PostgreSQL: whoever has claimed an id writes its event. */
async function insertClaimed(tx: Transaction<Tables>, events: readonly NewEvent[]): Promise<readonly NewEvent[]> {
  const placed = withDistinctKeys(events);
  const claimed = await claimIds(
    tx,
    placed.map(({ row }) => row),
  );
  const mine = placed.filter(({ row }) => claimed.has(row.id));
  const inserted = await insertUnclaimed(tx, mine);
  const keyOfClaim = new Map(mine.map(({ row }) => [row.id, row.key]));
  await moveIds(
    tx,
    inserted.flatMap(({ row: { id, key } }) => (keyOfClaim.get(id) === key ? [] : [{ id, key }])),
  );
  // Written by an older version in this very moment.
  const written = new Set(inserted.map(({ row }) => row.id));
  await forgetIds(
    tx,
    mine.flatMap(({ row: { id } }) => (written.has(id) ? [] : [id])),
  );
  return inserted;
}

/** SQLite: nobody else writes meanwhile. */
async function insertNew(tx: Transaction<Tables>, events: readonly NewEvent[]): Promise<readonly NewEvent[]> {
  const known = await knownIds(
    tx,
    events.map(({ row }) => row.id),
  );
  const inserted = await insertUnclaimed(
    tx,
    events.filter(({ row }) => !known.has(row.id)),
  );
  const idOf = new Map(inserted.map(({ row }) => [row.key, row.id]));
  for (const { keys, isRest } of await partsOfKeys(tx, [...idOf.keys()]))
    if (!isRest)
      await addIds(
        tx,
        keys.map((key) => ({ id: idOctetsOf(idOf.get(key) ?? ""), key })),
      );
  return inserted;
}

/** The next free key for each whose own is taken. */
async function insertUnclaimed(tx: Transaction<Tables>, events: readonly NewEvent[]): Promise<readonly NewEvent[]> {
  const inserted: NewEvent[] = [];
  for (let rest = events; rest.length > 0;) {
    const { done, refused } = await insertDistinct(tx, "events", rest);
    inserted.push(...done);
    // Refused because the event is in the log already, or because another one has its key.
    const known = await idsBefore(
      tx,
      refused.map(({ row }) => row.id),
    );
    rest = refused.filter(({ row }) => !known.has(row.id));
  }
  return inserted;
}
