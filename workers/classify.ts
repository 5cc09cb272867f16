/** The worker role: threads that classify, and housekeeping beside. Hostile mail can only stop or kill a thread. */
import { siblingModule } from "../src/sibling-module.ts";
import { availableParallelism } from "node:os";
import { watchRules } from "../src/rules/watch-rules.ts";
import { startThreads } from "../src/reading/threads.ts";
import type { StartRole } from "../src/service.ts";
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
import type { ClassifyThreadSettings } from "./classify-thread.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { parseCounted, type Counts } from "./tally.ts";

export const workerRole: StartRole = async (context) => {
  const { config, logger, redisUrl } = context;
  // Rule files with mistakes stop the start here, with a message, and not in a thread.
  const rules = watchRules({
    places: config,
    onLoad({ size }) {
      logger.info({ rules: size }, "the rule files have changed and were taken up");
      threads.post("reload");
    },
    onBad: (problem) => logger.error({ problem }, "the rule files have changed and are bad; the old rules stay"),
  });
  const threads = startThreads<ClassifyThreadSettings>({
    program: siblingModule(import.meta.url, "classify-thread"),
    settings: { config, redisUrl },
    count: Math.max(1, availableParallelism() - 1),
    onCondemned(id, why, detail) {
      messagesRead.inc({ outcome: "unreadable" });
      logger.error({ id, why, detail }, "a message stopped its reader; it gets the outcome `unparseable`");
    },
    onCrash: (detail) => logger.error({ detail }, "a classify thread ended; it is started again"),
    onMessage(message) {
      const { messages, events, readMs, lagMs } = message as Counts;
      messagesRead.inc({ outcome: "read" }, messages);
      for (const ms of readMs) classifySeconds.observe(ms / 1000);
      threadLagSeconds.set(lagMs / 1000);
      for (const [key, count] of events) {
        const { kind, severity, reason, provider, authenticity, source } = parseCounted(key);
        eventsEmitted.inc({ kind, severity }, count);
        eventsByAuthenticity.inc({ authenticity }, count);
        if (kind !== "bounce" && kind !== "delay") continue;
        eventsByReason.inc({ reason }, count);
        eventsByEvidence.inc({ source }, count);
        eventsByProvider.inc({ provider, severity }, count);
      }
    },
  });
  const housekeeping = await startHousekeeping(context);
  return {
    notes: [`worker: ${rules.current().size} rules`, ...housekeeping.notes],
    async stop() {
      rules.close();
      await threads.stop();
      await housekeeping.stop();
    },
  };
};
