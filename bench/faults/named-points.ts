/** Processes that die, fail or hang exactly where it hurts most: the points of points.ts. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Dice } from "./dice.ts";
import { LISTENER_POINTS, RECORD_POINTS, WEBHOOK_POINTS, WORKER_POINTS } from "./points.ts";
import { outcomeOf } from "./reckoning.ts";
import type { Outcome, Run, Scenario } from "./scenario.ts";
import { runStorm, type StormOptions, type StormRole } from "./storm.ts";

/** A role's points pass at very different rates: once a message, once a commit. */
const LATEST_PASS: Readonly<Record<StormRole, number>> = { smtp: 150, worker: 150, record: 10, webhook: 10 };
const MOST_MS = 300_000;

/** Dies `rounds` times at each of the points, in turn; passes in peace then. */
const dyingAt =
  (role: StormRole, points: readonly string[], share: number) =>
  async ({ rounds, dice }: Run): Promise<Outcome> => {
    const times = Math.max(1, Math.round(rounds * share));
    const planned = points.flatMap((point) => Array.from({ length: times }, () => plan(point, role, dice)));
    const total = planned.length;
    const options: StormOptions = {
      faults: { [role]: () => planned.shift() ?? null },
      async disturb({ roles }) {
        const until = performance.now() + MOST_MS;
        while (roles[role].deaths() < total && performance.now() < until) await sleep(50);
        await sleep(1000);
      },
    };
    const reckoning = await runStorm(options);
    const outcome = outcomeOf(reckoning, `${times} times at each of ${points.join(", ")}`);
    return { ...outcome, pass: outcome.pass && reckoning.disturbances === total };
  };

const plan = (point: string, role: StormRole, dice: Dice): string =>
  `${point}:${dice.whole(1, LATEST_PASS[role])}:SIGKILL`;

export const NAMED_POINTS: readonly Scenario[] = [
  { id: "A01", what: "the listener dies at named points of accepting", run: dyingAt("smtp", LISTENER_POINTS, 0.15) },
  {
    id: "A11",
    what: "the worker dies at named points, between handing events out and finishing the job too",
    run: dyingAt("worker", WORKER_POINTS, 0.15),
  },
  { id: "A10", what: "the log's writer dies before and after its commit", run: dyingAt("record", RECORD_POINTS, 0.15) },
  {
    id: "A12",
    what: "the webhook sender dies before and after the request",
    run: dyingAt("webhook", WEBHOOK_POINTS, 0.15),
  },
];
