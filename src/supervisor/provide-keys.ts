import type { Config } from "../config.ts";
import { provideReturnPathKeys, type ProvidedKeys } from "../return-path-key.ts";

/** The keys of return paths, before any role starts. A private Redis is this machine's alone: nobody to agree with. */
export const provideKeys = (config: Config, redisUrl: string): Promise<ProvidedKeys> =>
  provideReturnPathKeys(config, async (offered) => {
    if (!config.REDIS_URL) return offered;
    const { shareKey } = await import("../queues/share-key.ts");
    return shareKey({ redisUrl, prefix: config.BOUNCED_PREFIX }, offered);
  });
