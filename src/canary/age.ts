/**
 * How long ago a report was made, as a clock that only goes forward has it: whoever set the machine's clock back and
 * forth would else see a canary that is hours late, or from the future.
 */
export interface CanaryClock {
  /** Ms since 1970, as the report's time is written. */
  readonly now: () => number;
  /** Ms, never set back. */
  readonly steady: () => number;
}

/** Ms since the report of this time, which `at` tells from the one before. */
export function createCanaryAge({ now, steady }: CanaryClock): (at: string) => number {
  let known: { readonly at: string; readonly madeAt: number } | null = null;
  let lookedAt: number | null = null;
  return (at) => {
    const look = steady();
    if (known?.at !== at) {
      // It came since the last look; before the first one nothing but the written time is known.
      const written = Math.max(0, now() - Date.parse(at));
      known = { at, madeAt: look - (lookedAt === null ? written : Math.min(written, look - lookedAt)) };
    }
    lookedAt = look;
    return look - known.madeAt;
  };
}
