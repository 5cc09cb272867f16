/** What the worker counts. */
import type { BouncedEvent } from "../src/event/event.ts";
import {
  classifySeconds,
  eventsByAuthenticity,
  eventsByEvidence,
  eventsByProvider,
  eventsByReason,
  eventsEmitted,
  messagesRead,
  threadLagSeconds,
} from "../src/telemetry/metrics.ts";

const EVERY_MS = 1000;

/** Of one message, once they are on their queues. */
export function countRead(events: readonly BouncedEvent[]): void {
  const isUnread = events[0]?.warnings.some(({ code }) => code === "unparseable") ?? false;
  messagesRead.inc({ outcome: isUnread ? "unreadable" : "read" });
  for (const { kind, severity, reason, provider, authenticity, evidence } of events) {
    eventsEmitted.inc({ kind, severity });
    eventsByAuthenticity.inc({ authenticity });
    if (kind !== "bounce" && kind !== "delay") continue;
    eventsByReason.inc({ reason });
    eventsByEvidence.inc({ source: evidence[0]?.source ?? "none" });
    eventsByProvider.inc({ provider: provider ?? "none", severity });
  }
}

/** How long messages took to be read, and the longest of the last busy second. */
export function createReadClock(): { readonly add: (ms: number) => void; readonly stop: () => void } {
  let longestMs = 0;
  const timer = setInterval(() => {
    if (longestMs > 0) threadLagSeconds.set(longestMs / 1000);
    longestMs = 0;
  }, EVERY_MS);
  timer.unref();
  return {
    add(ms) {
      classifySeconds.observe(ms / 1000);
      longestMs = Math.max(longestMs, ms);
    },
    stop: () => clearInterval(timer),
  };
}
