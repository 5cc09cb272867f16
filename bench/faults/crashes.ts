/** kill -9 at random moments under load. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Dice } from "./dice.ts";
import { outcomeOf } from "./reckoning.ts";
import type { Outcome, Run, Scenario } from "./scenario.ts";
import { runStorm, type Storm } from "./storm.ts";

/** Between two disturbances, on average: their number is uniformly random, so that the moment is. */
const MESSAGES_BETWEEN = 350;
const LONGEST_PAUSE_MS = 20_000;
const SETTLE_MS = 1000;

/** Until so many more messages were acknowledged, and then any moment more. */
export async function pause({ acked }: Pick<Storm, "acked">, dice: Dice, messages = MESSAGES_BETWEEN): Promise<void> {
  const enough = acked() + dice.whole(0, 2 * messages);
  const until = performance.now() + LONGEST_PAUSE_MS;
  while (acked() < enough && performance.now() < until) await sleep(20);
  await sleep(dice.between(0, 100));
}

const killing =
  (kill: (storm: Storm, run: Run) => Promise<unknown>, share = 1) =>
  async (run: Run): Promise<Outcome> =>
    outcomeOf(
      await runStorm({
        async disturb(storm) {
          for (let round = 0; round < Math.ceil(run.rounds * share); round++) {
            await pause(storm, run.dice);
            await kill(storm, run);
          }
          await sleep(SETTLE_MS);
        },
      }),
    );

/** The supervisor starts it again. */
export async function killRedis({ redis, disturbed }: Pick<Storm, "redis" | "disturbed">): Promise<void> {
  while (redis.pid() === null) await sleep(20);
  process.kill(redis.pid() ?? 0, "SIGKILL");
  disturbed();
}

export const CRASHES: readonly Scenario[] = [
  { id: "A02", what: "kill -9 of the listener under load", run: killing(({ roles }) => roles.smtp.kill(), 2) },
  {
    id: "A03",
    what: "kill -9 of the classify worker, the log or the webhook sender under load",
    run: killing(({ roles }, { dice }) => roles[dice.oneOf(["worker", "record", "webhook"] as const)].kill(), 1.5),
  },
  { id: "A05", what: "kill -9 of Redis under load", run: killing(killRedis, 0.5) },
  {
    id: "A09",
    what: "kill -9 of everything at once; what starts again first is left to chance",
    run: killing(
      (storm) => Promise.all([killRedis(storm), ...Object.values(storm.roles).map((role) => role.kill())]),
      0.5,
    ),
  },
];
