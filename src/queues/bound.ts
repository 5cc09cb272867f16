/**
 * Output queues that nobody consumes must not fill Redis. Their oldest jobs go, by age and by count; the events are
 * still in the log and can be emitted again.
 */
import { z } from "zod";
import type { Queues } from "./queues.ts";

/** The `bound` section of bounced.yaml. */
export const boundSchema = z.strictObject({
  /** Jobs that may wait on a queue without a consumer. */
  count: z.number().int().min(0).default(10_000),
  days: z.number().min(0).default(7),
});
export type Bound = z.infer<typeof boundSchema>;

export interface Trimmed {
  readonly queue: string;
  readonly removed: number;
}

/** One sweep. A queue with a consumer is left alone, however long it is. */
export async function trimUnconsumed(
  queues: Queues,
  names: readonly string[],
  bound: Bound,
): Promise<readonly Trimmed[]> {
  const trimmed: Trimmed[] = [];
  for (const name of names) {
    const queue = queues.get(name);
    const waiting = await queue.getWaitingCount();
    if (waiting === 0 || (await queue.getWorkersCount()) > 0) continue;
    const old = await queue.clean(bound.days * 86_400_000, 0, "wait");
    const excess = waiting - old.length - bound.count;
    // A limit of 0 means "no limit" to clean(); the oldest go first.
    const surplus = excess > 0 ? await queue.clean(0, excess, "wait") : [];
    const removed = old.length + surplus.length;
    if (removed > 0) trimmed.push({ queue: name, removed });
  }
  return trimmed;
}
