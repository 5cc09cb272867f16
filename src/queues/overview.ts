/** How full every queue is, and how long its oldest job has waited. */
import { FEED_QUEUES, INTAKE_QUEUE, TAP_QUEUES, webhookQueueOf } from "./names.ts";
import type { Queues } from "./queues.ts";
import { outputQueuesOf, type Route } from "./routes.ts";

export interface QueueState {
  readonly name: string;
  readonly group: "intake" | "output" | "own" | "feed";
  /** Waiting, also for a retry. */
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
  /** Of the oldest job that waits; null if none does. */
  readonly oldestMs: number | null;
  /** Workers that take from it now. */
  readonly consumers: number;
  readonly paused: boolean;
}

/** Of these routes, and of these webhook endpoints. */
export const queueNames = (
  routes: readonly Route[],
  endpointIds: readonly string[],
): readonly (readonly [string, QueueState["group"]])[] => [
  [INTAKE_QUEUE, "intake"],
  ...outputQueuesOf(routes).map((name) => [name, "output"] as const),
  ...TAP_QUEUES.map((name) => [name, "own"] as const),
  ...endpointIds.map((id) => [webhookQueueOf(id), "own"] as const),
  ...FEED_QUEUES.map((name) => [name, "feed"] as const),
];

export async function queueStates(
  queues: Queues,
  names: ReturnType<typeof queueNames>,
  now: number,
): Promise<readonly QueueState[]> {
  return Promise.all(
    names.map(async ([name, group]) => {
      const queue = queues.get(name);
      const [counts, consumers, paused, oldest] = await Promise.all([
        queue.getJobCounts("wait", "prioritized", "delayed", "active", "failed"),
        queue.getWorkersCount(),
        queue.isPaused(),
        // The oldest stands at the far end of the list of those that wait.
        queue.getJobs(["wait"], 0, 0, true),
      ]);
      const of = (state: string): number => counts[state] ?? 0;
      return {
        name,
        group,
        waiting: of("wait") + of("prioritized") + of("delayed"),
        active: of("active"),
        failed: of("failed"),
        oldestMs: oldest[0] ? Math.max(0, now - oldest[0].timestamp) : null,
        consumers,
        paused,
      };
    }),
  );
}
