/** Events that wait in Redis to go out together. Adding one twice has one effect. Bounded: what is beyond is counted. */
import type { BouncedEvent } from "../../event/event.ts";
import type { Queues } from "../queues.ts";

const MOST = 5000;

export interface PendingList {
  add(event: BouncedEvent): Promise<void>;
  size(): Promise<number>;
  /** At most `limit` of them, oldest report first, and how many were only counted. */
  peek(limit: number): Promise<{ readonly events: readonly BouncedEvent[]; readonly uncounted: number }>;
  remove(ids: readonly string[], uncounted: number): Promise<void>;
  /** Removes those of which this is true. */
  erase(isNamed: (event: unknown) => boolean): Promise<number>;
  /** True once per period, whoever asks: `key` names the period. */
  claim(key: string, seconds: number): Promise<boolean>;
  release(key: string): Promise<void>;
  /** How often this was asked, this time included, with this key. */
  count(key: string, seconds: number): Promise<number>;
}

export function createPendingList({ redis, prefix }: Pick<Queues, "redis" | "prefix">, name: string): PendingList {
  const keyOf = (what: string): string => `${prefix}:${name}-pending:${what}`;
  const events = keyOf("events");
  const beyond = keyOf("beyond");
  return {
    async add(event) {
      const isFull = (await redis.hlen(events)) >= MOST && (await redis.hexists(events, event.id)) === 0;
      await (isFull ? redis.incr(beyond) : redis.hset(events, event.id, JSON.stringify(event)));
    },
    size: () => redis.hlen(events),
    async peek(limit) {
      const all = (await redis.hvals(events)).map((json) => JSON.parse(json) as BouncedEvent);
      const oldestFirst = all.toSorted(
        (a, b) => Number(instantOf(a) > instantOf(b)) - Number(instantOf(a) < instantOf(b)),
      );
      return { events: oldestFirst.slice(0, limit), uncounted: Number((await redis.get(beyond)) ?? 0) };
    },
    async remove(ids, uncounted) {
      if (ids.length > 0) await redis.hdel(events, ...ids);
      if (uncounted > 0) await redis.decrby(beyond, uncounted);
    },
    async erase(isNamed) {
      let erased = 0;
      for (const [id, json] of Object.entries(await redis.hgetall(events)))
        if (isNamed(JSON.parse(json))) erased += await redis.hdel(events, id);
      return erased;
    },
    claim: async (key, seconds) => (await redis.set(keyOf(key), "1", "EX", seconds, "NX")) === "OK",
    release: async (key) => void (await redis.del(keyOf(key))),
    async count(key, seconds) {
      const count = await redis.incr(keyOf(key));
      if (count === 1) await redis.expire(keyOf(key), seconds);
      return count;
    },
  };
}

const instantOf = ({ message }: BouncedEvent): string => message.receivedAt ?? "";
