/**
 * Stretches of the log that a page is looked for in, one after the other. PostgreSQL plans and opens each day of a
 * question, a quarter of a millisecond each, and the newest fifty are on one or two of them.
 */
import type { OpenSpan } from "../db/key-span.ts";
import { DAY_KEYS, SLOTS } from "../db/slots.ts";

/** Days of the first, beside the one that the page begins in. */
const FIRST_DAYS = 1;
/** The next has all that is left. */
const MOST_DAYS = 64;

/** In the order of reading; each has more days than the one before. */
export function* stretchesOf(span: OpenSpan, direction: "asc" | "desc", now: number): Generator<OpenSpan> {
  const [sign, first, last] = direction === "asc" ? [1, span.from, span.to] : [-1, span.to, span.from];
  const part = (near: number | null, far: number | null): OpenSpan =>
    sign === 1 ? { from: near, to: far } : { from: far, to: near };
  const start = first ?? (sign === 1 ? null : now * SLOTS);
  // The oldest event can be of any day.
  if (start === null) {
    yield span;
    return;
  }
  let near = first;
  let far = (Math.floor(start / DAY_KEYS) + (sign === 1 ? 1 : 0)) * DAY_KEYS;
  for (let days = FIRST_DAYS; days <= MOST_DAYS; days *= 2) {
    far += sign * days * DAY_KEYS;
    if (last !== null && (far - last) * sign >= 0) break;
    yield part(near, far);
    near = far;
  }
  yield part(near, last);
}
