/** Every half minute: trims queues that nobody consumes, measures all queues. Runs beside the classify worker. */
import { INTAKE_QUEUE, TAP_QUEUES } from "../src/queues/names.ts";
import { trimUnconsumed } from "../src/queues/bound.ts";
import { outputQueuesOf } from "../src/queues/routes.ts";
import type { Queues } from "../src/queues/queues.ts";
import type { StartRole } from "../src/service.ts";
import { jobsTrimmed, oldestWaitingSeconds, queueJobs } from "../src/telemetry/metrics.ts";

const EVERY_MS = 30_000;

export const startHousekeeping: StartRole = ({ config, logger, queues }) => {
  const outputs = outputQueuesOf(config.file.routes);
  const sweep = async (): Promise<void> => {
    for (const { queue, removed } of await trimUnconsumed(queues, outputs, config.file.bound)) {
      jobsTrimmed.inc({ queue }, removed);
      logger.warn({ queue, removed }, "nobody consumes this queue: its oldest jobs were removed; they are in the log");
    }
    await measureQueues(queues, [INTAKE_QUEUE, ...TAP_QUEUES, ...outputs]);
  };
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => logger.warn({ err: error }, "housekeeping"));
  }, EVERY_MS);
  return Promise.resolve({
    notes: [],
    stop: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  });
};

/** Counts by state, and how long the oldest job has waited: a stalled consumer shows there first. */
export async function measureQueues(queues: Queues, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const queue = queues.get(name);
    const counts = await queue.getJobCounts("waiting", "active", "delayed", "failed");
    for (const [state, count] of Object.entries(counts)) queueJobs.set({ queue: name, state }, count);
    const [oldest] = await queue.getWaiting(0, 0);
    oldestWaitingSeconds.set({ queue: name }, oldest ? (Date.now() - oldest.timestamp) / 1000 : 0);
  }
}
