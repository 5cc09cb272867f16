/** Two periods beside each other, in days of UTC: which they are, and what of them can be compared. Pure. */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const PERIOD_CHOICES = ["today", "yesterday", "this-week", "last-week", "this-month", "last-month"] as const;
export type PeriodChoice = (typeof PERIOD_CHOICES)[number];

/** In ms; `to` is not included. */
export interface PeriodSpan {
  readonly from: number;
  readonly to: number;
}
export interface PeriodSpans {
  readonly period: PeriodSpan;
  readonly before: PeriodSpan;
}

const dayStart = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS;
/** Weeks begin on Monday (ISO 8601). 1970 began on a Thursday. */
const weekStart = (ms: number): number => dayStart(ms) - ((Math.floor(ms / DAY_MS) + 3) % 7) * DAY_MS;
const monthStart = (ms: number, months = 0): number => {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months);
};

/** A period and the one before it. */
export function chosenSpans(choice: PeriodChoice, now: number): PeriodSpans {
  const [unit, when] = CHOSEN[choice];
  const starts = [1, 0, -1, -2].map((at) => STARTS[unit](now, at - when));
  const [end = 0, start = 0, startBefore = 0] = starts;
  return { period: { from: start, to: end }, before: { from: startBefore, to: start } };
}

const CHOSEN = {
  today: ["day", 0],
  yesterday: ["day", 1],
  "this-week": ["week", 0],
  "last-week": ["week", 1],
  "this-month": ["month", 0],
  "last-month": ["month", 1],
} as const satisfies Record<PeriodChoice, readonly [unit: "day" | "week" | "month", ago: number]>;

const STARTS = {
  day: (now: number, at: number) => dayStart(now) + at * DAY_MS,
  week: (now: number, at: number) => weekStart(now) + at * 7 * DAY_MS,
  month: monthStart,
} as const;

export interface Comparable extends PeriodSpans {
  /** The period goes on: it is counted to its last whole hour or day, and the other one to the same point. */
  readonly isCut: boolean;
  /** Nothing is kept of before; null where nothing is missing. */
  readonly keptFrom: number | null;
}

/** `unitMs`: what is counted is known for whole hours or days. `keptFrom`: the first of them that is complete. */
export function comparableSpans(
  { period, before }: PeriodSpans,
  unitMs: number,
  now: number,
  keptFrom: number,
): Comparable {
  const end = Math.floor(now / unitMs) * unitMs;
  const first = Math.ceil(keptFrom / unitMs) * unitMs;
  const isCut = period.to > end;
  const elapsed = Math.max(0, end - period.from);
  const within = ({ from, to }: PeriodSpan, most: number): PeriodSpan => {
    const begin = Math.max(from, first);
    return { from: begin, to: Math.max(begin, Math.min(to, end, most)) };
  };
  return {
    period: within(period, end),
    before: within(before, isCut ? before.from + elapsed : before.to),
    isCut,
    keptFrom: Math.min(period.from, before.from) < first ? first : null,
  };
}

export const daysOf = ({ from, to }: PeriodSpan): number => (to - from) / DAY_MS;
