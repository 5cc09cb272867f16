/** Counting the log: how many, of what, when. */
import { sql } from "kysely";
import { cancelledBy } from "../db/cancelled-by.ts";
import type { Database } from "../db/database.ts";
import {
  QueryError,
  type Count,
  type Dimension,
  type Facets,
  type LogFilter,
  type SeriesPoint,
  type SeriesQuery,
} from "../log/log-query.ts";
import { DAY_MS, HOUR_MS, HOURLY } from "./rollup-columns.ts";
import { countsOf } from "./source.ts";

/** The sum of counts, as a number: PostgreSQL makes it a decimal. */
const SUM = sql`cast(sum(count) as bigint)`;

/** Exact, or at most `atMost` where a rough answer is enough. */
export async function countLog(
  database: Database,
  filter: LogFilter,
  atMost?: number,
  signal?: AbortSignal,
): Promise<number> {
  const counts = await countsOf(database, filter, [], null, atMost);
  const { rows } = await sql<{ count: number | null }>`select ${SUM} as count from (${counts}) as counts`.execute(
    database.replica,
    cancelledBy(signal),
  );
  return Math.min(rows[0]?.count ?? 0, atMost ?? Number.MAX_SAFE_INTEGER);
}

/** Dimensions of few values, so that their combinations are few too: all of them are counted in one pass. */
const NARROW: ReadonlySet<Dimension> = new Set<Dimension>(HOURLY);

/** The most frequent values of each dimension, most frequent first. */
export async function facetsOf(
  database: Database,
  filter: LogFilter,
  dimensions: readonly Dimension[],
  limit = 20,
  signal?: AbortSignal,
): Promise<Facets> {
  const narrow = dimensions.filter((dimension) => NARROW.has(dimension));
  const wide = dimensions.filter((dimension) => !NARROW.has(dimension));
  const counted = await Promise.all([
    narrowFacets(database, filter, narrow, limit, signal),
    ...wide.map((dimension) => wideFacet(database, filter, dimension, limit, signal)),
  ]);
  return Object.assign({}, ...counted) as Facets;
}

async function narrowFacets(
  database: Database,
  filter: LogFilter,
  dimensions: readonly Dimension[],
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Facets> {
  if (dimensions.length === 0) return {};
  const counts = await countsOf(database, filter, dimensions);
  const values = sql.join(dimensions.map((_, at) => sql.ref(`d${at}`)));
  const combinations = await sql<Readonly<Record<string, string | number>>>`select ${values}, ${SUM} as count
    from (${counts}) as counts group by ${values}`.execute(database.replica, cancelledBy(signal));
  const facets: Partial<Record<Dimension, readonly Count[]>> = {};
  for (const [at, dimension] of dimensions.entries()) {
    const sums = new Map<string, number>();
    for (const row of combinations.rows) {
      const value = String(row[`d${at}`]);
      sums.set(value, (sums.get(value) ?? 0) + Number(row["count"]));
    }
    facets[dimension] = [...sums]
      .map(([value, count]) => ({ value, count }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, limit);
  }
  return facets;
}

async function wideFacet(
  database: Database,
  filter: LogFilter,
  dimension: Dimension,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Facets> {
  const counts = await countsOf(database, filter, [dimension]);
  const { rows } = await sql<Count>`select d0 as value, ${SUM} as count from (${counts}) as counts
    group by d0 having sum(count) > 0 order by sum(count) desc, d0 limit ${limit}`.execute(
    database.replica,
    cancelledBy(signal),
  );
  return { [dimension]: rows };
}

export async function seriesOf(
  database: Database,
  query: SeriesQuery,
  signal?: AbortSignal,
): Promise<readonly SeriesPoint[]> {
  const { by, dimension, offsetMinutes = 0, ...filter } = query;
  const [sizeMs, offsetMs] = [by === "hour" ? HOUR_MS : DAY_MS, offsetMinutes * 60_000];
  if (!Number.isInteger(offsetMs)) throw new QueryError("offsetMinutes: expected a whole number");
  const counts = await countsOf(database, filter, dimension ? [dimension] : [], { sizeMs, offsetMs });
  const value = dimension ? sql`d0` : sql`''`;
  const keys = dimension ? sql`bucket, d0` : sql`bucket`;
  const { rows } = await sql<{ bucket: number; value: string; count: number }>`
    select bucket, ${value} as value, ${SUM} as count from (${counts}) as counts
    group by ${keys} having sum(count) > 0 order by ${keys}`.execute(database.replica, cancelledBy(signal));
  return rows.map((row) => ({
    at: new Date(row.bucket * sizeMs - offsetMs).toISOString(),
    value: row.value,
    count: row.count,
  }));
}
