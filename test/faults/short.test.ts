/** The short form of `npm run faults`: everything killed at once under load, and a process that dies at named points. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { killRedis } from "../../bench/faults/crashes.ts";
import { isSound } from "../../bench/faults/reckoning.ts";
import { runStorm } from "../../bench/faults/storm.ts";

const SOUND = { missing: 0, doubled: 0, ghosts: 0, altered: 0, leftOver: 0 };

test("all processes and Redis killed at once under load: nothing missing, nothing doubled", async () => {
  const reckoning = await runStorm({
    connections: 4,
    async disturb(storm) {
      await sleep(1000);
      await Promise.all([killRedis(storm), ...Object.values(storm.roles).map((role) => role.kill())]);
      await sleep(500);
    },
  });
  expect(reckoning).toMatchObject({ ...SOUND, disturbances: 5 });
  expect(isSound(reckoning)).toBe(true);
}, 400_000);

test("the listener and the worker die between storing and answering, handing out and finishing", async () => {
  const planned = { smtp: ["after_enqueue:5:SIGKILL"], worker: ["after_emit:3:SIGKILL"] };
  const reckoning = await runStorm({
    connections: 4,
    faults: { smtp: () => planned.smtp.shift() ?? null, worker: () => planned.worker.shift() ?? null },
    async disturb({ roles }) {
      while (roles.smtp.deaths() + roles.worker.deaths() < 2) await sleep(50);
    },
  });
  expect(reckoning).toMatchObject({ ...SOUND, disturbances: 2 });
  expect(isSound(reckoning)).toBe(true);
}, 400_000);
