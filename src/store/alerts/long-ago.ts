/** Clocks of processes differ by less. */
const SKEW_MS = 3_600_000;

/**
 * Whether `at` is so long ago. A time that lies ahead was written by a clock that was wrong: it counts as long ago, or
 * what it was written for would wait until then.
 */
export const isLongAgo = (at: number, ms: number, now: number): boolean => at <= now - ms || at > now + SKEW_MS;
