/**
 * Which of the service's own consumers exist. A role says so in Redis when it first starts, because it may run in
 * another process or on another machine than the worker that emits, and may be down for hours without losing events.
 */
import type { Queues } from "./queues.ts";
import { TAP_QUEUES, type TapQueue } from "./names.ts";

const REFRESH_MS = 5000;
const REPEAT_MS = 2000;
const keyOf = (prefix: string): string => `${prefix}:taps`;

/** From now on every event also goes to this queue. */
export const addTap = async ({ redis, prefix }: Queues, tap: TapQueue): Promise<void> =>
  void (await redis.sadd(keyOf(prefix), tap));

/** The same, said again and again: Redis may lose its data and be filled anew. Resolves with what stops it. */
export async function keepTap(queues: Queues, tap: TapQueue): Promise<() => void> {
  await addTap(queues, tap);
  const timer = setInterval(() => void addTap(queues, tap).catch(() => undefined), REPEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The role is gone for good (all webhooks were deleted). */
export const removeTap = async ({ redis, prefix }: Queues, tap: TapQueue): Promise<void> =>
  void (await redis.srem(keyOf(prefix), tap));

/** Reads the set, at most every few seconds. */
export function createTapReader({ redis, prefix }: Queues): () => Promise<readonly TapQueue[]> {
  let taps: readonly TapQueue[] = [];
  let readAt = -Infinity;
  return async () => {
    const now = performance.now();
    if (now - readAt > REFRESH_MS) {
      const names = new Set(await redis.smembers(keyOf(prefix)));
      // None left where there were some: Redis lost its data, and the roles will say so again.
      if (names.size > 0) taps = TAP_QUEUES.filter((tap) => names.has(tap));
      readAt = now;
    }
    return taps;
  };
}
