/** More of A and B: poison messages, lost and damaged data, workers that wait or block. */
import { closeSync, cpSync, openSync, readdirSync, statSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BouncedEvent } from "../../src/event/event.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { provideRedisBinary } from "../../src/redis/binary.ts";
import { startPrivateRedis } from "../../src/redis/private-server.ts";
import { startTestRedis } from "../../test/support/redis.ts";
import { bounceOf } from "../load.ts";
import { deliver, loggedIn, until, untilLogged, withService } from "./bench-service.ts";
import { keep } from "./keeper.ts";
import { outcomeOf } from "./reckoning.ts";
import type { Outcome, Scenario } from "./scenario.ts";
import { runStorm } from "./storm.ts";

/** A message that kills its worker each time, and others beside it. */
const poison = (): Promise<Outcome> =>
  withService({ roles: "smtp,record" }, async ({ smtpPort, redis, queues, dataDir }) => {
    const worker = await keep({
      environment: { REDIS_URL: redis.url, BOUNCED_DATA_DIR: dataDir, BOUNCED_LOG_LEVEL: "error" },
      role: "worker",
      fault: () => "before_parse@user-poison@:1:SIGKILL",
      onDeath: () => undefined,
    });
    await deliver(smtpPort, bounceOf("poison"));
    const from = performance.now();
    let beside = 0;
    let slowestMs = 0;
    const outcome = async (): Promise<BouncedEvent | undefined> => {
      const [job] = await queues.get("unrecognized").getWaiting();
      return job?.data;
    };
    while ((await outcome()) === undefined && performance.now() - from < 300_000) {
      const sentAt = performance.now();
      await deliver(smtpPort, bounceOf(`beside${beside}`));
      beside++;
      await until("the message beside", () => loggedIn({ dataDir }) >= beside);
      slowestMs = Math.max(slowestMs, performance.now() - sentAt);
      await sleep(500);
    }
    const deaths = worker.deaths();
    const warning = (await outcome())?.warnings.find(({ code }) => code === "unparseable");
    await deliver(smtpPort, bounceOf("poison"), "copy@bounces.example.com");
    await until("the messages in the log", () => loggedIn({ dataDir }) > beside);
    const parked = await queues.get("intake").getFailedCount();
    const deathsOfCopies = worker.deaths() - deaths;
    await worker.stop();
    return {
      pass: warning !== undefined && parked === 0 && deaths <= 6 && deathsOfCopies === 0,
      figures: `recorded as unparseable after ${deaths} crashes, a copy of it without one; ${beside} messages beside it, the slowest after ${(slowestMs / 1000).toFixed(1)} s`,
    };
  });

/** All of Redis's data gone: what was in the log stays, what had no 250 stays with its sender, new mail is taken. */
const flushed = (): Promise<Outcome> =>
  withService({ roles: "smtp,worker,record" }, async ({ smtpPort, queues, dataDir }) => {
    for (let n = 0; n < 20; n++) await deliver(smtpPort, bounceOf(`before${n}`));
    await untilLogged({ queues });
    await queues.redis.flushall();
    // What the worker remembers of Redis is read anew after five seconds.
    await sleep(6000);
    let reply = "";
    const from = performance.now();
    for (let n = 0; !reply.startsWith("250") && performance.now() - from < 30_000; n++)
      reply = await deliver(smtpPort, bounceOf(`after${n}`));
    await until("the next message", () => loggedIn({ dataDir }) > 20);
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    return {
      pass: true,
      figures: `20 messages in the log before FLUSHALL; the next 250, and in the log, after ${seconds} s`,
    };
  });

/** The last octets of the append-only file missing; garbage in its middle. */
async function damagedFile(): Promise<Outcome> {
  const redis = await startTestRedis();
  const binary = provideRedisBinary({ mayInstall: false, announce: () => undefined });
  const folder = join(redis.folder, "copy");
  await withQueues(redis.url, async (queues) => {
    for (let n = 0; n < 200; n++) await queues.get("alert").add("test", {}, { jobId: `a${n}` });
  });
  cpSync(join(redis.folder, "appendonlydir"), join(folder, "appendonlydir"), { recursive: true });
  const files = readdirSync(join(folder, "appendonlydir")).filter((name) => name.endsWith(".incr.aof"));
  const file = join(folder, "appendonlydir", files[0] ?? "");
  truncateSync(file, statSync(file).size - 37);
  const truncated = await startPrivateRedis({ binary, folder });
  const left = await withQueues(truncated.url, (queues) => queues.get("alert").getWaitingCount());
  await truncated.stop();
  const descriptor = openSync(file, "r+");
  writeSync(descriptor, "garbage ".repeat(500), Math.floor(statSync(file).size / 2));
  closeSync(descriptor);
  const said: string[] = [];
  const refused = await startPrivateRedis({ binary, folder, onNote: (line) => said.push(line) }).then(
    async (server) => {
      await server.stop();
      return false;
    },
    () => true,
  );
  await redis.stop();
  return {
    pass: left >= 198 && refused && said.some((line) => /Bad file format/i.test(line)),
    figures: `37 octets missing: starts with ${left} of 200 jobs; garbage inside: ${refused ? "refuses to start and says so" : "STARTS"}`,
  };
}

async function withQueues<Result>(redisUrl: string, work: (queues: Queues) => Promise<Result>): Promise<Result> {
  const queues = openQueues({ redisUrl, prefix: "bounced" });
  try {
    return await work(queues);
  } finally {
    await queues.close();
  }
}

/** A worker with nothing to do, Redis away, and then work. */
const idleWorker = (): Promise<Outcome> =>
  withService({ roles: "smtp,worker,record" }, async ({ smtpPort, redis, dataDir }) => {
    const resumed: number[] = [];
    for (const seconds of [1, 5, 15, 1, 5]) {
      await sleep(500);
      const done = loggedIn({ dataDir });
      process.kill(redis.pid() ?? 0, "SIGSTOP");
      await sleep(seconds * 1000);
      process.kill(redis.pid() ?? 0, "SIGCONT");
      const from = performance.now();
      let reply = "";
      while (!reply.startsWith("250")) reply = await deliver(smtpPort, bounceOf(`idle${resumed.length}`));
      await until("the next message", () => loggedIn({ dataDir }) > done);
      resumed.push((performance.now() - from) / 1000);
    }
    const worst = Math.max(...resumed);
    return {
      pass: worst < 30,
      figures: `Redis away for 1, 5, 15, 1, 5 s: the next message in the log ${resumed.map((s) => s.toFixed(1)).join(", ")} s after it is back`,
    };
  });

/** The worker's thread blocked for longer than its lock. */
const blockedWorker = async (): Promise<Outcome> =>
  outcomeOf(
    await runStorm({
      faults: { worker: () => "after_parse:100:block:9000" },
      async disturb(storm) {
        storm.disturbed();
        const until = performance.now() + 15_000;
        while (performance.now() < until) await sleep(100);
      },
    }),
  );

export const LOST_DATA: readonly Scenario[] = [
  { id: "A04", what: "a message that kills its worker every time", run: poison },
  { id: "A07", what: "all data of Redis deleted", run: flushed },
  { id: "B07", what: "an idle worker after an absence of Redis", run: idleWorker },
  { id: "B10", what: "append-only file cut off; damaged", run: damagedFile },
  { id: "B14", what: "a worker that is blocked for longer than its lock", run: blockedWorker },
];
