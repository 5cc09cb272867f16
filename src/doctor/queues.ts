import { endpointQueuesOf, helpDeskQueueOf, webhookQueueOf } from "../queues/names.ts";
import { openQueues } from "../queues/queues.ts";
import { queueNames, queueStates } from "../queues/upkeep/overview.ts";
import { redisUrlOf } from "../redis/place.ts";
import { fail, ok, warn, type Check, type Finding } from "./check.ts";

const READY_MS = 3000;
const LATE_MS = 5 * 60_000;

const replayOf = (command: string, prefix: string): readonly [string, (name: string) => string] => [
  prefix,
  (name) => `bounced ${command} replay ${name.slice(prefix.length)}`,
];
/** How what failed on a queue is sent again, by how its name begins. */
const REPLAYS = [replayOf("help-desks", helpDeskQueueOf("")), replayOf("webhooks", webhookQueueOf(""))];

/** What lies where it should not: quarantine, an intake that falls behind, endpoints that took nothing for a day. */
export const checkQueues: Check = async ({ config, now }) => {
  const queues = openQueues({ redisUrl: redisUrlOf(config), prefix: config.BOUNCED_PREFIX, purpose: "accept" });
  try {
    for (let waited = 0; queues.redis.status !== "ready"; waited += 20) {
      if (waited > READY_MS) return [];
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const names = queueNames(config.file.routes, endpointQueuesOf(config.file));
    const states = await queueStates(queues, names, now);
    const found: Finding[] = [];
    for (const { name, group, failed, oldestMs, consumers } of states) {
      const minutes = Math.round((oldestMs ?? 0) / 60_000);
      if (name === "intake" && failed > 0)
        found.push(fail("quarantine", `${failed} messages could not be processed`, "bounced quarantine list"));
      if (name === "intake" && (oldestMs ?? 0) > LATE_MS)
        found.push(
          fail(
            "queue intake",
            `accepted mail has waited for ${minutes} minutes`,
            consumers === 0 ? "no worker runs: bounced serve --role worker" : "add workers (docs/performance.md)",
          ),
        );
      if (group === "own" && failed > 0)
        found.push(
          warn(
            `queue ${name}`,
            `${failed} jobs failed`,
            REPLAYS.find(([prefix]) => name.startsWith(prefix))?.[1](name) ?? "see the queue page",
          ),
        );
      if (group === "own" && (oldestMs ?? 0) > LATE_MS)
        found.push(
          warn(`queue ${name}`, `jobs have waited for ${minutes} minutes`, "see the service's log for its role"),
        );
    }
    return found.length > 0 ? found : [ok("queues", "the quarantine is empty, nothing is late")];
  } finally {
    await queues.close();
  }
};
