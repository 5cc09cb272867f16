/** The short form of `npm run faults`: one kill of everything under load; the rest takes too long for every test run. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { isSound, runStorm } from "../../bench/faults/storm.ts";

test(
  "listener, worker and Redis killed at once under load: nothing missing, nothing doubled",
  { timeout: 400_000 },
  async () => {
    const reckoning = await runStorm({
      connections: 4,
      async disturb({ listener, worker, redis }) {
        await sleep(1000);
        process.kill(redis.pid() ?? 0, "SIGKILL");
        await Promise.all([listener.kill(), worker.kill()]);
        await sleep(500);
        return 1;
      },
    });
    expect(reckoning).toMatchObject({ missing: 0, doubled: 0, ghosts: 0, undelivered: 0, leftOver: 0 });
    expect(isSound(reckoning)).toBe(true);
  },
);
