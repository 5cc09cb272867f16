/** How fast a backlog is worked off, and what it weighs: is the thousandth message as quick as the hundred-thousandth? */
import { setTimeout as sleep } from "node:timers/promises";
import { openIntake } from "../src/intake/accept.ts";
import { readWhole } from "../src/intake/message.ts";
import { openQueues, type Queues } from "../src/queues/queues.ts";
import { startTestRedis } from "../test/support/redis.ts";
import { startTestService } from "../test/support/service.ts";
import { bounceOf } from "./load.ts";

const KEEP_BYTES = 262_144;
const AT_A_TIME = 500;

export async function benchDrain(backlogs: readonly number[] = [1000, 10_000, 100_000]): Promise<void> {
  console.log("\nbacklog worked off, one classify thread");
  for (const backlog of backlogs) await drain(backlog);
}

async function drain(backlog: number): Promise<void> {
  const redis = await startTestRedis();
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  try {
    const empty = await usedMemory(queues);
    await fill(redis.url, backlog);
    const octets = ((await usedMemory(queues)) - empty) / backlog;
    const service = await startTestService({ REDIS_URL: redis.url }, "worker");
    const startedAt = performance.now();
    const intake = queues.get("intake");
    while ((await intake.getJobCountByTypes("waiting", "active")) > 0) await sleep(20);
    const seconds = (performance.now() - startedAt) / 1000;
    await service.stop();
    console.log(
      `  ${backlog.toLocaleString("en").padStart(9)} messages of ${bounceOf("x").length} octets` +
        `   ${Math.round(backlog / seconds)
          .toLocaleString("en")
          .padStart(7)} msg/s` +
        `   ${Math.round(octets).toLocaleString("en").padStart(6)} octets of Redis each`,
    );
  } finally {
    await queues.close();
    await redis.stop();
  }
}

/** Past SMTP, so that filling does not take longer than what is measured. */
async function fill(redisUrl: string, messages: number): Promise<void> {
  const intake = openIntake({
    redisUrl,
    prefix: "bounced",
    acceptMs: 60_000,
    durability: { replicas: 0, accept: "durable" },
    onDurability: () => undefined,
  });
  const envelope = { reversePath: "", forwardPaths: ["b@bounces.example.com"], remoteAddress: null };
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let number = next++; number < messages; number = next++)
      await intake.accept(readWhole(Buffer.from(bounceOf(`d${number}`), "latin1"), KEEP_BYTES), envelope);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, sender));
  await intake.close();
}

const usedMemory = async ({ redis }: Queues): Promise<number> =>
  Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
