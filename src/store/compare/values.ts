/** Events of two periods by the values of a dimension. */
import { sql, type RawBuilder } from "kysely";
import { cancelledBy } from "../db/cancelled-by.ts";
import type { Database } from "../db/database.ts";
import type { LogFilter } from "../log/log-query.ts";
import { figuresOf, type Figures } from "../rollups/figures.ts";
import { countsOf } from "../rollups/source.ts";
import type { Pair } from "./change.ts";
import type { Compared, CompareSort } from "./compared.ts";
import { daysOf, type PeriodSpan, type PeriodSpans } from "./periods.ts";

export interface ValuesQuery extends PeriodSpans {
  readonly filter: LogFilter;
  readonly by: Compared;
  readonly sort: CompareSort;
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Valued {
  readonly value: string;
  readonly count: Pair;
}
export interface FoundValues {
  readonly rows: readonly Valued[];
  readonly total: Pair;
  /** Of the events of each period, how many were looked at. */
  readonly share: Pair;
}

/** Values that are looked at more closely. */
export const CANDIDATES = 500;

export const withinSpan = (filter: LogFilter, { from, to }: PeriodSpan): LogFilter => ({
  ...filter,
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** From the rollups. */
export async function countedValues(database: Database, query: ValuesQuery): Promise<FoundValues> {
  const { filter, by, period, before, sort, signal } = query;
  const [now, then] = await Promise.all(
    [period, before].map((span) => countsOf(database, withinSpan(filter, span), [by])),
  );
  const both = sql`select d0 as value, sum(now) as now, sum(earlier) as earlier from (
      select d0, count as now, 0 as earlier from (${now}) as one union all
      select d0, 0 as now, count as earlier from (${then}) as other) as both_periods
    group by d0 having sum(now) + sum(earlier) > 0`;
  // As `growthOf`, without the root and what is the same for all values.
  const ratio = daysOf(before) > 0 ? daysOf(period) / daysOf(before) : 1;
  const away = sql`(now - ${sql.lit(ratio)} * earlier)`;
  const growth = sql`1.0 * ${away} * abs(${away}) / (now + earlier)`;
  const orders: Readonly<Record<CompareSort, RawBuilder<unknown>>> = {
    grew: sql`${growth} desc`,
    fell: growth,
    count: sql`now desc, earlier desc`,
  };
  const { rows } = await sql<{ value: string; now: number; earlier: number; all_now: number; all_earlier: number }>`
    select value, cast(now as bigint) as now, cast(earlier as bigint) as earlier,
      cast(sum(now) over () as bigint) as all_now, cast(sum(earlier) over () as bigint) as all_earlier
    from (${both}) as counted_values order by ${orders[sort]}, value limit ${CANDIDATES}`.execute(
    database.replica,
    cancelledBy(signal),
  );
  return {
    rows: rows.map((row) => ({ value: row.value, count: { now: row.now, before: row.earlier } })),
    total: { now: rows[0]?.all_now ?? 0, before: rows[0]?.all_earlier ?? 0 },
    share: { now: 1, before: 1 },
  };
}

/**
 * From the events, newest first, where no counts are kept. Of more values than are looked at, one that is not among the
 * most frequent of both periods is left out: how many it had in the other is not known.
 */
export async function readValues(
  database: Database,
  { filter, by, budgetMs, signal, period, before }: ValuesQuery,
): Promise<FoundValues> {
  const figuresIn = (span: PeriodSpan) =>
    figuresOf(database, { filter: withinSpan(filter, span), dimensions: [by], limit: CANDIDATES, budgetMs, signal });
  const [now, then] = await Promise.all([figuresIn(period), figuresIn(before)]);
  const listOf = ({ facets }: Figures) => new Map((facets[by] ?? []).map(({ value, count }) => [value, count]));
  const [counts, countsBefore] = [listOf(now), listOf(then)];
  const isKnown = (list: ReadonlyMap<string, number>, value: string): boolean =>
    list.size < CANDIDATES || list.has(value);
  return {
    rows: [...new Set([...counts.keys(), ...countsBefore.keys()])]
      .filter((value) => isKnown(counts, value) && isKnown(countsBefore, value))
      .map((value) => ({ value, count: { now: counts.get(value) ?? 0, before: countsBefore.get(value) ?? 0 } })),
    total: { now: now.count, before: then.count },
    share: { now: now.share, before: then.share },
  };
}
