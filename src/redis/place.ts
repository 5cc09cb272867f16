/** Where Redis is. Apart from its client, which most commands never load. */
import { privateFolder, privateSocket } from "./private-socket.ts";

/** Where Redis is: at REDIS_URL, else the private one of the data directory. */
export interface RedisPlace {
  readonly REDIS_URL?: string | undefined;
  readonly dataDir: string;
}

export const redisUrlOf = (config: RedisPlace): string =>
  config.REDIS_URL || `unix:${privateSocket(privateFolder(config.dataDir))}`;
