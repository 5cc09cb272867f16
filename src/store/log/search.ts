/** Reading the log: pages, and everything that matches. */
import { sql } from "kysely";
import { unpackEvent } from "./body.ts";
import { chunks } from "../db/chunks.ts";
import { cancelledBy } from "../db/cancelled-by.ts";
import type { Database } from "../db/database.ts";
import { QueryError, type LogEntry, type LogPage, type LogQuery, type SortColumn } from "./log-query.ts";
import { placed } from "./placed.ts";
import type { OpenSpan } from "../db/key-span.ts";
import { stretchesOf } from "../days/stretches.ts";
import { oneOf } from "../db/statements.ts";
import type { EventsTable } from "../db/tables.ts";
import type { LogPart, LogParts } from "../texts/parts.ts";
import { selectByKeys } from "../units/parts.ts";
import { hasText, isExact, keySpanOf, matching, partsToRead, rangeOf, type PlacedFilter } from "./where.ts";

const MAX_LIMIT = 1000;

const SORT: Readonly<Record<SortColumn, keyof EventsTable>> = {
  received: "key",
  recipient: "recipient",
  domain: "domain",
  sender: "sender",
  subject: "subject",
  severity: "severity",
  reason: "reason",
  status: "status",
  replyCode: "reply_code",
  failureCode: "failure_code",
  provider: "provider",
};

type Place = readonly [value: string | number, key: number];
interface Found {
  readonly places: readonly FoundPlace[];
  readonly next: string | null;
}
interface FoundPlace {
  readonly key: number;
  readonly recordedAt: number;
}

/** `now`: in ms; newer events are looked for first of all. */
export async function searchLog(
  database: Database,
  query: LogQuery,
  now: number,
  signal?: AbortSignal,
): Promise<LogPage> {
  const limit = query.limit ?? 50;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw new QueryError(`limit: expected 1 to ${MAX_LIMIT}`);
  const { places, next } = await placesOf(database, query, limit, now, signal);
  return { entries: await entriesOf(database, places), next };
}

async function placesOf(
  database: Database,
  query: LogQuery,
  limit: number,
  now: number,
  signal?: AbortSignal,
): Promise<Found> {
  const sort = query.sort ?? "received";
  const found: PlacedRow[] = [];
  const asked = await placed(database.replica, query, signal);
  const left = spanLeft(asked);
  const parts = isAtOnce(asked) ? null : await partsToRead(database.replica, database.dialect, asked, left);
  if (parts) found.push(...(await rowsOfParts(database, asked, parts, limit + 1, signal)));
  for (const span of parts ? [] : spansToRead(database, asked, left, now)) {
    const rows = await rowsIn(database, asked, span, limit + 1 - found.length, signal);
    found.push(...rows);
    if (found.length > limit) break;
  }
  const kept = found.slice(0, limit);
  const last = kept.at(-1);
  return {
    places: kept.map((row) => ({ key: row.key, recordedAt: row.recorded_at })),
    next: found.length > limit && last ? writeCursor(sort, [last.place, last.key]) : null,
  };
}

interface PlacedRow {
  readonly key: number;
  readonly recorded_at: number;
  readonly place: string | number;
}

/** Behind the page before. */
function spanLeft(query: LogQuery): OpenSpan {
  const { sort = "received", direction = "desc", cursor } = query;
  const { from, to } = keySpanOf(rangeOf(query));
  if (sort !== "received" || cursor === undefined) return { from, to };
  const at = readCursor(cursor, sort)[1];
  return direction === "desc" ? { from, to: Math.min(at, to ?? at) } : { from: Math.max(at + 1, from ?? 0), to };
}

/** In one query, whatever part of the log it asks. */
const isAtOnce = ({ sort = "received", ...filter }: LogQuery): boolean =>
  isExact(filter) || (sort !== "received" && !hasText(filter));

/** One after the other where they are in order of the key, on a log that is cut by it. */
function spansToRead(
  { dialect }: Database,
  { sort = "received", direction = "desc", keys }: LogQuery & PlacedFilter,
  left: OpenSpan,
  now: number,
): Iterable<OpenSpan> {
  return sort !== "received" || dialect === "sqlite" || keys ? [left] : stretchesOf(left, direction, now);
}

/** The first of all parts. Those in order of receipt are read one after the other, until there are enough. */
async function rowsOfParts(
  database: Database,
  query: LogQuery,
  { spans, rest }: LogParts,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<readonly PlacedRow[]> {
  const isByReceipt = (query.sort ?? "received") === "received";
  const sign = query.direction === "asc" ? 1 : -1;
  const found: PlacedRow[] = [];
  for (const part of sign > 0 ? spans : spans.toReversed()) {
    const left = isByReceipt ? limit - found.length : limit;
    if (left <= 0) break;
    found.push(...(await rowsIn(database, query, part, left, signal)));
  }
  if (rest) found.push(...(await rowsIn(database, query, rest, limit, signal)));
  return found.sort((a, b) => sign * (compared(a.place, b.place) || a.key - b.key)).slice(0, limit);
}

/** As SQLite does it. */
function compared(a: string | number, b: string | number): number {
  if (typeof a === "number" || typeof b === "number") return Number(a) - Number(b);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function rowsIn(
  { replica, dialect }: Database,
  query: LogQuery & PlacedFilter,
  part: LogPart,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<readonly PlacedRow[]> {
  const { sort = "received", direction = "desc", cursor } = query;
  const { query: found, key } = matching(replica, dialect, query, part);
  const value = sort === "received" ? key : sql<string | number>`${sql.ref(`events.${SORT[sort]}`)}`;
  let page = found
    .select(["events.key", "events.recorded_at"])
    .select(sql<string | number>`${value}`.as("place"))
    .orderBy(value, direction)
    // As a number in the text: SQLite keeps so many in order, and would make a sorter for each day without one.
    .limit(sql.lit(limit));
  if (sort !== "received") page = page.orderBy(key, direction);
  if (cursor !== undefined && sort !== "received") {
    const place = readCursor(cursor, sort);
    const beyond = sql.raw(direction === "desc" ? "<" : ">");
    page = page.where(sql<boolean>`(${value}, ${key}) ${beyond} (${place[0]}, ${place[1]})`);
  }
  return page.execute(cancelledBy(signal));
}

/** In the order of the keys. An event erased between the two questions is left out. */
async function entriesOf(
  { replica }: Pick<Database, "replica">,
  places: readonly FoundPlace[],
): Promise<readonly LogEntry[]> {
  if (places.length === 0) return [];
  const bodies = await selectByKeys(
    replica,
    places.map(({ key }) => key),
    (db, keys) =>
      db
        .selectFrom("event_bodies")
        .select(["key", "codec", "body"])
        .where(oneOf(db, "key", keys)),
  );
  const byKey = new Map(bodies.map((row) => [row.key, row]));
  return places.flatMap(({ key, recordedAt }) => {
    const row = byKey.get(key);
    return row ? [{ recordedAt: new Date(recordedAt).toISOString(), event: unpackEvent(row.codec, row.body) }] : [];
  });
}

/** Events that are read and unpacked at once: some 20 ms, in which nothing else is done. */
const SOME = 200;
/** After the first page: an order that no index has is found anew for every one. */
const LARGE_PAGE = 20_000;

/** Everything that matches, page after page: constant memory, no long-lived snapshot, no limit but the signal. */
export async function* iterateLog(
  database: Database,
  query: Omit<LogQuery, "limit" | "cursor">,
  signal?: AbortSignal,
): AsyncGenerator<LogEntry, void, undefined> {
  let cursor: string | undefined;
  let limit = MAX_LIMIT;
  do {
    const { places, next }: Found = await placesOf(database, { ...query, cursor }, limit, Date.now(), signal);
    for (const some of chunks(places, SOME)) {
      signal?.throwIfAborted();
      yield* await entriesOf(database, some);
    }
    cursor = next ?? undefined;
    limit = LARGE_PAGE;
  } while (cursor !== undefined);
}

const writeCursor = (sort: SortColumn, place: Place): string =>
  Buffer.from(JSON.stringify([sort, ...place])).toString("base64url");

function readCursor(cursor: string, sort: SortColumn): Place {
  try {
    const [column, value, key] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown[];
    const numeric = typeof value === "number";
    if (column === sort && (numeric || typeof value === "string") && typeof key === "number") return [value, key];
  } catch {
    // Falls through to the one answer below.
  }
  throw new QueryError("cursor: not one of this query");
}
