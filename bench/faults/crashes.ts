/** kill -9 and power cuts under load. */
import { setTimeout as sleep } from "node:timers/promises";
import { cutPower } from "./power.ts";
import type { Outcome, Scenario } from "./scenario.ts";
import { isSound, runStorm, type Reckoning, type Storm } from "./storm.ts";

export const describe = (r: Reckoning): Outcome => ({
  pass: isSound(r),
  figures:
    `${r.disturbances} disturbances, ${r.acked} acknowledged, ${r.missing} missing, ${r.doubled} doubled, ` +
    `${r.ghosts} ghosts, ${r.undelivered} undelivered, ${r.leftOver} left over; ${r.redelivered} redelivered, ` +
    `${r.unknown} unknown, ${r.refused} refused; drained in ${(r.drainMs / 1000).toFixed(1)} s` +
    (r.restartMaxMs > 0 ? `, restart p50 ${r.restartP50Ms} ms, max ${r.restartMaxMs} ms` : ""),
});

const pause = (): Promise<void> => sleep(300 + Math.random() * 1200);

const killing =
  (kill: (storm: Storm) => Promise<unknown>) =>
  (rounds: number): Promise<Outcome> =>
    runStorm({
      async disturb(storm) {
        for (let round = 0; round < rounds; round++) {
          await pause();
          await kill(storm);
        }
        await sleep(1000);
        return rounds;
      },
    }).then(describe);

const killRedis = ({ redis }: Storm): void => {
  const pid = redis.pid();
  if (pid !== null) process.kill(pid, "SIGKILL");
};

export const CRASHES: readonly Scenario[] = [
  { id: "A02", what: "kill -9 of the listener under load", run: killing(({ listener }) => listener.kill()) },
  { id: "A03", what: "kill -9 of the worker under load", run: killing(({ worker }) => worker.kill()) },
  {
    id: "A05",
    what: "kill -9 of Redis under load",
    run: killing((storm) => {
      killRedis(storm);
      return Promise.resolve();
    }),
  },
  {
    id: "A09",
    what: "kill -9 of listener, worker and Redis at once",
    run: killing((storm) => {
      killRedis(storm);
      return Promise.all([storm.listener.kill(), storm.worker.kill()]);
    }),
  },
  { id: "A08", what: "power cut under the files of Redis (ext4 shut down, journal replayed)", run: cutPower },
];
