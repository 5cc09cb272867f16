/** Connections to Redis: whatever REDIS_URL names, or the private one of the data directory. */
import { Cluster, Redis } from "ioredis";
import { LastingRedis } from "./lasting.ts";
import { parseRedisUrl, type RedisTarget } from "./url.ts";

const RECONNECT_MS = 1000;

/**
 * `accept`: a command fails at once while Redis is away, and is given up after 4 s, because a sending MTA waits for
 * the answer; a connection that is silent for 8 s is made anew, because the watch on Redis asks every second.
 * `work`: a command waits until Redis is back. A connection that owes an answer for 15 s is made anew and asked again: one
 * that a firewall forgot, or whose server lost its power, would be silent for a quarter of an hour before TCP gives up.
 * Workers of BullMQ wait up to 10 s for a job.
 */
export type RedisPurpose = "accept" | "work";

/** One server, or a cluster that looks like one as long as each command names keys of one slot. */
export type RedisClient = Redis | Cluster;

/** The caller closes what it opened. Errors of the connection are reported to `onError`, never thrown. */
export function connectRedis(
  url: string,
  purpose: RedisPurpose,
  onError: (error: Error) => void = () => undefined,
): RedisClient {
  const client = clientOf(parseRedisUrl(url), purpose);
  client.on("error", onError);
  return client;
}

function clientOf(target: RedisTarget, purpose: RedisPurpose): RedisClient {
  const retryStrategy = (attempt: number): number => Math.min(attempt * 50, RECONNECT_MS);
  const queueing = purpose === "accept" ? { enableOfflineQueue: false } : {};
  const limits = purpose === "accept" ? { commandTimeout: 4000, socketTimeout: 8000 } : { socketTimeout: 15_000 };
  const options = {
    maxRetriesPerRequest: null,
    retryStrategy,
    // READONLY: the other end became a replica in a failover; a new connection finds the primary.
    reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
    ...queueing,
    ...limits,
  };
  if (target.kind === "socket") return new Redis({ ...options, path: target.path });
  const { username, password, tls } = target;
  const access = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
  };
  if (target.kind === "server") return new Redis({ ...options, ...access, ...target.host, db: target.db });
  if (target.kind === "cluster")
    return new Cluster([...target.nodes], {
      clusterRetryStrategy: retryStrategy,
      slotsRefreshTimeout: 4000,
      ...queueing,
      redisOptions: { maxRetriesPerRequest: null, ...limits, ...access },
    });
  return new LastingRedis({
    ...options,
    ...access,
    sentinels: [...target.sentinels],
    name: target.name,
    db: target.db,
    sentinelRetryStrategy: retryStrategy,
    // A primary that was cut off from its Sentinels is left before it answers READONLY.
    failoverDetector: true,
    ...(tls === undefined ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    ...(target.sentinelUsername === undefined ? {} : { sentinelUsername: target.sentinelUsername }),
    ...(target.sentinelPassword === undefined ? {} : { sentinelPassword: target.sentinelPassword }),
  });
}

/**
 * Commands that name no key, in order, on the server that holds `key` and over the connection that writes to it: in a
 * cluster every server has settings, memory and replicas of its own. Rejects with the first error.
 */
export async function askServerOf(
  redis: RedisClient,
  key: string,
  commands: readonly (readonly [string, ...(string | number)[]])[],
): Promise<readonly unknown[]> {
  // Follows the key to its new server after a failover; a pipeline with such commands in it would not.
  if (redis.isCluster) await redis.exists(key);
  const pipeline = redis.pipeline().exists(key);
  for (const [name, ...words] of commands) pipeline.call(name, ...words);
  const replies = (await pipeline.exec()) ?? [];
  // An error of the first says that this server has the key no more: what it says of itself does not count.
  const answers = replies.map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
  return answers.slice(1);
}
