/** Counts of a thread, handed to the main thread every second, where the metrics are. */
import type { BouncedEvent } from "../src/core/event.ts";

const EVERY_MS = 1000;

type Counted = Pick<BouncedEvent, "kind" | "severity" | "reason" | "provider" | "authenticity">;

export interface Counts {
  readonly messages: number;
  /** What `countedAs` says of an event to how many there were. */
  readonly events: ReadonlyMap<string, number>;
}

/** The values that metrics split by, as one key; `parseCounted` takes it apart. */
const countedAs = ({ kind, severity, reason, provider, authenticity }: Counted): string =>
  [kind, severity, reason, provider ?? "none", authenticity].join(" ");

export function parseCounted(
  key: string,
): Record<"kind" | "severity" | "reason" | "provider" | "authenticity", string> {
  const [kind = "", severity = "", reason = "", provider = "", authenticity = ""] = key.split(" ");
  return { kind, severity, reason, provider, authenticity };
}

export interface Tally {
  count(events: readonly Counted[]): void;
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
      for (const event of events) {
        const key = countedAs(event);
        perKind.set(key, (perKind.get(key) ?? 0) + 1);
      }
    },
    stop() {
      clearInterval(timer);
      flush();
    },
  };
}
