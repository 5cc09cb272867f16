/** Counts of a thread, handed to the main thread every second, where the metrics are. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { BouncedEvent } from "../src/core/event.ts";

const EVERY_MS = 1000;

type Counted = Pick<BouncedEvent, "kind" | "severity" | "reason" | "provider" | "authenticity" | "evidence">;

export interface Counts {
  readonly messages: number;
  /** What `countedAs` says of an event to how many there were. */
  readonly events: ReadonlyMap<string, number>;
  /** How long each message took to be read, milliseconds. */
  readonly readMs: readonly number[];
  /** The longest time that the thread's event loop was held up, milliseconds. */
  readonly lagMs: number;
}

/** The values that metrics split by, as one key; `parseCounted` takes it apart. */
const countedAs = ({ kind, severity, reason, provider, authenticity, evidence }: Counted): string =>
  [kind, severity, reason, provider ?? "none", authenticity, evidence[0]?.source ?? "none"].join(" ");

export function parseCounted(
  key: string,
): Record<"kind" | "severity" | "reason" | "provider" | "authenticity" | "source", string> {
  const [kind = "", severity = "", reason = "", provider = "", authenticity = "", source = ""] = key.split(" ");
  return { kind, severity, reason, provider, authenticity, source };
}

export interface Tally {
  /** One message was read. */
  read(ms: number): void;
  count(events: readonly Counted[]): void;
  /** Hands over what is left. */
  stop(): void;
}

export function createTally(report: (counts: Counts) => void): Tally {
  let messages = 0;
  let perKind = new Map<string, number>();
  let readMs: number[] = [];
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const flush = (): void => {
    const lagMs = lag.max / 1e6;
    lag.reset();
    if (messages === 0 && readMs.length === 0) return;
    report({ messages, events: perKind, readMs, lagMs });
    messages = 0;
    perKind = new Map();
    readMs = [];
  };
  const timer = setInterval(flush, EVERY_MS);
  timer.unref();
  return {
    read: (ms) => void readMs.push(ms),
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
      lag.disable();
    },
  };
}
