/** How full every queue is, and how long its oldest job has waited. */
import { FEED_QUEUES, INTAKE_QUEUE, REFUSALS_QUEUE, TAP_QUEUES } from "../names.ts";
import type { Queues } from "../queues.ts";
import { outputQueuesOf, type Route } from "../routes.ts";

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

/** Of these routes, and those of webhooks and help desks (endpointQueuesOf). */
export const queueNames = (
  routes: readonly Route[],
  endpointQueues: readonly string[],
): readonly (readonly [string, QueueState["group"]])[] => [
  [INTAKE_QUEUE, "intake"],
  [REFUSALS_QUEUE, "intake"],
  ...outputQueuesOf(routes).map((name) => [name, "output"] as const),
  ...TAP_QUEUES.map((name) => [name, "own"] as const),
  ...endpointQueues.map((name) => [name, "own"] as const),
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
      const [counts, consumers, paused, oldestAt] = await Promise.all([
        queue.getJobCounts("wait", "prioritized", "delayed", "active", "failed"),
        queue.getWorkersCount(),
        queue.isPaused(),
        oldestWaitingAt(queues, name),
      ]);
      const of = (state: string): number => counts[state] ?? 0;
      return {
        name,
        group,
        waiting: of("wait") + of("prioritized") + of("delayed"),
        active: of("active"),
        failed: of("failed"),
        oldestMs: oldestAt === null ? null : Math.max(0, now - oldestAt),
        consumers,
        paused,
      };
    }),
  );
}

/** Of those that are to be tried again, looked at for their age: their order is that of the next try. */
const RETRIES = 50;

/**
 * When the oldest job that waits was made; null if none does. Its time alone is read: the job may be megabytes long. An
 * endpoint that is down has nothing but jobs to be tried again, so those count too.
 */
export async function oldestWaitingAt(queues: Queues, name: string): Promise<number | null> {
  const { redis } = queues;
  const queue = queues.get(name);
  const [first, retries] = await Promise.all([
    // The oldest stands at the far end of the list of those that wait.
    redis.lindex(queue.toKey("wait"), -1),
    redis.zrange(queue.toKey("delayed"), 0, String(RETRIES - 1)),
  ]);
  const ids = [...(first === null ? [] : [first]), ...retries];
  const times = await Promise.all(ids.map((id) => redis.hget(queue.toKey(id), "timestamp")));
  const known = times.filter((time) => time !== null).map(Number);
  return known.length === 0 ? null : Math.min(...known);
}
