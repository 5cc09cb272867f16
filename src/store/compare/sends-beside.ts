/** What was sent in two periods, for the events that are compared: of each value, or of all. */
import { sql } from "kysely";
import { FOLDED, tallyValue } from "../../tallies/tally.ts";
import { areDeliveriesKnown } from "../tallies/deliveries-known.ts";
import { cancelledBy } from "../db/cancelled-by.ts";
import type { Database } from "../db/database.ts";
import type { LogFilter } from "../log/log-query.ts";
import { HOUR_MS } from "../rollups/rollup-columns.ts";
import { TALLY_DIMENSIONS } from "../tallies/count-tallies.ts";
import { SEND_DIMENSIONS } from "../tallies/sends.ts";
import type { Pair } from "./change.ts";
import type { PeriodSpan, PeriodSpans } from "./periods.ts";

export interface SendsBeside {
  readonly all: Pair | null;
  readonly of: (value: string) => Pair | null;
}

interface SendsBesideQuery extends PeriodSpans {
  readonly filter: LogFilter;
  readonly by: string;
  readonly signal?: AbortSignal | undefined;
}

/** Filters that say what became of a send. Others choose among the sends, of which nothing is counted. */
const OUTCOME_FILTERS: ReadonlySet<string> = new Set<keyof LogFilter>([
  "kind",
  "severity",
  "reason",
  "fault",
  "advice",
  "authenticity",
  "status",
  "replyCode",
  "failureCode",
  "software",
  "format",
  "evidence",
  "rule",
]);

export async function sendsBeside(
  database: Database,
  query: SendsBesideQuery,
  values: readonly string[],
): Promise<SendsBeside> {
  const { filter, period, before } = query;
  const asked = Object.entries(filter).filter(([, value]) => !isNothing(value));
  const dimensions = SEND_DIMENSIONS.filter((name) => asked.some(([one]) => one === name));
  const by = SEND_DIMENSIONS.find((name) => name === query.by);
  const unknown = asked.filter(([name]) => !OUTCOME_FILTERS.has(name) && !dimensions.some((one) => one === name));
  const apart = TALLY_DIMENSIONS.filter((name) => name === by || dimensions.includes(name));
  if (unknown.length > 0 || apart.length > 1) return { all: null, of: () => null };
  // What is compared may fail altogether, so deliveries of anything say whether they are reported.
  const known = await Promise.all([period, before].map((span) => areDeliveriesKnown(database.replica, hoursOf(span))));
  if (known.includes(false)) return { all: null, of: () => null };
  const [all, allBefore] = await Promise.all([period, before].map((span) => sentIn(database, query, span, null)));
  const whole = pairOf(all?.get(""), allBefore?.get(""));
  if (by === undefined || whole === null) return { all: whole, of: () => whole };
  const named = values.filter((value) => value !== "" && value !== FOLDED);
  const [each, eachBefore] = await Promise.all([period, before].map((span) => sentIn(database, query, span, named)));
  return { all: whole, of: (value) => (value === "" ? null : pairOf(each?.get(value), eachBefore?.get(value))) };
}

const hoursOf = ({ from, to }: PeriodSpan): { from: number; to: number } => ({
  from: Math.floor(from / HOUR_MS),
  to: Math.ceil(to / HOUR_MS) - 1,
});

const isNothing = (value: unknown): boolean =>
  value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

const pairOf = (now = 0, before = 0): Pair | null => (now > 0 && before > 0 ? { now, before } : null);

/** Sends by value, of those that are named; without names all of them, as `""`. */
async function sentIn(
  { replica }: Database,
  { filter, by, signal }: SendsBesideQuery,
  { from, to }: PeriodSpan,
  named: readonly string[] | null,
): Promise<ReadonlyMap<string, number>> {
  if (named?.length === 0) return new Map();
  const dimension =
    TALLY_DIMENSIONS.find((name) => (named !== null && name === by) || (filter[name] ?? []).length > 0) ?? "";
  const conditions = [
    sql`dimension = ${dimension}`,
    sql`hour >= ${Math.floor(from / HOUR_MS)}`,
    sql`hour < ${Math.ceil(to / HOUR_MS)}`,
  ];
  const wanted = dimension === "" ? [] : (filter[dimension] ?? []);
  if (wanted.length > 0) conditions.push(sql`value in (${sql.join(wanted.map(tallyValue))})`);
  if (filter.provider && filter.provider.length > 0)
    conditions.push(sql`provider in (${sql.join(filter.provider.map(tallyValue))})`);
  const value = sql.ref(by === "provider" ? "provider" : "value");
  if (named) conditions.push(sql`${value} in (${sql.join(named)})`);
  const { rows } = await sql<{ value: string; sends: number }>`
    select ${named ? value : sql`''`} as value, cast(coalesce(sum(delivered + failed), 0) as bigint) as sends
    from tallies where ${sql.join(conditions, sql` and `)} ${named ? sql`group by ${value}` : sql``}`.execute(
    replica,
    cancelledBy(signal),
  );
  return new Map(rows.map((row) => [row.value, row.sends]));
}
