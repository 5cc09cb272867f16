/** Days since 1970, UTC: the clock of every return path that expires. */

const DAY_MS = 86_400_000;

/** Null for null or for what is no date. */
export function dayOf(instant: Date | string | null): number | null {
  if (instant === null) return null;
  const time = new Date(instant).getTime();
  return Number.isNaN(time) ? null : Math.floor(time / DAY_MS);
}

export const instantOfDay = (day: number): string => new Date(day * DAY_MS).toISOString();

/** The latest day up to `latest` whose remainder is the one given: for stamps that count modulo something. */
export const latestDay = (remainder: number, modulus: number, latest: number): number =>
  latest - ((((latest - remainder) % modulus) + modulus) % modulus);
