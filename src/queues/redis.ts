/** Connections to Redis: the one that REDIS_URL names, or the private one of the data directory. */
import { Redis } from "ioredis";
import type { Config } from "../config.ts";
import { privateFolder, privateSocket } from "./redis-server.ts";

const RECONNECT_MS = 1000;

/**
 * `accept`: a command fails at once while Redis is away, and is given up after 4 s, because a sending MTA waits for
 * the answer; a connection that is silent for 8 s is made anew, because the watch on Redis asks every second.
 * `work`: a command waits until Redis is back.
 */
export type RedisPurpose = "accept" | "work";

/** Where Redis is, for programs that do not start it. */
export const redisUrlOf = (config: Pick<Config, "REDIS_URL" | "dataDir">): string =>
  config.REDIS_URL || `unix:${privateSocket(privateFolder(config.dataDir))}`;

/** The caller closes what it opened. Errors of the connection are reported to `onError`, never thrown. */
export function connectRedis(
  url: string,
  purpose: RedisPurpose,
  onError: (error: Error) => void = () => undefined,
): Redis {
  const options = {
    maxRetriesPerRequest: null,
    retryStrategy: (attempt: number) => Math.min(attempt * 50, RECONNECT_MS),
    // READONLY: the other end became a replica in a failover; a new connection finds the primary.
    reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
    ...(purpose === "accept" ? { enableOfflineQueue: false, commandTimeout: 4000, socketTimeout: 8000 } : {}),
  };
  const redis = url.startsWith("unix:")
    ? new Redis({ ...options, path: url.slice("unix:".length) })
    : new Redis(url, options);
  redis.on("error", onError);
  return redis;
}
