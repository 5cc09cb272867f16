/** A throw-away Redis for one test file, started by the same code as the service's private one. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provideRedisBinary } from "../../src/redis/binary.ts";
import { startPrivateRedis, type PrivateRedis } from "../../src/redis/private-server.ts";

export interface TestRedis extends PrivateRedis {
  readonly folder: string;
}

/** In `beforeAll`; `stop()` in `afterAll` removes every trace. */
export async function startTestRedis(options: { readonly maxMemoryBytes?: number } = {}): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-redis-"));
  const server = await startPrivateRedis({
    ...options,
    folder,
    binary: provideRedisBinary({ mayInstall: false, announce: () => undefined }),
  });
  return {
    ...server,
    folder,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
