/** Figures of a filter within a time: exact where the rollups have them, else estimated from the newest events. */
import { sql } from "kysely";
import { cancelledBy } from "../db/cancelled-by.ts";
import type { Database } from "../db/database.ts";
import { placed } from "../log/placed.ts";
import { areRollupsComplete } from "./rebuild.ts";
import { HOUR_MS, HOURLY } from "./rollup-columns.ts";
import { eventCounts, rollupFor } from "./source.ts";
import { countLog, facetsOf } from "./counts.ts";
import type { Count, Dimension, Facets, LogFilter } from "../log/log-query.ts";
import { rangeOf, type Range } from "../log/where.ts";

export interface Figures {
  readonly count: number;
  readonly facets: Facets;
  /** Of the period's events, how many were looked at. Below 1 the figures are estimates. */
  readonly share: number;
}

export interface FiguresQuery {
  readonly filter: LogFilter;
  readonly dimensions: readonly Dimension[];
  /** Values of each dimension. */
  readonly limit: number;
  /** No further events are read after it. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Events of the first part that is read; each part is twice the one before, up to the most. */
const FIRST_EVENTS = 500;
const MOST_EVENTS = 64_000;
/** Values of one dimension in one part. */
const MOST_VALUES = 5000;

export async function figuresOf(database: Database, query: FiguresQuery): Promise<Figures> {
  const { dimensions, limit, signal } = query;
  const filter = await placed(database.replica, query.filter, signal);
  const isKnown = (some: readonly Dimension[]): boolean => rollupFor(filter, some, null) !== null;
  const known = dimensions.filter((dimension) => isKnown([dimension]));
  const unknown = dimensions.filter((dimension) => !known.includes(dimension));
  const isExact =
    (unknown.length === 0 && isKnown([])) || filter.keys !== undefined || !(await areRollupsComplete(database));
  if (isExact) {
    const [count, facets] = await Promise.all([
      countLog(database, filter, undefined, signal),
      facetsOf(database, filter, dimensions, limit, signal),
    ]);
    return { count, facets, share: 1 };
  }
  const tallies = new Map(unknown.map((dimension) => [dimension, new Map<string, number>()] as const));
  const { count, share } = await readParts(database, { ...query, filter }, unknown, tallies);
  const scaled = (found: number): number => Math.round(found / (share || 1));
  const facets: Partial<Record<Dimension, readonly Count[]>> = {
    ...(await facetsOf(database, filter, known, limit, signal)),
  };
  for (const [dimension, tally] of tallies)
    facets[dimension] = [...tally]
      .map(([value, found]) => ({ value, count: scaled(found) }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, limit);
  return { count: isKnown([]) ? await countLog(database, filter, undefined, signal) : scaled(count), facets, share };
}

type Tallies = ReadonlyMap<Dimension, Map<string, number>>;

async function readParts(
  database: Database,
  { filter, budgetMs, signal }: FiguresQuery,
  dimensions: readonly Dimension[],
  tallies: Tallies,
): Promise<{ readonly count: number; readonly share: number }> {
  const until = performance.now() + budgetMs;
  const hours = await hoursOf(database, rangeOf(filter));
  const total = hours.reduce((sum, { count }) => sum + count, 0);
  const narrow = dimensions.filter((dimension) => HOURLY.some((name) => name === dimension));
  const wide = dimensions.filter((dimension) => !narrow.includes(dimension));
  let [count, read, size] = [0, 0, FIRST_EVENTS];
  for (
    let at = 0;
    at < hours.length && (read === 0 || performance.now() < until);
    size = Math.min(size * 2, MOST_EVENTS)
  ) {
    const first = at;
    let events = 0;
    while (at < hours.length && (at === first || events < size)) events += hours[at++]?.count ?? 0;
    const part = { ...filter, ...spanOf(filter, hours[at - 1]?.hour ?? 0, hours[first]?.hour ?? 0) };
    for (const some of [narrow, ...wide.map((dimension) => [dimension])]) {
      const found = await countPart(database, part, some, tallies, signal);
      if (some === narrow) count += found;
    }
    read += events;
  }
  return { count, share: total === 0 ? 1 : read / total };
}

/** Hours that have events, newest first. */
async function hoursOf(
  { replica }: Database,
  { from, to }: Range,
): Promise<readonly { hour: number; count: number }[]> {
  let query = replica
    .selectFrom("rollup_hours")
    .select(["hour", sql<number>`cast(sum(count) as bigint)`.as("count")])
    .groupBy("hour")
    .having(sql<number>`sum(count)`, ">", 0)
    .orderBy("hour", "desc");
  if (from !== null) query = query.where("hour", ">=", Math.floor(from / HOUR_MS));
  if (to !== null) query = query.where("hour", "<=", Math.floor(to / HOUR_MS));
  return query.execute();
}

/** From the beginning of the one hour to the end of the other, within the filter. */
function spanOf(filter: LogFilter, first: number, last: number): Pick<LogFilter, "from" | "to"> {
  const { from, to } = rangeOf(filter);
  return {
    from: new Date(Math.max(first * HOUR_MS, from ?? 0)).toISOString(),
    to: new Date(Math.min((last + 1) * HOUR_MS, to ?? Infinity)).toISOString(),
  };
}

async function countPart(
  database: Database,
  filter: LogFilter,
  dimensions: readonly Dimension[],
  tallies: Tallies,
  signal: AbortSignal | undefined,
): Promise<number> {
  const counts = await eventCounts(database, filter, dimensions, null);
  const query = sql<
    Readonly<Record<string, string | number>>
  >`select * from (${counts}) as counts order by count desc limit ${MOST_VALUES}`;
  const { rows } = await query.execute(database.replica, cancelledBy(signal));
  let found = 0;
  for (const row of rows) {
    found += Number(row["count"]);
    for (const [at, dimension] of dimensions.entries()) {
      const tally = tallies.get(dimension);
      const value = String(row[`d${at}`]);
      tally?.set(value, (tally.get(value) ?? 0) + Number(row["count"]));
    }
  }
  return found;
}
