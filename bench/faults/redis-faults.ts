/** Redis hung, gone, cut off, out of memory, set up wrongly, its data lost. */
import type { Server } from "node:net";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkDurability } from "../../src/intake/durability.ts";
import { connectRedis } from "../../src/redis/client.ts";
import { pathTo, type Path } from "../../test/support/path.ts";
import { startTestRedis } from "../../test/support/redis.ts";
import { startTestService } from "../../test/support/service.ts";
import { openTransaction } from "../../test/support/smtp-client.ts";
import { killRedis, pause } from "./crashes.ts";
import { outcomeOf } from "./reckoning.ts";
import type { Outcome, Run, Scenario } from "./scenario.ts";
import { runStorm, type Storm, type StormOptions } from "./storm.ts";
import { withTracedRedis } from "./traced-redis.ts";

const storming =
  (options: (run: Run) => StormOptions) =>
  async (run: Run): Promise<Outcome> =>
    outcomeOf(await runStorm(options(run)));

const signal = ({ redis }: Storm, name: "SIGSTOP" | "SIGCONT"): void => {
  const pid = redis.pid();
  if (pid !== null) process.kill(pid, name);
};

/** Stopped for so long, again and again. */
const hang = (seconds: number, share: number) =>
  storming(({ rounds, dice }) => ({
    async disturb(storm) {
      for (let round = 0; round < Math.ceil(rounds * share); round++) {
        await pause(storm, dice, 300);
        signal(storm, "SIGSTOP");
        storm.disturbed();
        await sleep(seconds * 1000);
        signal(storm, "SIGCONT");
      }
      await sleep(2000);
    },
  }));

/** Every process reaches Redis over a path that the scenario breaks. */
async function overPath(disturb: (path: Path, storm: Storm) => Promise<void>): Promise<Outcome> {
  const socketPath = join(tmpdir(), `bounced-path-${process.pid}.sock`);
  rmSync(socketPath, { force: true });
  const path: Path = { loss: 0, delayMs: 0, isBlackHole: false, cuts: 0 };
  let server: Server | null = null;
  const reckoning = await runStorm({
    redisUrl({ url }) {
      server = pathTo(url.slice("unix:".length), socketPath, path);
      return `unix:${socketPath}`;
    },
    async disturb(storm) {
      await disturb(path, storm);
      Object.assign(path, { loss: 0, delayMs: 0, isBlackHole: false });
    },
  });
  (server as Server | null)?.close();
  return outcomeOf(reckoning, path.cuts > 0 ? `${path.cuts} replies lost` : "");
}

const loseReplies = ({ rounds }: Run): Promise<Outcome> =>
  overPath(async (path, storm) => {
    path.loss = 0.05;
    for (let round = 0; round < rounds; round++) {
      await sleep(500);
      if (path.cuts > 0) storm.disturbed();
    }
  });

const badNetwork = ({ rounds, dice }: Run): Promise<Outcome> =>
  overPath(async (path, storm) => {
    for (let round = 0; round < Math.ceil(rounds / 10); round++) {
      for (const trouble of [{ delayMs: 500 }, { isBlackHole: true }, { loss: 0.3 }]) {
        await pause(storm, dice, 200);
        storm.disturbed();
        Object.assign(path, trouble);
        await sleep(4000);
        Object.assign(path, { delayMs: 0, isBlackHole: false, loss: 0 });
      }
    }
    await sleep(2000);
  });

const killClients = storming(({ rounds }) => ({
  async disturb(storm) {
    for (let round = 0; round < rounds * 3; round++) {
      await sleep(200);
      await storm.queues.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      storm.disturbed();
    }
  },
}));

const fill = storming(({ rounds, dice }) => ({
  async disturb(storm) {
    const { redis } = storm.queues;
    for (let round = 0; round < Math.ceil(rounds / 10); round++) {
      await pause(storm, dice, 300);
      const used = Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
      await redis.config("SET", "maxmemory", String(used + 100_000));
      storm.disturbed();
      await sleep(4000);
      await redis.config("SET", "maxmemory", "0");
    }
  },
}));

/** Every 300th write waits 1.9 s for the disk; in between the server is killed. */
const slowDisk = ({ rounds, dice }: Run): Promise<Outcome> =>
  withTracedRedis("delay_enter=1900000:when=300+300", async (redisBinary) =>
    outcomeOf(
      await runStorm({
        redisBinary,
        async disturb(storm) {
          for (let round = 0; round < Math.ceil(rounds / 8); round++) {
            await pause(storm, dice, 100);
            await killRedis(storm);
          }
          await sleep(2000);
        },
      }),
    ),
  );

async function wrongSettings(): Promise<Outcome> {
  const server = await startTestRedis();
  const redis = connectRedis(server.url, "work");
  const found: string[] = [];
  for (const [name, wrong, right] of [
    ["maxmemory-policy", "allkeys-lru", "noeviction"],
    ["appendfsync", "no", "always"],
    ["appendonly", "no", "yes"],
  ] as const) {
    await redis.config("SET", name, wrong);
    if ((await checkDurability(redis)).problems.length === 1) found.push(name);
    await redis.config("SET", name, right);
  }
  redis.disconnect();
  await server.stop();
  return { pass: found.length === 3, figures: `detected: ${found.join(", ")}` };
}

async function startWithoutRedis(): Promise<Outcome> {
  const server = await startTestRedis();
  process.kill(server.pid() ?? 0, "SIGSTOP");
  const service = await startTestService({ REDIS_URL: server.url });
  const reply = async (): Promise<string> => {
    const client = await openTransaction(service.smtpPort);
    const answer = (await client.command("DATA")).startsWith("354") ? await client.data("Subject: x\r\n") : "451";
    client.close();
    return answer.slice(0, 3);
  };
  const before = await reply();
  process.kill(server.pid() ?? 0, "SIGCONT");
  const from = performance.now();
  let after = await reply();
  while (after !== "250" && performance.now() - from < 30_000) after = await reply();
  const recoveredMs = Math.round(performance.now() - from);
  await service.stop();
  await server.stop();
  return { pass: before === "451" && after === "250", figures: `${before} without Redis, 250 after ${recoveredMs} ms` };
}

export const REDIS_FAULTS: readonly Scenario[] = [
  { id: "A06", what: "kill -9 of Redis while its disk takes 1.9 s at every 300th fsync", run: slowDisk },
  { id: "B01", what: "Redis stopped for 30 s while mail arrives", run: hang(30, 0.01) },
  { id: "B02", what: "Redis stopped for 7 s under load, again and again", run: hang(7, 0.1) },
  { id: "B03", what: "Redis hangs when the service starts", run: startWithoutRedis },
  { id: "B04", what: "replies of Redis lost at random under load", run: loseReplies },
  { id: "B05", what: "Redis at its memory limit under load", run: fill },
  { id: "B06", what: "wrong eviction policy, no append-only file, no fsync: detected", run: wrongSettings },
  { id: "B08", what: "the way to Redis: 500 ms each way, swallowed, 30 % of replies lost", run: badNetwork },
  { id: "B09", what: "all connections to Redis closed every 200 ms", run: killClients },
];
