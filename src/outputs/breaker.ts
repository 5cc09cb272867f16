/** Spares an endpoint that is down: after some failures in a row nothing is sent for a while, which grows. */
export interface Breaker {
  /** Milliseconds until it may be tried again; 0: now. */
  openFor(now: number): number;
  succeeded(): void;
  failed(now: number): void;
}

const FAILURES = 5;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** `onPause` hears until when nothing is sent, milliseconds since 1970; 0 when it may be again. */
export function createBreaker(onPause: (until: number) => void = () => undefined): Breaker {
  let failures = 0;
  let opensAt = 0;
  return {
    openFor: (now) => Math.max(0, opensAt - now),
    succeeded() {
      if (opensAt > 0) onPause(0);
      failures = 0;
      opensAt = 0;
    },
    failed(now) {
      failures++;
      if (failures < FAILURES) return;
      opensAt = now + Math.min(FIRST_PAUSE_MS * 2 ** (failures - FAILURES), LONGEST_PAUSE_MS);
      onPause(opensAt);
    },
  };
}
