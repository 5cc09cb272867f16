/** Whether Redis can take mail now: there, and below three quarters of its memory, because the workers need some too. */
import { askServerOf, type RedisClient } from "../redis/client.ts";
import { checkDurability, type Durability } from "./durability.ts";

const POLL_MS = 1000;
/** Somebody may change the settings of a Redis that runs. In polls. */
const CHECK_EVERY = 5;
/** Of maxmemory, or of the machine's memory where Redis has no limit. */
const FULL_SHARE = 0.75;

export interface StoreState {
  /** `away` after it did not answer for two seconds. */
  current(): "ready" | "away" | "full";
  /** Null until Redis has answered for the first time. */
  memory(): RedisMemory | null;
  /** Null until Redis has answered for the first time. */
  durability(): Durability | null;
  /** `lineageOf` the server when it was last asked; null before. */
  lineage(): string | null;
  stop(): void;
}

export interface RedisMemory {
  readonly usedBytes: number;
  /** maxmemory, or the machine's memory where Redis has no limit; 0 where it tells neither. */
  readonly limitBytes: number;
}

export interface StoreStateOptions {
  readonly redis: RedisClient;
  /** One that we write. */
  readonly key: string;
  /** That must have each message. */
  readonly replicas: number;
  readonly onDurability: (durability: Durability) => void;
  /** For tests. @defaultValue 0.75 */
  readonly fullShare?: number;
}

export function watchStore(options: StoreStateOptions): StoreState {
  const { redis, key, replicas, onDurability, fullShare = FULL_SHARE } = options;
  let memory: RedisMemory | null = null;
  let lastAnswer = performance.now();
  let polls = 0;
  let durability: Durability | null = null;
  let lineage: string | null = null;
  let missing = 0;
  const check = async (): Promise<void> => {
    const found = await checkDurability(redis, key);
    const problems = [...found.problems, ...missingReplicas(missing, replicas)];
    const isNew = JSON.stringify({ ...found, problems }) !== JSON.stringify(durability);
    durability = { ...found, problems };
    if (isNew) onDurability(durability);
  };
  const measure = async (): Promise<void> => {
    const [ofMemory, replication] = await askServerOf(redis, key, [
      ["INFO", "memory"],
      ["INFO", "replication"],
    ]);
    memory = readMemory(String(ofMemory));
    lineage = lineageOf(replication);
    lastAnswer = performance.now();
    const connected = Number(/^connected_slaves:(\d+)/m.exec(String(replication))?.[1] ?? 0);
    const before = missing;
    missing = Math.max(0, replicas - connected);
    if (durability && missing !== before) await check();
  };
  const poll = async (): Promise<void> => {
    if (redis.status !== "ready") return;
    try {
      await measure();
      if (!durability || ++polls % CHECK_EVERY === 0) await check();
    } catch {
      // No answer: lastAnswer tells.
    }
  };
  // Another server may answer after a failover: its settings count.
  const onReady = (): void => {
    lastAnswer = performance.now();
    measure()
      .then(check)
      .catch(() => undefined);
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
    lineage: () => lineage,
    stop() {
      clearInterval(timer);
      redis.off("ready", onReady);
    },
  };
}

const missingReplicas = (missing: number, replicas: number): readonly string[] =>
  missing === 0
    ? []
    : [
        `Redis has ${replicas - missing} replicas, and ${replicas} must have each message (durability.replicas): every sender gets 451 until there are more.`,
      ];

/**
 * `INFO replication` -> what names this run of a primary: it changes when another one takes over and when it is started
 * again. Writes that it acknowledged before may then be gone.
 */
export const lineageOf = (replication: unknown): string => /^master_replid:(\w+)/m.exec(String(replication))?.[1] ?? "";

function readMemory(info: string): RedisMemory {
  const numberOf = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
  return { usedBytes: numberOf("used_memory"), limitBytes: numberOf("maxmemory") || numberOf("total_system_memory") };
}
