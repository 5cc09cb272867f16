/** Periods of days that pages show, and the choice between them. Days are those of UTC. */
import { html, type Html } from "./html.ts";
import type { View } from "./view.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** First day of the last `count` days, today included: `2026-03-01`. */
export const firstOfLast = (count: number, now: number): string => dayOf(now - (count - 1) * DAY_MS);

/** Oldest first. */
export const lastDays = (count: number, now: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => firstOfLast(count - index, now));

/** `remark` is beside the choice. */
export const periodNav = (
  { t }: View,
  periods: readonly number[],
  current: number,
  href: (days: number) => string,
  remark: Html | false = false,
): Html =>
  html`<nav class="row small" aria-label="${t.period.label}">
    <span class="soft">${t.period.last}</span>
    ${periods.map(
      (days) =>
        html`<a class="button small" href="${href(days)}" ${days === current && html`aria-current="true"`}
          >${t.period.days(days)}</a
        >`,
    )}
    ${remark}
  </nav>`;
