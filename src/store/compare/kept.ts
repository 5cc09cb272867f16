/** What of two periods the log still has: an event that was deleted would look like one that never came. */
import { EVENT_KINDS } from "../../event/event.ts";
import type { Database } from "../db/database.ts";
import type { LogFilter } from "../log/log-query.ts";
import { DAY_MS, HOUR_MS } from "../rollups/rollup-columns.ts";
import type { RetentionSettings } from "../upkeep/retention.ts";
import type { PeriodSpans } from "./periods.ts";

export interface Kept {
  /** Without the kinds that are kept for less than others and not for all of the periods. */
  readonly filter: LogFilter;
  readonly leftOut: NonNullable<LogFilter["kind"]>;
  /** All that the filter finds is kept from here on. */
  readonly from: number;
}

export async function keptOf(
  { replica }: Pick<Database, "replica">,
  filter: LogFilter,
  settings: RetentionSettings,
  { period, before }: PeriodSpans,
  now: number,
): Promise<Kept> {
  const asked = filter.kind && filter.kind.length > 0 ? filter.kind : EVENT_KINDS;
  const keptDays = (kind: (typeof EVENT_KINDS)[number]): number => settings.retentionDays[kind] ?? settings.days;
  const longest = Math.max(...asked.map(keptDays));
  const start = Math.min(period.from, before.from);
  const isKept = (days: number): boolean => days === longest || now - days * DAY_MS <= start;
  const leftOut = asked.filter((kind) => !isKept(keptDays(kind)));
  // Trust: all, it only says how far back the log goes.
  const first = await replica
    .selectFrom("events")
    .select("received_at as at")
    .orderBy("key")
    .limit(1)
    .executeTakeFirst();
  const begin = Math.floor((first?.at ?? now) / HOUR_MS) * HOUR_MS;
  return {
    filter: leftOut.length === 0 ? filter : { ...filter, kind: asked.filter((kind) => !leftOut.includes(kind)) },
    leftOut,
    from: Math.max(begin, now - longest * DAY_MS),
  };
}
