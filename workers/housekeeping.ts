/** Trims queues that nobody consumes and deliveries that nobody takes, measures all queues. Runs beside the classify worker. */
import { boundAt, trimDeliveries, trimUnconsumed, usedShareOf } from "../src/queues/upkeep/bound.ts";
import { endpointQueuesOf } from "../src/queues/names.ts";
import { oldestWaitingAt, queueNames } from "../src/queues/upkeep/overview.ts";
import type { Queues } from "../src/queues/queues.ts";
import { outputQueuesOf } from "../src/queues/routes.ts";
import type { StartRole } from "../src/client/service.ts";
import { jobsTrimmed, oldestWaitingSeconds, queueJobs } from "../src/telemetry/metrics.ts";

const TRIM_MS = 10_000;
const MEASURE_MS = 5000;

export const startHousekeeping: StartRole = ({ config, logger, queues }) => {
  const outputs = outputQueuesOf(config.file.routes);
  const endpoints = endpointQueuesOf(config.file);
  const names = queueNames(config.file.routes, endpoints).map(([name]) => name);
  const deliveries = ["webhook", "forward", ...endpoints];
  const trim = async (): Promise<void> => {
    const bound = boundAt(config.file.bound, (await usedShareOf(queues)) ?? 0);
    for (const { queue, removed } of await trimUnconsumed(queues, outputs, bound)) {
      jobsTrimmed.inc({ queue }, removed);
      logger.warn({ queue, removed }, "nobody consumes this queue: its oldest jobs were removed; they are in the log");
    }
    for (const { queue, removed } of await trimDeliveries(queues, deliveries, bound)) {
      jobsTrimmed.inc({ queue }, removed);
      logger.warn(
        { queue, removed },
        "deliveries waited too long: the oldest are removed; their events are in the log",
      );
    }
  };
  const timers = [every(TRIM_MS, trim), every(MEASURE_MS, () => measureQueues(queues, names))];
  return Promise.resolve({
    notes: [],
    stop: () => {
      for (const timer of timers) clearInterval(timer);
      return Promise.resolve();
    },
  });

  /** Not beside itself: while Redis is away a command waits. */
  function every(ms: number, work: () => Promise<void>): NodeJS.Timeout {
    let isRunning = false;
    return setInterval(() => {
      if (isRunning) return;
      isRunning = true;
      work()
        .catch((error: unknown) => logger.warn({ err: error }, "housekeeping"))
        .finally(() => (isRunning = false));
    }, ms);
  }
};

/** Counts by state, and how long the oldest job has waited: a stalled consumer shows there first. */
export async function measureQueues(queues: Queues, names: readonly string[]): Promise<void> {
  // Figures of before say nothing while Redis does not answer.
  if (queues.redis.status !== "ready") {
    queueJobs.reset();
    oldestWaitingSeconds.reset();
    return;
  }
  await Promise.all(
    names.map(async (queue) => {
      const [counts, oldestAt] = await Promise.all([
        queues.get(queue).getJobCounts("waiting", "active", "delayed", "failed"),
        oldestWaitingAt(queues, queue),
      ]);
      for (const [state, count] of Object.entries(counts)) queueJobs.set({ queue, state }, count);
      oldestWaitingSeconds.set({ queue }, oldestAt === null ? 0 : Math.max(0, Date.now() - oldestAt) / 1000);
    }),
  );
}
