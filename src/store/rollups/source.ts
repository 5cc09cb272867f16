/** Where the count of a filter is read from: the rollups for whole hours or days, the events for what is left over. */
import { sql, type Expression, type RawBuilder, type SqlBool } from "kysely";
import type { Database } from "../db/database.ts";
import { DIMENSIONS, type Dimension, type LogFilter } from "../log/log-query.ts";
import type { EventsTable } from "../db/tables.ts";
import { exact, matching, rangeOf, partsToRead, type PlacedFilter, type Range } from "../log/where.ts";
import { placed } from "../log/placed.ts";
import { areRollupsComplete } from "./rebuild.ts";
import {
  BESIDE_DAILY,
  DAILY,
  DAY_MS,
  HOUR_MS,
  HOURLY,
  VALUE_CHARS,
  dailyValue,
  isDaily,
  wordOf,
  type DailyDimension,
} from "./rollup-columns.ts";

const COLUMN_OF_DIMENSION: Readonly<Record<Dimension, keyof EventsTable>> = {
  kind: "kind",
  severity: "severity",
  reason: "reason",
  fault: "fault",
  authenticity: "authenticity",
  provider: "provider",
  ...DAILY,
};

/** Steps of a series. */
export interface Steps {
  readonly sizeMs: number;
  readonly offsetMs: number;
}

interface Rollup {
  readonly table: "rollup_hours" | "rollup_days";
  /** Null in `rollup_hours`. */
  readonly dimension: DailyDimension | null;
  readonly unitMs: number;
}

/**
 * With `atMost`, no more events are looked at where there is nothing but a number to be had.
 *
 * Rows `d0`, `d1` … (the dimensions), `bucket` (where there are steps) and `count`, to be summed up by whoever asks:
 * one value can be in several of them.
 */
export async function countsOf(
  database: Database,
  filter: LogFilter,
  dimensions: readonly Dimension[],
  steps: Steps | null = null,
  atMost: number | null = null,
): Promise<RawBuilder<unknown>> {
  const rollup = (await areRollupsComplete(database)) ? rollupFor(filter, dimensions, steps) : null;
  const range = rangeOf(filter);
  const inner = rollup && wholeUnits(range, rollup.unitMs);
  if (!rollup || !inner) {
    const asked = await placed(database.replica, filter);
    return eventCounts(database, asked, dimensions, steps, atMost);
  }
  const parts = [rollupCounts(rollup, filter, inner, dimensions, steps)];
  const at = (ms: number): string => new Date(ms).toISOString();
  if (range.from !== null && inner.from !== null && range.from < inner.from)
    parts.push(await eventCounts(database, { ...filter, to: at(inner.from) }, dimensions, steps));
  if (range.to !== null && inner.to !== null && inner.to < range.to)
    parts.push(await eventCounts(database, { ...filter, from: at(inner.to) }, dimensions, steps));
  return sql.join(parts, sql` union all `);
}

/** Null where the rollups cannot say. */
export function rollupFor(filter: LogFilter, dimensions: readonly Dimension[], steps: Steps | null): Rollup | null {
  const asked = new Set<string>(dimensions);
  for (const [name, value] of Object.entries(filter)) {
    if (name === "from" || name === "to" || value === undefined || value === "") continue;
    if (Array.isArray(value) && value.length === 0) continue;
    if (!DIMENSIONS.some((dimension) => dimension === name)) return null;
    asked.add(name);
  }
  const fits = (unitMs: number): boolean =>
    steps === null || (steps.sizeMs % unitMs === 0 && steps.offsetMs % unitMs === 0);
  if (HOURLY.filter((name) => asked.has(name)).length === asked.size)
    return fits(HOUR_MS) ? { table: "rollup_hours", dimension: null, unitMs: HOUR_MS } : null;
  for (const name of BESIDE_DAILY) asked.delete(name);
  const [dimension] = asked;
  if (asked.size !== 1 || dimension === undefined || !isDaily(dimension) || !fits(DAY_MS)) return null;
  const values: readonly (string | number)[] = filter[dimension] ?? [];
  if (values.some((value) => String(value).length > VALUE_CHARS)) return null;
  return { table: "rollup_days", dimension, unitMs: DAY_MS };
}

/** What of the range is made of whole units; null if nothing is. */
function wholeUnits({ from, to }: Range, unitMs: number): Range | null {
  const first = from === null ? null : Math.ceil(from / unitMs) * unitMs;
  const last = to === null ? null : Math.floor(to / unitMs) * unitMs;
  return first !== null && last !== null && first >= last ? null : { from: first, to: last };
}

function rollupCounts(
  { table, dimension, unitMs }: Rollup,
  filter: LogFilter,
  { from, to }: Range,
  dimensions: readonly Dimension[],
  steps: Steps | null,
): RawBuilder<unknown> {
  const unit = sql.ref(table === "rollup_hours" ? "hour" : "day");
  const valueColumn = dimension && DAILY[dimension];
  const columnOf = (column: string): RawBuilder<unknown> => sql.ref(column === valueColumn ? "value" : column);
  const conditions: Expression<SqlBool>[] = exact(valuesOf(filter, dimension), columnOf);
  if (dimension !== null) conditions.push(sql`dimension = ${dimension}`);
  if (from !== null) conditions.push(sql`${unit} >= ${from / unitMs}`);
  if (to !== null) conditions.push(sql`${unit} < ${to / unitMs}`);
  const bucket = steps && sql`(${unit} * ${sql.lit(unitMs)} + ${sql.lit(steps.offsetMs)}) / ${sql.lit(steps.sizeMs)}`;
  const columns = namesOf(
    dimensions.map((name) => columnOf(COLUMN_OF_DIMENSION[name])),
    bucket,
  );
  const where = conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``;
  return sql`select ${columns} from ${sql.table(table)} ${where}`;
}

/** Numbers are words in the rollups, and no number is the empty one. */
function valuesOf(filter: LogFilter, dimension: DailyDimension | null): LogFilter {
  if (dimension !== "replyCode" && dimension !== "failureCode") return filter;
  return { ...filter, [dimension]: filter[dimension]?.map(wordOf) };
}

function namesOf(dimensions: readonly RawBuilder<unknown>[], bucket: RawBuilder<unknown> | null): RawBuilder<unknown> {
  const named = dimensions.map((column, at) => sql`${column} as ${sql.ref(`d${at}`)}`);
  if (bucket) named.push(sql`${bucket} as bucket`);
  return sql.join([...named, sql.ref("count")]);
}

export async function eventCounts(
  { replica, dialect }: Database,
  filter: PlacedFilter,
  dimensions: readonly Dimension[],
  steps: Steps | null,
  atMost: number | null = null,
): Promise<RawBuilder<unknown>> {
  const parts = await partsToRead(replica, dialect, filter);
  const asked = parts ? [...parts.spans, ...(parts.rest ? [parts.rest] : [])] : [];
  const found = asked.length > 0 ? asked : [undefined];
  if (dimensions.length === 0 && !steps && atMost !== null) {
    const some = found.map((part) => {
      const { query } = matching(replica, dialect, filter, part);
      return sql`select * from ${query.select(sql<number>`1`.as("one"))} as part`;
    });
    return sql`select count(*) as count from (${sql.join(some, sql` union all `)} limit ${atMost}) as counted`;
  }
  const columns = dimensions.map((name, at) => ({ name: `d${at}`, column: eventColumn(name) }));
  if (steps) {
    const { sizeMs, offsetMs } = steps;
    const column = sql`(${sql.ref("events.received_at")} + ${sql.lit(offsetMs)}) / ${sql.lit(sizeMs)}`;
    columns.push({ name: "bucket", column });
  }
  const names = sql.join([...columns.map(({ name }) => sql.ref(name)), sql.ref("count")]);
  const counts = found.map((part) => {
    let query = matching(replica, dialect, filter, part).query.select(sql<number>`count(*)`.as("count"));
    for (const { name, column } of columns) query = query.select(column.as(name)).groupBy(column);
    return sql`select ${names} from ${query} as found`;
  });
  return sql.join(counts, sql` union all `);
}

/** As the rollups have it, so that both can be one list. */
const eventColumn = (name: Dimension): RawBuilder<unknown> =>
  isDaily(name) ? dailyValue(name) : sql.ref(`events.${COLUMN_OF_DIMENSION[name]}`);
