/** The Redis of a service: the one that REDIS_URL names, or a private one, started here. */
import type { RedisPlace } from "./place.ts";
import { provideRedisBinary } from "./binary.ts";
import { startPrivateRedis } from "./private-server.ts";
import { privateFolder } from "./private-socket.ts";
import { describeRedisUrl } from "./url.ts";

export interface ServiceRedis {
  /** As in redis-url.ts. */
  readonly url: string;
  /** For the start banner: no password in it. */
  readonly description: string;
  stop(): Promise<void>;
}

/** Starts the private Redis unless REDIS_URL is set. Throws with the commands to run where there is no Redis at all. */
export async function provideRedis(
  config: RedisPlace & { readonly BOUNCED_PROVISION: boolean },
  announce: (line: string) => void,
): Promise<ServiceRedis> {
  if (config.REDIS_URL)
    return { url: config.REDIS_URL, description: describeRedisUrl(config.REDIS_URL), stop: () => Promise.resolve() };
  const binary = provideRedisBinary({ mayInstall: config.BOUNCED_PROVISION, announce });
  const server = await startPrivateRedis({ binary, folder: privateFolder(config.dataDir), onNote: announce });
  return { url: server.url, description: `private Redis, ${server.url}`, stop: () => server.stop() };
}
