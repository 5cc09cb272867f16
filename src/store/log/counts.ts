/** Counting the log: how many, of what, when. */
import { sql } from "kysely";
import type { Database } from "../db/database.ts";
import {
  QueryError,
  type Count,
  type Dimension,
  type Facets,
  type LogFilter,
  type SeriesPoint,
  type SeriesQuery,
} from "./log-query.ts";
import type { EventsTable } from "../db/tables.ts";
import { matching } from "./where.ts";

const DIMENSION: Readonly<Record<Dimension, keyof EventsTable>> = {
  kind: "kind",
  severity: "severity",
  reason: "reason",
  fault: "fault",
  authenticity: "authenticity",
  provider: "provider",
  domain: "domain",
  status: "status",
  replyCode: "reply_code",
  failureCode: "failure_code",
  software: "software",
  format: "format",
  evidence: "evidence",
  rule: "rule",
  senderDomain: "sender_domain",
  sendingAddress: "sending_address",
  tag: "tag",
};

const COUNT = sql<number>`count(*)`.as("count");

/** Exact, or at most `atMost` where a rough answer is enough. */
export async function countLog(
  { read, dialect }: Database,
  filter: LogFilter,
  atMost = Number.MAX_SAFE_INTEGER,
): Promise<number> {
  const { query } = matching(read, dialect, filter);
  const rows =
    atMost === Number.MAX_SAFE_INTEGER
      ? await query.select(COUNT).execute()
      : await read
          .selectFrom(
            query
              .select(sql<number>`1`.as("one"))
              .limit(atMost)
              .as("some"),
          )
          .select(COUNT)
          .execute();
  return rows[0]?.count ?? 0;
}

/**
 * Dimensions of few values, so that their combinations are few too: all of them are counted in one pass. The index
 * `events_facets` has them; a column that it lacks would make the pass read the wide rows.
 */
const NARROW: ReadonlySet<Dimension> = new Set<Dimension>([
  "kind",
  "severity",
  "reason",
  "fault",
  "authenticity",
  "provider",
]);

/** The most frequent values of each dimension, most frequent first. */
export async function facetsOf(
  database: Database,
  filter: LogFilter,
  dimensions: readonly Dimension[],
  limit = 20,
): Promise<Facets> {
  const narrow = dimensions.filter((dimension) => NARROW.has(dimension));
  const wide = dimensions.filter((dimension) => !NARROW.has(dimension));
  const counted = await Promise.all([
    narrowFacets(database, filter, narrow, limit),
    ...wide.map((dimension) => wideFacet(database, filter, dimension, limit)),
  ]);
  return Object.assign({}, ...counted) as Facets;
}

const columnOf = (dimension: Dimension) => sql<string | number>`${sql.ref(`events.${DIMENSION[dimension]}`)}`;

async function narrowFacets(
  { read, dialect }: Database,
  filter: LogFilter,
  dimensions: readonly Dimension[],
  limit: number,
): Promise<Facets> {
  if (dimensions.length === 0) return {};
  let query = matching(read, dialect, filter).query.select(COUNT);
  for (const dimension of dimensions)
    query = query.select(columnOf(dimension).as(dimension)).groupBy(columnOf(dimension));
  const combinations = (await query.execute()) as Readonly<Record<Dimension | "count", string | number>>[];
  const facets: Partial<Record<Dimension, readonly Count[]>> = {};
  for (const dimension of dimensions) {
    const counts = new Map<string, number>();
    for (const row of combinations) {
      const value = wordOf(row[dimension]);
      counts.set(value, (counts.get(value) ?? 0) + Number(row.count));
    }
    facets[dimension] = [...counts]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, limit);
  }
  return facets;
}

async function wideFacet(
  { read, dialect }: Database,
  filter: LogFilter,
  dimension: Dimension,
  limit: number,
): Promise<Facets> {
  const value = columnOf(dimension);
  const rows = await matching(read, dialect, filter)
    .query.select([value.as("value"), COUNT])
    .groupBy(value)
    .orderBy(sql`count(*)`, "desc")
    .orderBy(value)
    .limit(limit)
    .execute();
  return { [dimension]: rows.map((row) => ({ value: wordOf(row.value), count: row.count })) };
}

const HOUR_MS = 3_600_000;

export async function seriesOf({ read, dialect }: Database, query: SeriesQuery): Promise<readonly SeriesPoint[]> {
  const size = query.by === "hour" ? HOUR_MS : 24 * HOUR_MS;
  const offset = (query.offsetMinutes ?? 0) * 60_000;
  if (!Number.isInteger(offset)) throw new QueryError("offsetMinutes: expected a whole number");
  const bucket = sql<number>`(${sql.ref("events.received_at")} + ${sql.lit(offset)}) / ${sql.lit(size)}`;
  const value = query.dimension ? columnOf(query.dimension) : sql<string>`''`;
  let grouped = matching(read, dialect, query)
    .query.select([bucket.as("bucket"), value.as("value"), COUNT])
    .groupBy(bucket)
    .orderBy(bucket);
  if (query.dimension) grouped = grouped.groupBy(value).orderBy(value);
  const rows = await grouped.execute();
  return rows.map((row) => ({
    at: new Date(row.bucket * size - offset).toISOString(),
    value: wordOf(row.value),
    count: row.count,
  }));
}

/** Codes are numbers in the tables, and 0 is "none". */
const wordOf = (value: string | number): string => (value === 0 ? "" : String(value));
