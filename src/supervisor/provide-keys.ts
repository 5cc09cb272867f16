import type { Config } from "../config/config.ts";
import { provideReturnPathKeys, type ProvidedKeys } from "../config/return-path-key.ts";

/** The keys of return paths, before any role starts. A private Redis is this machine's alone: nobody to agree with. */
export const provideKeys = (config: Config, redisUrl: string): Promise<ProvidedKeys> =>
  provideReturnPathKeys(config, async (offered) => {
    if (!config.REDIS_URL) return offered;
    const { shareKey } = await import("../redis/share-key.ts");
    return shareKey({ redisUrl, prefix: config.BOUNCED_PREFIX }, offered);
  });
