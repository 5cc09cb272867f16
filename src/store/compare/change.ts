/** What grew beyond chance, between two periods. Pure. */
import { atLeast } from "../../tallies/rates.ts";

/** A figure of the period, and the same of the one before. */
export interface Pair {
  readonly now: number;
  readonly before: number;
}

export const CHANGES = ["grew", "fell", "same"] as const;
/** `same`: chance explains the difference. */
export type Change = (typeof CHANGES)[number];

/**
 * Events of both periods are shared out as their exposures are, if nothing changed: days, or sends. The share of one of
 * them is larger than that beyond chance if the lower bound of Wilson's interval is (99 %), as with rates.
 */
export function judgeChange({ now, before }: Pair, exposure: Pair): Change {
  const whole = now + before;
  const expected = expectedShare(exposure);
  if (expected === null) return "same";
  if (atLeast({ part: now, whole }) > expected) return "grew";
  return atLeast({ part: before, whole }) > 1 - expected ? "fell" : "same";
}

/** How far from what is expected, in standard deviations: largest first is what grew most. */
export function growthOf({ now, before }: Pair, exposure: Pair): number {
  const expected = expectedShare(exposure);
  const whole = now + before;
  if (expected === null || whole === 0) return 0;
  return (now - whole * expected) / Math.sqrt(whole * expected * (1 - expected));
}

/** Null where one of them has none: nothing can be compared. */
const expectedShare = ({ now, before }: Pair): number | null => (now <= 0 || before <= 0 ? null : now / (now + before));
