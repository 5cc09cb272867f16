/**
 * Redis with replicas whose primary is disturbed under load. Every recipient of every message that got 250 must be on an
 * output queue, on the stream and in the log in the end.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { BouncedEvent } from "../../src/event/event.ts";
import { OUTPUT_QUEUES } from "../../src/queues/names.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { startCluster, startWithSentinels, type RedisTopology } from "../../test/support/redis-topology.ts";
import { startTestService } from "../../test/support/service.ts";
import { recipientsOf, startInjector } from "./injector.ts";
import type { Outcome, Run, Scenario } from "./scenario.ts";

export interface Failover {
  /** Messages that got 250. */
  readonly acked: number;
  /** Their recipients who are missing somewhere when the time is up. */
  readonly missing: Readonly<Record<"queues" | "stream" | "log", readonly string[]>>;
  /** What is left on the intake queue, by state. */
  readonly intake: Readonly<Record<string, number>>;
  /** The end of what the service said, where somebody is missing. */
  readonly said: string;
}

/** Of the whole, so that a long run does not fill Redis. */
const MESSAGES_A_ROUND = 100;
const SETTLE_MS = 90_000;

/** `disturb` is done so many times, between messages. Stops Redis in the end. */
export async function loadThroughFailover(
  redis: RedisTopology,
  disturb: () => Promise<void>,
  rounds = 1,
): Promise<Failover> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-failover-"));
  const settings = join(folder, "bounced.yaml");
  writeFileSync(
    settings,
    `durability: { replicas: 1 }\nbound: { count: 10000000 }\nstream: { enabled: true, key: "{bounced}:events", maxLength: 10000000 }\n`,
  );
  const environment = { REDIS_URL: redis.url, BOUNCED_CONFIG: settings, BOUNCED_LOG_LEVEL: "error" };
  const service = await startTestService({ ...environment, BOUNCED_DATA_DIR: folder }, "smtp,worker,record");
  let round = 0;
  const injector = startInjector({
    port: () => service.smtpPort,
    prefix: "f",
    connections: 8,
    ledger: join(folder, "ledger"),
    mustWait: (acked) => acked >= (round + 1) * MESSAGES_A_ROUND,
  });
  const ackedAtLeast = async (count: number): Promise<void> => {
    while (injector.acked.size < count) {
      if (service.process.exitCode !== null) throw new Error(`the service ended: ${service.output()}`);
      await sleep(100);
    }
  };
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  try {
    for (; round < rounds; round++) {
      await ackedAtLeast(round * MESSAGES_A_ROUND + MESSAGES_A_ROUND / 2);
      await disturb();
    }
    await ackedAtLeast(rounds * MESSAGES_A_ROUND + MESSAGES_A_ROUND / 2);
    await injector.finish();
    const wanted = [...injector.acked].flatMap(recipientsOf);
    const giveUpAt = performance.now() + SETTLE_MS;
    for (;;) {
      const [onQueues, onStream] = [await queued(queues), await streamed(queues)];
      const inLog = logged(join(folder, "log.sqlite"));
      const missingFrom = (seen: ReadonlySet<string | null>) => wanted.filter((address) => !seen.has(address));
      const missing = { queues: missingFrom(onQueues), stream: missingFrom(onStream), log: missingFrom(inLog) };
      const isWhole = Object.values(missing).every(({ length }) => length === 0);
      if (isWhole || performance.now() > giveUpAt) {
        const intake = await queues.get("intake").getJobCounts("waiting", "active", "delayed", "failed");
        const said = isWhole ? "" : service.output().slice(-6000);
        return { acked: injector.acked.size, missing, intake, said };
      }
      await sleep(500);
    }
  } finally {
    injector.abandon();
    await queues.close();
    await service.stop();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function queued(queues: Queues): Promise<ReadonlySet<string | null>> {
  const seen = new Set<string | null>();
  for (const name of OUTPUT_QUEUES)
    for (const { data } of await queues.get(name).getWaiting(0, 1_000_000)) seen.add(data.recipient.address);
  return seen;
}

async function streamed({ redis }: Queues): Promise<ReadonlySet<string | null>> {
  const entries = await redis.xrange(`{bounced}:events`, "-", "+");
  return new Set(
    entries.map(
      ([, fields]) => (JSON.parse(fields[fields.indexOf("event") + 1] ?? "") as BouncedEvent).recipient.address,
    ),
  );
}

function logged(path: string): ReadonlySet<string | null> {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("select recipient from events").all();
  database.close();
  return new Set(rows.map(({ recipient }) => String(recipient)));
}

/** Long enough for the others to choose a new primary, while this one still has what came in. */
export const PAUSE_MS = 4500;

const pausing =
  (start: () => Promise<RedisTopology>) =>
  async ({ rounds }: Run): Promise<Outcome> => {
    const redis = await start();
    const { acked, missing, intake } = await loadThroughFailover(redis, () => redis.pausePrimary(PAUSE_MS), rounds);
    const counts = Object.entries(missing).map(([where, { length }]) => `${where} ${length}`);
    return {
      pass: Object.values(missing).every(({ length }) => length === 0),
      figures: `${rounds} pauses of ${PAUSE_MS / 1000} s, ${acked} acknowledged; recipients missing: ${counts.join(", ")}; left on intake: ${JSON.stringify(intake)}`,
    };
  };

export const FAILOVERS: readonly Scenario[] = [
  {
    id: "B16",
    what: "Sentinels: the primary paused through a failover, again and again",
    run: pausing(startWithSentinels),
  },
  { id: "B17", what: "a cluster: the primary paused through a failover, again and again", run: pausing(startCluster) },
];
