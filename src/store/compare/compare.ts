/** Two periods of the log by one dimension: from the rollups where they know it, else from the events, newest first. */
import type { Database } from "../db/database.ts";
import { seriesOf } from "../rollups/counts.ts";
import type { LogFilter } from "../log/log-query.ts";
import { DAY_MS, HOUR_MS } from "../rollups/rollup-columns.ts";
import { rollupFor } from "../rollups/source.ts";
import type { RetentionSettings } from "../upkeep/retention.ts";
import { judgeChange, growthOf, type Pair } from "./change.ts";
import type { Compared, ComparedRow, CompareQuery, CompareSort, Comparison } from "./compared.ts";
import { keptOf } from "./kept.ts";
import { comparableSpans, daysOf, type PeriodSpan } from "./periods.ts";
import { sendsBeside } from "./sends-beside.ts";
import { CANDIDATES, countedValues, readValues, withinSpan, type Valued } from "./values.ts";

/** Periods of up to so many days are drawn by the hour. */
const BY_HOUR_DAYS = 2;

export async function compareLog(
  database: Database,
  settings: RetentionSettings,
  query: CompareQuery,
  now: number,
): Promise<Comparison> {
  const { by, signal, limit, sort } = query;
  const { filter, leftOut, from } = await keptOf(database, query.filter, settings, query, now);
  const unitMs = rollupFor(filter, [by], null)?.unitMs ?? null;
  const spans = comparableSpans(query, unitMs ?? HOUR_MS, now, from);
  const asked = { ...query, ...spans, filter };
  const found = await (unitMs === null ? readValues(database, asked) : countedValues(database, asked));
  const { share } = found;
  const names = found.rows.map(({ value }) => value);
  const sends = await sendsBeside(database, asked, names);
  const days = { now: daysOf(spans.period), before: daysOf(spans.before) };
  const looked = (pair: Pair): Pair => ({ now: pair.now * share.now, before: pair.before * share.before });
  const rowOf = ({ value, count }: Valued, sent: Pair | null): Omit<ComparedRow, "steps"> => {
    const [seen, exposure] = [looked(count), looked(sent ?? days)];
    return { value, count, sends: sent, change: judgeChange(seen, exposure), growth: growthOf(seen, exposure) };
  };
  const ordered = found.rows.map((row) => rowOf(row, sends.of(row.value))).toSorted(ORDERS[sort]);
  const shown = ordered.slice(0, limit);
  const step = unitMs === HOUR_MS && Math.max(days.now, days.before) <= BY_HOUR_DAYS ? "hour" : "day";
  // What had to be estimated is not read once more for a chart.
  const isExact = share.now === 1 && share.before === 1;
  const values = shown.map(({ value }) => value);
  const charts = isExact ? await chartsOf(database, { filter, by, signal, ...spans, step, values }) : null;
  return {
    ...spans,
    filter,
    leftOut,
    unit: unitMs === DAY_MS ? "day" : "hour",
    step,
    share,
    total: { ...rowOf({ value: "", count: found.total }, sends.all), steps: charts?.all ?? null },
    rows: shown.map((row) => ({ ...row, steps: charts?.of(row.value) ?? null })),
    more: ordered.length > limit || found.rows.length >= CANDIDATES,
  };
}

type Ordered = Pick<ComparedRow, "value" | "count" | "growth">;

const byCount = (a: Ordered, b: Ordered): number =>
  b.count.now - a.count.now || b.count.before - a.count.before || (a.value < b.value ? -1 : 1);

const ORDERS: Readonly<Record<CompareSort, (a: Ordered, b: Ordered) => number>> = {
  grew: (a, b) => b.growth - a.growth || byCount(a, b),
  fell: (a, b) => a.growth - b.growth || byCount(a, b),
  count: byCount,
};

interface ChartsQuery extends Pick<CompareQuery, "filter" | "by" | "period" | "before" | "signal"> {
  readonly step: "hour" | "day";
  readonly values: readonly string[];
}
type Steps = NonNullable<ComparedRow["steps"]>;
interface Charts {
  readonly all: Steps;
  readonly of: (value: string) => Steps;
}

async function chartsOf(database: Database, query: ChartsQuery): Promise<Charts> {
  const { filter, by, period, before, values } = query;
  const one = { ...filter, [by]: values };
  const [all, allBefore, each, eachBefore] = await Promise.all([
    stepsIn(database, query, period, filter),
    stepsIn(database, query, before, filter),
    stepsIn(database, query, period, one, by),
    stepsIn(database, query, before, one, by),
  ]);
  return {
    all: { now: all(""), before: allBefore("") },
    of: (value) => ({ now: each(value), before: eachBefore(value) }),
  };
}

async function stepsIn(
  database: Database,
  { step, signal, values }: ChartsQuery,
  span: PeriodSpan,
  filter: LogFilter,
  dimension?: Compared,
): Promise<(value: string) => readonly number[]> {
  const sizeMs = step === "hour" ? HOUR_MS : DAY_MS;
  const first = Math.floor(span.from / sizeMs);
  const length = Math.max(0, Math.ceil(span.to / sizeMs) - first);
  const found = new Map<string, number[]>();
  const stepsOf = (value: string): number[] => found.get(value) ?? Array.from({ length }, () => 0);
  if (length === 0 || (dimension !== undefined && values.length === 0)) return stepsOf;
  for (const point of await seriesOf(database, { ...withinSpan(filter, span), by: step, dimension }, signal)) {
    const steps = stepsOf(point.value);
    const index = Math.floor(Date.parse(point.at) / sizeMs) - first;
    steps[index] = (steps[index] ?? 0) + point.count;
    found.set(point.value, steps);
  }
  return stepsOf;
}
