/** Counts of a thread, handed to the main thread every second, where the metrics are. */
import type { BouncedEvent } from "../src/core/event.ts";

const EVERY_MS = 1000;

export interface Counts {
  readonly messages: number;
  /** `kind severity` to how many. */
  readonly events: ReadonlyMap<string, number>;
}

export interface Tally {
  count(events: readonly Pick<BouncedEvent, "kind" | "severity">[]): void;
  /** Hands over what is left. */
  stop(): void;
}

export function createTally(report: (counts: Counts) => void): Tally {
  let messages = 0;
  let perKind = new Map<string, number>();
  const flush = (): void => {
    if (messages === 0) return;
    report({ messages, events: perKind });
    messages = 0;
    perKind = new Map();
  };
  const timer = setInterval(flush, EVERY_MS);
  timer.unref();
  return {
    count(events) {
      messages++;
      for (const { kind, severity } of events) {
        const key = `${kind} ${severity}`;
        perKind.set(key, (perKind.get(key) ?? 0) + 1);
      }
    },
    stop() {
      clearInterval(timer);
      flush();
    },
  };
}
