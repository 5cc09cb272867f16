/**
 * What nobody takes must not fill Redis: output queues without a consumer, and deliveries to an endpoint or a relay that
 * is down. The oldest jobs go, by age and by count, and more of them the fuller Redis is, so that none of this can keep
 * mail from being accepted. The events are still in the log and can be emitted again.
 */
import { z } from "zod";
import type { Queues } from "../queues.ts";

/** The `bound` section of bounced.yaml. */
export const boundSchema = z.strictObject({
  /** Jobs that may wait on a queue without a consumer. */
  count: z.number().int().min(0).default(10_000),
  /** Jobs that may wait for one endpoint or relay: a burst that one takes slowly, or all since it went down. */
  deliveries: z.number().int().min(0).default(100_000),
  days: z.number().min(0).default(7),
});
export type Bound = z.infer<typeof boundSchema>;

export interface Trimmed {
  readonly queue: string;
  readonly removed: number;
}

/** Shares of Redis's memory; at three quarters no more mail is accepted. */
const TIGHT = 0.5;
const FULL = 0.65;

/** The bound that holds while so much of Redis's memory is used. */
export function boundAt({ count, deliveries, days }: Bound, usedShare: number): Bound {
  const share = usedShare >= FULL ? 0 : usedShare >= TIGHT ? 0.1 : 1;
  return { count: Math.floor(count * share), deliveries: Math.floor(deliveries * share), days };
}

/** Of the memory that Redis may have; null where it does not say. */
export async function usedShareOf({ redis }: Pick<Queues, "redis">): Promise<number | null> {
  const info = await redis.info("memory");
  const numberOf = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
  const limit = numberOf("maxmemory") || numberOf("total_system_memory");
  return limit === 0 ? null : numberOf("used_memory") / limit;
}

/** One sweep. A queue with a consumer is left alone, however long it is. */
export async function trimUnconsumed(
  queues: Queues,
  names: readonly string[],
  bound: Bound,
): Promise<readonly Trimmed[]> {
  const trimmed: Trimmed[] = [];
  for (const name of names) {
    const waiting = await queues.get(name).getWaitingCount();
    if (waiting === 0 || (await queues.get(name).getWorkersCount()) > 0) continue;
    trimmed.push(...(await trim(queues, name, bound.count, bound.days, ["wait"])));
  }
  return trimmed;
}

/** One sweep over queues whose consumer is ours and whose jobs go to somebody who may be down for days. */
export async function trimDeliveries(
  queues: Queues,
  names: readonly string[],
  bound: Bound,
): Promise<readonly Trimmed[]> {
  const trimmed: Trimmed[] = [];
  for (const name of names)
    trimmed.push(...(await trim(queues, name, bound.deliveries, bound.days, ["failed", "delayed", "wait"])));
  return trimmed;
}

/** Of these states, the first to go first. */
async function trim(
  queues: Queues,
  name: string,
  count: number,
  days: number,
  states: readonly ("failed" | "delayed" | "wait")[],
): Promise<readonly Trimmed[]> {
  const queue = queues.get(name);
  let removed = 0;
  for (const state of states) removed += (await queue.clean(days * 86_400_000, 0, state)).length;
  let excess = (await queue.getJobCountByTypes(...states)) - count;
  for (const state of states) {
    // A limit of 0 means "no limit" to clean(); the oldest go first.
    if (excess <= 0) break;
    const gone = (await queue.clean(0, excess, state)).length;
    excess -= gone;
    removed += gone;
  }
  return removed > 0 ? [{ queue: name, removed }] : [];
}
