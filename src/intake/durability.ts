/** Whether Redis can keep the promise that a 250 makes: what it acknowledged survives a power cut and is never evicted. */
import { messageOf } from "../machine/error-message.ts";
import { askServerOf, type RedisClient } from "../redis/client.ts";

export interface Durability {
  /** Sentences for the operator; empty if all is well. */
  readonly problems: readonly string[];
  /** Every reply already means "on disk" (`always`), WAITAOF must be asked (`wait`), or nothing can be promised (`none`). */
  readonly fsync: "always" | "wait" | "none";
  /** What Redis acknowledges can be promised to a sender: on disk in time, and never evicted. */
  readonly isSafe: boolean;
}

/** Asks the server that holds `key` for its settings. Rejects only if Redis is away. */
export async function checkDurability(redis: RedisClient, key = "bounced"): Promise<Durability> {
  const info = String(await askServerOf(redis, key, [["INFO"]]));
  const role = findWrongRole(info, redis);
  const disk = await findFsync(redis, key, info);
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? "noeviction";
  return {
    fsync: disk.fsync,
    // Jobs have no expiry: only the policies for all keys evict them.
    isSafe: disk.fsync !== "none" && !isReplica(info) && !policy.startsWith("allkeys"),
    problems: [
      ...role,
      ...disk.problems,
      ...(policy === "noeviction"
        ? []
        : [
            `Redis deletes data when it runs short of memory (maxmemory-policy ${policy}): mail can be lost. Set maxmemory-policy noeviction.`,
          ]),
    ],
  };
}

const isReplica = (info: string): boolean => /^role:slave/m.test(info);

function findWrongRole(info: string, redis: RedisClient): readonly string[] {
  if (/^cluster_enabled:1/m.test(info) && !redis.isCluster)
    return ["This Redis is part of a cluster: write REDIS_URL=redis-cluster://host:port (rediss-cluster:// with TLS)."];
  if (!isReplica(info)) return [];
  return [
    redis.isCluster
      ? "The server that has our keys is a replica just now: a failover of the cluster is under way."
      : "This Redis is a replica and takes no writes: REDIS_URL must name the primary, or Sentinels that know it.",
  ];
}

async function findFsync(
  redis: RedisClient,
  key: string,
  info: string,
): Promise<Pick<Durability, "fsync" | "problems">> {
  if (!/^aof_enabled:1/m.test(info))
    return {
      fsync: "none",
      problems: [
        "Redis keeps nothing on disk (appendonly no): mail would be lost when it ends. Set appendonly yes and appendfsync always.",
      ],
    };
  const appendfsync = await readAppendfsync(redis, key);
  if (appendfsync === "always") return { fsync: "always", problems: [] };
  if (await answersWaitAof(redis, key)) return { fsync: "wait", problems: [] };
  return {
    fsync: "none",
    problems: [
      appendfsync === null
        ? "Redis shows neither its settings (CONFIG is not allowed) nor whether a write is on disk (WAITAOF is refused): mail that got 250 could be lost. Allow CONFIG GET with appendfsync always, or use Redis 7.2 or newer."
        : `Redis writes to disk only now and then (appendfsync ${appendfsync}): a power cut would lose mail that got 250. Set appendfsync always, or use Redis 7.2 or newer.`,
    ],
  };
}

/** Null where the server does not show it: managed ones forbid or rename CONFIG. */
async function readAppendfsync(redis: RedisClient, key: string): Promise<string | null> {
  try {
    const [reply] = await askServerOf(redis, key, [["CONFIG", "GET", "appendfsync"]]);
    return Array.isArray(reply) && typeof reply[1] === "string" ? reply[1] : null;
  } catch (cause) {
    if (isRefusal(cause)) return null;
    throw cause;
  }
}

/** Redis 7.2 and Valkey. It is asked, and not assumed: it may be forbidden, too. */
async function answersWaitAof(redis: RedisClient, key: string): Promise<boolean> {
  try {
    const [reply] = await askServerOf(redis, key, [["WAITAOF", 1, 0, 1000]]);
    return Array.isArray(reply);
  } catch (cause) {
    if (isRefusal(cause)) return false;
    throw cause;
  }
}

/** The server's own answer; anything else means that it does not respond. */
const isRefusal = (cause: unknown): boolean =>
  /unknown command|NOPERM|not allowed|permission|cannot be used/i.test(messageOf(cause));
