import { DAY_KEYS } from "./slots.ts";

/** Parts of the log, by keys: `from` included, `to` not. */
export interface KeySpan {
  readonly from: number;
  readonly to: number;
}

/** Null is no bound. */
export interface OpenSpan {
  readonly from: number | null;
  readonly to: number | null;
}

export const isWithin = (key: number, { from, to }: KeySpan): boolean => key >= from && key < to;

/** The unit that a key belongs in, as far as there is room between those that are there. Null: it has one. */
export function spanOf(key: number, unitDays: number, taken: readonly KeySpan[]): KeySpan | null {
  const first = Math.floor(key / DAY_KEYS / unitDays) * unitDays;
  let [from, to] = [first * DAY_KEYS, (first + unitDays) * DAY_KEYS];
  for (const other of taken) {
    if (isWithin(key, other)) return null;
    if (other.to <= key) from = Math.max(from, other.to);
    else to = Math.min(to, other.from);
  }
  return { from, to };
}
