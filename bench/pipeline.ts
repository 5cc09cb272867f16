/**
 * SMTP in -> event on its output queue, with durable accept, beside a bare smtp-server null sink and a bare BullMQ add
 * and work loop on the same kind of Redis (every write on disk before the answer), in turns within one run.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OUTPUT_QUEUES } from "../src/queues/names.ts";
import { openQueues, openWorker, type Queues } from "../src/queues/queues.ts";
import { startTestRedis } from "../test/support/redis.ts";
import { startTestService } from "../test/support/service.ts";
import { bounceOf } from "./load.ts";
import { runLoad, type Load } from "./run-load.ts";
import { newSigningKey, publicRecordOf, SIGNER } from "./signed-headers.ts";
import { printLanes, sideBySide, type Lane } from "./side-by-side.ts";

const CONNECTIONS = 100;
const ROUNDS = 3;

export async function benchPipeline(messages = 6000): Promise<void> {
  const sink = await startNullSink();
  const redis = await startTestRedis();
  const bare = openQueues({ redisUrl: redis.url, prefix: "bare" });
  const events = await startWhole("smtp,worker", messages);
  const logged = await startWhole("smtp,worker,record", messages);
  let round = 0;
  try {
    const results = await sideBySide(
      [
        {
          name: "bare smtp-server, null sink",
          run: async () =>
            (await runLoad({ port: sink.port, messages, connections: CONNECTIONS, prefix: "s" })).accepted,
        },
        { name: "bare BullMQ, add and work", run: () => addAndWork(bare, redis.url, messages, ++round) },
        { name: "SMTP to event, durable", ...events.laneOf() },
        { name: "SMTP to event and log, durable", ...logged.laneOf() },
      ],
      ROUNDS,
    );
    printLanes(`${messages} bounces of ${bounceOf("x").length} octets, ${CONNECTIONS} connections`, "msg", results);
    const half = (results[2]?.median ?? 2) / 2;
    const { p50Ms, p99Ms } = await runLoad({
      port: events.smtpPort,
      messages,
      connections: CONNECTIONS,
      prefix: "half",
      rate: half,
    });
    console.log(`  accept at ${Math.round(half)} msg/s, half of that: p50 ${p50Ms} ms, p99 ${p99Ms} ms`);
  } finally {
    sink.stop();
    await events.stop();
    await logged.stop();
    await bare.close();
    await redis.stop();
  }
}

/** What a DKIM proof on half of the mail costs: the same octets with it and without it, in turns, on one service. */
export async function benchProof(messages = 3000): Promise<void> {
  const signingKey = newSigningKey();
  const folder = mkdtempSync(join(tmpdir(), "bounced-bench-"));
  const keys = [{ selector: "s1", domain: SIGNER, key: publicRecordOf(signingKey) }];
  writeFileSync(join(folder, "bounced.yaml"), JSON.stringify({ dkim: { domains: [SIGNER], keys } }));
  const whole = await startWhole("smtp,worker", messages, { BOUNCED_CONFIG: join(folder, "bounced.yaml") });
  try {
    const lane = (mode: "proof" | "no-proof"): Omit<Lane, "name"> => whole.laneOf({ mode, signingKey });
    const results = await sideBySide(
      [
        { name: "half with a header that proves nothing", ...lane("no-proof") },
        { name: "half proven by DKIM, key known", ...lane("proof") },
      ],
      ROUNDS,
    );
    printLanes(`SMTP to event, ${messages} bounces, ${CONNECTIONS} connections`, "msg", results);
  } finally {
    await whole.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startNullSink(): Promise<{ readonly port: number; readonly stop: () => void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "null-sink.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = Number(String((await once(child.stdout, "data"))[0]));
  return { port, stop: () => void child.kill() };
}

/** These roles on a Redis of their own, and the lane that sends through them. */
async function startWhole(
  roles: string,
  messages: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<{
  readonly smtpPort: number;
  readonly laneOf: (load?: Pick<Load, "mode" | "signingKey">) => Omit<Lane, "name">;
  readonly stop: () => Promise<void>;
}> {
  const redis = await startTestRedis();
  const service = await startTestService({ REDIS_URL: redis.url, ...environment }, roles);
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  let round = 0;
  return {
    smtpPort: service.smtpPort,
    laneOf: (load = {}) => ({
      async run() {
        const prefix = `r${++round}-`;
        await runLoad({ port: service.smtpPort, messages, connections: CONNECTIONS, prefix, ...load });
        while ((await countEvents(queues)) < messages || (await countUnrecorded(queues)) > 0) await sleep(10);
        return messages;
      },
      // What nobody consumes is trimmed after a while, and would not be counted.
      async after() {
        for (const name of OUTPUT_QUEUES) await queues.get(name).obliterate({ force: true });
      },
    }),
    async stop() {
      await service.stop();
      await queues.close();
      await redis.stop();
    },
  };
}

const countEvents = async (queues: Queues): Promise<number> => {
  const counts = await Promise.all(OUTPUT_QUEUES.map((name) => queues.get(name).getWaitingCount()));
  return counts.reduce((sum, count) => sum + count, 0);
};
const countUnrecorded = (queues: Queues): Promise<number> =>
  queues.get("record").getJobCountByTypes("waiting", "active", "delayed");

async function addAndWork(queues: Queues, redisUrl: string, messages: number, round: number): Promise<number> {
  const name = `bare-${round}`;
  let done = 0;
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const worker = openWorker(
    name,
    () => {
      if (++done === messages) finish();
      return Promise.resolve();
    },
    { redisUrl, prefix: "bare", concurrency: 64, onError: () => undefined },
  );
  const data = { head: bounceOf("bare") };
  let next = 0;
  const add = async (): Promise<void> => {
    while (next++ < messages) await queues.get(name).add("message", data as never);
  };
  await Promise.all(Array.from({ length: 64 }, add));
  await finished;
  await worker.close();
  return messages;
}
