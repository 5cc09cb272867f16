/** Whether Redis can keep the promise that a 250 makes: what it acknowledged survives a power cut and is never evicted. */
import { z } from "zod";
import { messageOf } from "../error-message.ts";
import { askServerOf, type RedisClient } from "../queues/redis.ts";

/** The `durability` section of bounced.yaml. */
export const durabilitySchema = z.strictObject({
  /** Replicas that must have a message before 250 (WAIT). */
  replicas: z.number().int().min(0).max(10).default(0),
});
export type DurabilitySettings = z.infer<typeof durabilitySchema>;

export interface Durability {
  /** Sentences for the operator; empty if all is well. */
  readonly problems: readonly string[];
  /** Every reply already means "on disk" (`always`), WAITAOF must be asked (`wait`), or nothing can be promised (`none`). */
  readonly fsync: "always" | "wait" | "none";
}

/** Asks the server that holds `key` for its settings. Rejects only if Redis is away. */
export async function checkDurability(redis: RedisClient, key = "bounced"): Promise<Durability> {
  const wrongServer = await findWrongServer(redis, key);
  const settings = await readSettings(redis, key);
  if (!settings)
    return {
      fsync: "always",
      problems: [
        ...wrongServer,
        "Redis does not show its settings (CONFIG is not allowed): make sure that it has appendonly yes, appendfsync always and maxmemory-policy noeviction, or mail that got 250 can be lost.",
      ],
    };
  const problems = [...wrongServer];
  const isAppending = settings["appendonly"] === "yes";
  const canWait = await knowsWaitAof(redis, key);
  const fsync = !isAppending ? "none" : settings["appendfsync"] === "always" ? "always" : canWait ? "wait" : "none";
  if (!isAppending)
    problems.push(
      "Redis keeps nothing on disk (appendonly no): mail that got 250 is lost when it ends. Set appendonly yes and appendfsync always.",
    );
  else if (fsync === "none")
    problems.push(
      `Redis writes to disk only now and then (appendfsync ${settings["appendfsync"]}): a power cut loses mail that got 250. Set appendfsync always, or use Redis 7.2 or newer.`,
    );
  const policy = settings["maxmemory-policy"];
  if (policy !== "noeviction")
    problems.push(
      `Redis deletes data when it runs short of memory (maxmemory-policy ${policy}): mail can be lost. Set maxmemory-policy noeviction.`,
    );
  return { problems, fsync };
}

async function findWrongServer(redis: RedisClient, key: string): Promise<readonly string[]> {
  const info = String(await askServerOf(redis, key, [["INFO"]]));
  if (/^cluster_enabled:1/m.test(info) && !redis.isCluster)
    return ["This Redis is part of a cluster: write REDIS_URL=redis-cluster://host:port (rediss-cluster:// with TLS)."];
  if (/^role:slave/m.test(info))
    return ["This Redis is a replica and takes no writes: REDIS_URL must name the primary, or Sentinels that know it."];
  return [];
}

async function readSettings(redis: RedisClient, key: string): Promise<Readonly<Record<string, string>> | null> {
  const settings: Record<string, string> = {};
  try {
    for (const name of ["appendonly", "appendfsync", "maxmemory-policy"]) {
      const [reply] = await askServerOf(redis, key, [["CONFIG", "GET", name]]);
      if (!Array.isArray(reply) || typeof reply[1] !== "string") return null;
      settings[name] = reply[1];
    }
    return settings;
  } catch (cause) {
    // Managed servers forbid or rename CONFIG; anything else is for the caller.
    if (/unknown command|NOPERM|not allowed|permission/i.test(messageOf(cause))) return null;
    throw cause;
  }
}

/** Redis 7.2 and Valkey. */
const knowsWaitAof = async (redis: RedisClient, key: string): Promise<boolean> => {
  const [reply] = await askServerOf(redis, key, [["COMMAND", "INFO", "WAITAOF"]]).catch(() => []);
  return Array.isArray(reply) && Array.isArray(reply[0]);
};
