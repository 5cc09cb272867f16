/** What a comparison is asked, and what it answers. */
import type { LogFilter } from "../log/log-query.ts";
import type { Change, Pair } from "./change.ts";
import type { Comparable, PeriodSpans } from "./periods.ts";

export const COMPARED = [
  "severity",
  "kind",
  "reason",
  "fault",
  "provider",
  "domain",
  "tag",
  "senderDomain",
  "sendingAddress",
  "rule",
  "authenticity",
] as const;
export type Compared = (typeof COMPARED)[number];

export const COMPARE_SORTS = ["grew", "fell", "count"] as const;
export type CompareSort = (typeof COMPARE_SORTS)[number];

export interface CompareQuery extends PeriodSpans {
  /** Without a time. */
  readonly filter: LogFilter;
  readonly by: Compared;
  readonly sort: CompareSort;
  readonly limit: number;
  /** Where events must be read, none are read after it. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ComparedRow {
  /** `""` where the message did not say, and of the row for all. */
  readonly value: string;
  readonly count: Pair;
  /** Null where they are not known in both periods. */
  readonly sends: Pair | null;
  readonly change: Change;
  /** In standard deviations, negative where it fell. */
  readonly growth: number;
  /** Events of each step from the first of its period. Null where they would have to be read. */
  readonly steps: { readonly now: readonly number[]; readonly before: readonly number[] } | null;
}

export interface Comparison extends Comparable {
  /** As counted: without `leftOut`. */
  readonly filter: LogFilter;
  /** Kinds that are not kept for as long as the periods and others are. */
  readonly leftOut: NonNullable<LogFilter["kind"]>;
  /** `day`: counts of this filter are kept for whole days, and the periods end with one. */
  readonly unit: "hour" | "day";
  readonly step: "hour" | "day";
  /** Of the events of each period, how many were looked at. Below 1 the figures are estimates. */
  readonly share: Pair;
  readonly total: ComparedRow;
  readonly rows: readonly ComparedRow[];
  /** There are values beyond the rows. */
  readonly more: boolean;
}
