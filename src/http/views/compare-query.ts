/** Two periods, a dimension and a filter as query parameters, in the API and on the page. */
import { z } from "zod";
import { countedBy } from "../../event/credible.ts";
import { COMPARED, COMPARE_SORTS, type CompareQuery } from "../../store/compare/compared.ts";
import { chosenSpans, PERIOD_CHOICES, type PeriodSpan, type PeriodSpans } from "../../store/compare/periods.ts";
import { QueryError } from "../../store/log/log-query.ts";
import { orNothing } from "../list-parameter.ts";
import { filterOf, filterShape } from "../query.ts";

const DAY_MS = 86_400_000;

const day = (what: string) =>
  z.preprocess(orNothing, z.iso.date({ error: "expected YYYY-MM-DD" }).optional()).describe(what);

const { from: _from, to: _to, ...filters } = filterShape;

export const compareShape = {
  ...filters,
  period: z
    .preprocess(orNothing, z.enum(PERIOD_CHOICES).default("this-week"))
    .describe("with the one before it; weeks begin on Monday"),
  from: day("first day of a period of your own (UTC), instead of `period`"),
  to: day("its last day, included; today if it is left out"),
  beforeFrom: day("first day of the period that it is compared with; if it is left out, as many days right before"),
  beforeTo: day("last day of that one"),
  by: z.preprocess(orNothing, z.enum(COMPARED).default("severity")).describe("a row for each value of it"),
  sort: z
    .preprocess(orNothing, z.enum(COMPARE_SORTS).default("grew"))
    .describe("what grew, or fell, most beyond chance first; or the most frequent"),
} as const;

export const compareSchema = z.strictObject(compareShape);
export type ComparisonQuery = z.infer<typeof compareSchema>;

const dayBefore = (ms: number): string => new Date(ms - DAY_MS).toISOString().slice(0, 10);

const spanOf = (name: string, first: string, last: string): PeriodSpan => {
  const span = { from: Date.parse(first), to: Date.parse(last) + DAY_MS };
  if (span.to <= span.from) throw new QueryError(`${name}: ends (${last}) before it begins (${first})`);
  return span;
};

export type PeriodQuery = Pick<ComparisonQuery, "period" | "from" | "to" | "beforeFrom" | "beforeTo">;

/** Whole days. Throws QueryError where one ends before it begins. */
export function spansOf({ period: choice, from, to, beforeFrom, beforeTo }: PeriodQuery, now: number): PeriodSpans {
  const chosen = chosenSpans(choice, now);
  const isOwn = (from ?? to) !== undefined;
  const today = new Date(now).toISOString().slice(0, 10);
  const period = isOwn ? spanOf("period", from ?? to ?? today, to ?? today) : chosen.period;
  if (!isOwn && (beforeFrom ?? beforeTo) === undefined) return chosen;
  const last = beforeTo ?? (beforeFrom === undefined ? dayBefore(period.from) : undefined);
  const length = period.to - period.from;
  if (beforeFrom === undefined) {
    const end = Date.parse(last ?? today) + DAY_MS;
    return { period, before: { from: end - length, to: end } };
  }
  const first = Date.parse(beforeFrom);
  return {
    period,
    before: last === undefined ? { from: first, to: first + length } : spanOf("before", beforeFrom, last),
  };
}

/** Counts credible events, unless the filter asks for others or authenticity is what is compared. */
export function compareQueryOf(query: ComparisonQuery, now: number): Omit<CompareQuery, "limit" | "budgetMs"> {
  const { by, sort, period, from, to, beforeFrom, beforeTo, ...rest } = query;
  const { authenticity, ...filter } = filterOf(rest);
  const counted = by === "authenticity" ? { ...filter, authenticity } : countedBy({ ...filter, authenticity });
  return { ...spansOf({ period, from, to, beforeFrom, beforeTo }, now), filter: counted, by, sort };
}
