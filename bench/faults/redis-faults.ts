/** Redis hung, cut off, out of memory, set up wrongly. */
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { checkDurability } from "../../src/intake/durability.ts";
import { connectRedis } from "../../src/queues/redis.ts";
import { startTestRedis } from "../../test/support/redis.ts";
import { startTestService } from "../../test/support/service.ts";
import { openTransaction } from "../../test/support/smtp-client.ts";
import { describe } from "./crashes.ts";
import type { Outcome, Scenario } from "./scenario.ts";
import { runStorm, type Storm } from "./storm.ts";

const signal = ({ redis }: Storm, name: "SIGSTOP" | "SIGCONT"): void => {
  const pid = redis.pid();
  if (pid !== null) process.kill(pid, name);
};

async function hang(rounds: number): Promise<Outcome> {
  const reckoning = await runStorm({
    async disturb(storm) {
      for (let round = 0; round < rounds; round++) {
        await sleep(1000);
        signal(storm, "SIGSTOP");
        await sleep(7000);
        signal(storm, "SIGCONT");
      }
      await sleep(2000);
      return rounds;
    },
  });
  return describe(reckoning);
}

/** A proxy that passes requests on and closes connections before the answer comes back, at random. */
function lossyProxy(
  target: string,
  socketPath: string,
): { readonly server: Server; readonly cuts: () => number; readonly end: () => void } {
  let cuts = 0;
  let isLossy = true;
  const server = createServer((client) => {
    const upstream = connect(target);
    const close = (): void => {
      client.destroy();
      upstream.destroy();
    };
    client.pipe(upstream);
    upstream.on("data", (chunk) => {
      if (isLossy && Math.random() < 0.05) {
        cuts++;
        close();
      } else client.write(chunk);
    });
    for (const socket of [client, upstream]) socket.on("error", close).on("close", close);
  });
  server.listen(socketPath);
  return { server, cuts: () => cuts, end: () => (isLossy = false) };
}

async function loseReplies(rounds: number): Promise<Outcome> {
  const path = join(tmpdir(), `bounced-proxy-${process.pid}.sock`);
  rmSync(path, { force: true });
  let proxy: ReturnType<typeof lossyProxy> | null = null;
  const reckoning = await runStorm({
    redisUrl(redis) {
      proxy = lossyProxy(redis.url.slice("unix:".length), path);
      return `unix:${path}`;
    },
    async disturb() {
      await sleep(rounds * 2000);
      proxy?.end();
      return proxy?.cuts() ?? 0;
    },
  });
  (proxy as ReturnType<typeof lossyProxy> | null)?.server.close();
  return describe(reckoning);
}

async function killClients(rounds: number): Promise<Outcome> {
  const reckoning = await runStorm({
    async disturb({ queues }) {
      for (let round = 0; round < rounds * 5; round++) {
        await sleep(200);
        await queues.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      }
      return rounds * 5;
    },
  });
  return describe(reckoning);
}

async function fill(rounds: number): Promise<Outcome> {
  const reckoning = await runStorm({
    async disturb({ queues }) {
      for (let round = 0; round < rounds; round++) {
        await sleep(1500);
        const used = Number(/used_memory:(\d+)/.exec(await queues.redis.info("memory"))?.[1]);
        await queues.redis.config("SET", "maxmemory", String(used + 100_000));
        await sleep(4000);
        await queues.redis.config("SET", "maxmemory", "0");
      }
      return rounds;
    },
  });
  return describe(reckoning);
}

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
  { id: "B02", what: "Redis stopped (SIGSTOP) for 7 s under load", run: (rounds) => hang(Math.ceil(rounds / 5)) },
  { id: "B03", what: "Redis hangs when the service starts", run: startWithoutRedis },
  { id: "B04", what: "replies of Redis lost at random under load", run: loseReplies },
  { id: "B05", what: "Redis at its memory limit under load", run: (rounds) => fill(Math.ceil(rounds / 5)) },
  { id: "B06", what: "wrong eviction policy, no append-only file, no fsync: detected", run: wrongSettings },
  { id: "B09", what: "all connections to Redis closed every 200 ms", run: killClients },
];
