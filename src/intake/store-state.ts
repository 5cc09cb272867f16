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
  durability(): Durability | null;
  stop(): void;
}

export interface StoreStateOptions {
  readonly redis: Redis;
  readonly onDurability: (durability: Durability) => void;
  /** For tests. @defaultValue 0.75 */
  readonly fullShare?: number;
}

export function watchStore({ redis, onDurability, fullShare = FULL_SHARE }: StoreStateOptions): StoreState {
  let usedShare = 0;
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
      usedShare = readUsedShare(await redis.info("memory"));
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
      return usedShare >= fullShare ? "full" : "ready";
    },
    durability: () => durability,
    stop() {
      clearInterval(timer);
      redis.off("ready", onReady);
    },
  };
}

function readUsedShare(info: string): number {
  const numberOf = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
  const limit = numberOf("maxmemory") || numberOf("total_system_memory");
  return limit === 0 ? 0 : numberOf("used_memory") / limit;
}
