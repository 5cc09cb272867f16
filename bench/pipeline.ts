/**
 * SMTP in -> event on its output queue, with durable accept, beside a bare smtp-server null sink and a bare BullMQ add
 * and work loop on the same kind of Redis (every write on disk before the answer), in turns within one run.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openQueues, openWorker, type Queues } from "../src/queues/queues.ts";
import { OUTPUT_QUEUES } from "../src/queues/names.ts";
import { startTestRedis } from "../test/support/redis.ts";
import { startTestService } from "../test/support/service.ts";
import { bounceOf } from "./load.ts";
import { printLanes, sideBySide } from "./side-by-side.ts";

const CONNECTIONS = 100;
const ROUNDS = 3;

export async function benchPipeline(messages = 3000): Promise<void> {
  const redis = await startTestRedis();
  const service = await startTestService({ REDIS_URL: redis.url });
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const bare = openQueues({ redisUrl: redis.url, prefix: "bare" });
  const sink = spawn(process.execPath, [join(import.meta.dirname, "null-sink.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const sinkPort = Number(String((await once(sink.stdout, "data"))[0]));
  let round = 0;
  try {
    const results = await sideBySide(
      [
        { name: "bare smtp-server, null sink", run: () => load(sinkPort, messages, "sink") },
        { name: "bare BullMQ, add and work", run: () => addAndWork(bare, redis.url, messages, ++round) },
        {
          name: "SMTP to event, durable",
          async run() {
            const before = await countEvents(queues);
            const accepted = await load(service.smtpPort, messages, `full${++round}-`);
            while ((await countEvents(queues)) < before + accepted)
              await new Promise((resolve) => setTimeout(resolve, 10));
            return accepted;
          },
        },
      ],
      ROUNDS,
    );
    printLanes(`${messages} bounces of ${bounceOf("x").length} octets, ${CONNECTIONS} connections`, "msg", results);
  } finally {
    sink.kill();
    await service.stop();
    await queues.close();
    await bare.close();
    await redis.stop();
  }
}

const countEvents = async (queues: Queues): Promise<number> => {
  const counts = await Promise.all(OUTPUT_QUEUES.map((name) => queues.get(name).getWaitingCount()));
  return counts.reduce((sum, count) => sum + count, 0);
};

/** Resolves with how many were accepted; the lane's time is ours, start of the process included. */
async function load(port: number, messages: number, prefix: string): Promise<number> {
  const program = join(import.meta.dirname, "load.ts");
  const child = spawn(process.execPath, [program, String(port), String(messages), String(CONNECTIONS), prefix], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = (await once(child.stdout, "data")) as [Buffer];
  const { accepted } = JSON.parse(String(output)) as { accepted: number };
  if (accepted !== messages) throw new Error(`${accepted} of ${messages} accepted`);
  return accepted;
}

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
