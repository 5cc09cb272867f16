/** Whether Redis can take mail now: there, and below three quarters of its memory, because the workers need some too. */
import type { Redis } from "ioredis";
import { checkDurability, type Durability } from "./durability.ts";

const POLL_MS = 1000;
/** Of maxmemory, or of the machine's memory where Redis has no limit. */
const FULL_SHARE = 0.75;

export interface StoreState {
  /** `away` after it did not answer for two seconds. */
  current(): "ready" | "away" | "full";
  /** Null until Redis has answered for the first time. */
  memory(): RedisMemory | null;
  /** Null until Redis has answered for the first time. */
  durability(): Durability | null;
  stop(): void;
}

export interface RedisMemory {
  readonly usedBytes: number;
  /** maxmemory, or the machine's memory where Redis has no limit; 0 where it tells neither. */
  readonly limitBytes: number;
}

export interface StoreStateOptions {
  readonly redis: Redis;
  readonly onDurability: (durability: Durability) => void;
  /** For tests. @defaultValue 0.75 */
  readonly fullShare?: number;
}

export function watchStore({ redis, onDurability, fullShare = FULL_SHARE }: StoreStateOptions): StoreState {
  let memory: RedisMemory | null = null;
  let lastAnswer = performance.now();
  let durability: Durability | null = null;
  const check = async (): Promise<void> => {
    const found = await checkDurability(redis);
    const isNew = JSON.stringify(found) !== JSON.stringify(durability);
    durability = found;
    if (isNew) onDurability(found);
  };
  const poll = async (): Promise<void> => {
    if (redis.status !== "ready") return;
    try {
      memory = readMemory(await redis.info("memory"));
      lastAnswer = performance.now();
      if (!durability) await check();
    } catch {
      // No answer: lastAnswer tells.
    }
  };
  // Another server may answer after a failover: its settings count.
  const onReady = (): void => {
    lastAnswer = performance.now();
    check().catch(() => undefined);
  };
  redis.on("ready", onReady);
  const timer = setInterval(() => void poll(), POLL_MS);
  timer.unref();
  void poll();
  return {
    current() {
      if (performance.now() - lastAnswer > 2 * POLL_MS) return "away";
      const isFull = memory && memory.limitBytes > 0 && memory.usedBytes >= fullShare * memory.limitBytes;
      return isFull ? "full" : "ready";
    },
    memory: () => memory,
    durability: () => durability,
    stop() {
      clearInterval(timer);
      redis.off("ready", onReady);
    },
  };
}

function readMemory(info: string): RedisMemory {
  const numberOf = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
  return { usedBytes: numberOf("used_memory"), limitBytes: numberOf("maxmemory") || numberOf("total_system_memory") };
}
