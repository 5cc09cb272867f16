/**
 * Whose fault it is that a worker's process ended. A job that was in its hands then is done alone the next time: nothing
 * else is done beside it, and Redis knows which message it is. One that ends the process again and again is condemned,
 * by its digest, so that every copy of it is; those that only waited beside it never are.
 */
import type { Queues } from "./queues.ts";

/** Ends of a process while it did nothing but this message. */
const CRASHES = 3;
const KEPT_S = 7 * 24 * 3600;

export interface CrashCount {
  /** Digests of messages condemned before, by any worker. */
  condemned(): Promise<readonly string[]>;
  /** Work on a job that was in the hands of no process that ended. */
  beside<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Work on one that was. `condemn` is called before it where it has ended its process too often. */
  alone<Value>(sha256: string, condemn: () => void, work: () => Promise<Value>): Promise<Value>;
}

export function createCrashCount({ redis, prefix }: Pick<Queues, "redis" | "prefix">): CrashCount {
  const key = `${prefix}:crashes`;
  const gate = createGate();
  return {
    async condemned() {
      const counts = Object.entries(await redis.hgetall(key));
      return counts.filter(([, count]) => Number(count) > CRASHES).map(([sha256]) => sha256);
    },
    beside: (work) => gate.shared(work),
    alone: (sha256, condemn, work) =>
      gate.exclusive(async () => {
        const count = await redis.hincrby(key, sha256, 1);
        await redis.expire(key, KEPT_S);
        if (count > CRASHES) condemn();
        const value = await work();
        if (count <= CRASHES) await redis.hdel(key, sha256);
        return value;
      }),
  };
}

/** Many at a time, or one alone. Who waits to be alone goes before those who come after. */
function createGate() {
  let exclusive: Promise<unknown> = Promise.resolve();
  const alone = { waiting: 0 };
  const running = new Set<Promise<unknown>>();
  const shared = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    while (alone.waiting > 0) await exclusive;
    const done = work();
    running.add(done);
    return done.finally(() => running.delete(done));
  };
  return {
    shared,
    exclusive<Value>(work: () => Promise<Value>): Promise<Value> {
      alone.waiting++;
      const done = exclusive
        .then(() => Promise.allSettled(running))
        .then(work)
        .finally(() => alone.waiting--);
      exclusive = done.catch(() => undefined);
      return done;
    },
  };
}
