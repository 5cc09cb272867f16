/**
 * `node bench/faults/rolling.ts [RESTARTS]`: two listeners behind haproxy (send-proxy-v2, SMTP health checks), restarted
 * in turn under load, first drained as docs/scale.md says, then by SIGTERM alone; the worker between them. Prints rows
 * H01 to H03 of the faults.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "../../src/machine/apt.ts";
import { OUTPUT_QUEUES } from "../../src/queues/names.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { freePort } from "../../test/support/free-port.ts";
import { startTestRedis } from "../../test/support/redis.ts";
import { startTestService, type TestService } from "../../test/support/service.ts";
import { connectSmtp } from "../../test/support/smtp-client.ts";
import { bounceOf } from "../load.ts";

export interface Rolled {
  readonly restarts: number;
  readonly acked: number;
  /** No greeting. */
  readonly refusedConnections: number;
  /** 421 and other 4xx: the sender keeps the mail and comes back. */
  readonly putOff: number;
  /** The dot was sent and no answer came. */
  readonly unknown: number;
  /** Got 250, and no event of it is there. */
  readonly missing: number;
  readonly slowestStopMs: number;
}

const CONNECTIONS = 8;
const SERVERS = ["one", "two"] as const;

export async function rollingRestarts(restarts: number, drains: boolean): Promise<Rolled> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-rolling-"));
  const redis = await startTestRedis();
  const ports = { one: await freePort(), two: await freePort() };
  const startListener = (name: "one" | "two"): Promise<TestService> =>
    startTestService(
      { REDIS_URL: redis.url, BOUNCED_SMTP_PORT: String(ports[name]), BOUNCED_PROXY_PROTOCOL: "127.0.0.1" },
      "smtp",
    );
  const startWorker = (): Promise<TestService> => startTestService({ REDIS_URL: redis.url }, "worker");
  const listeners = { one: await startListener("one"), two: await startListener("two") };
  let worker = await startWorker();
  const balancer = await startBalancer(folder, ports);
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const load = startLoad(balancer.port);
  let slowestStopMs = 0;
  try {
    await sleep(500);
    for (let n = 0; n < restarts; n++) {
      const name = SERVERS[n % 2] ?? "one";
      if (drains) await balancer.drain(name);
      const since = performance.now();
      if ((await listeners[name].stop()) !== 0) throw new Error(`listener ${name} did not end in good order`);
      slowestStopMs = Math.max(slowestStopMs, performance.now() - since);
      listeners[name] = await startListener(name);
      if (drains) await balancer.ready(name);
      await balancer.untilUp(name);
      if (n % 4 === 1) {
        await worker.stop();
        worker = await startWorker();
      }
    }
    await load.finish();
    const missing = await untilHandedOut(queues, load.acked);
    return { restarts, acked: load.acked.size, ...load.counts, missing, slowestStopMs: Math.round(slowestStopMs) };
  } finally {
    await load.finish();
    await balancer.stop();
    await Promise.all([listeners.one.stop(), listeners.two.stop(), worker.stop()]);
    await queues.close();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One message per connection, as most senders do; each again until it is taken. */
function startLoad(port: number) {
  const acked = new Set<string>();
  const counts = { refusedConnections: 0, putOff: 0, unknown: 0 };
  let next = 0;
  const state = { isFinishing: false };
  const send = async (id: string): Promise<boolean> => {
    const client = await connectSmtp(port).catch(() => null);
    if (!client) return (counts.refusedConnections++, false);
    try {
      const greeting = await client.reply();
      if (greeting === "") return (counts.refusedConnections++, false);
      let reply = greeting;
      for (const line of ["EHLO sender.example", "MAIL FROM:<>", "RCPT TO:<b@bounces.example.com>", "DATA"])
        if (/^[23]/.test(reply)) reply = await client.command(line);
      if (!reply.startsWith("3")) return (counts.putOff++, false);
      reply = await client.data(bounceOf(id));
      if (reply === "") counts.unknown++;
      else if (!reply.startsWith("250")) counts.putOff++;
      return reply.startsWith("250");
    } finally {
      client.close();
    }
  };
  const senders = Array.from({ length: CONNECTIONS }, async () => {
    while (!state.isFinishing) {
      const id = `r${next++}`;
      while (!(await send(id))) await sleep(50);
      acked.add(id);
    }
  });
  return {
    acked: acked as ReadonlySet<string>,
    counts: counts as Readonly<typeof counts>,
    async finish() {
      state.isFinishing = true;
      await Promise.all(senders);
    },
  };
}

async function startBalancer(folder: string, ports: Readonly<Record<"one" | "two", number>>) {
  const program = findProgram("haproxy");
  if (!program) throw new Error("haproxy is not here: apt-get install haproxy");
  const port = await freePort();
  const socket = join(folder, "haproxy.sock");
  const file = join(folder, "haproxy.cfg");
  writeFileSync(file, configurationOf(port, ports, socket));
  const child: ChildProcess = spawn(program, ["-db", "-f", file], { stdio: "ignore" });
  const command = (line: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const admin = connect(socket);
      let text = "";
      admin.on("data", (chunk) => (text += chunk.toString("latin1")));
      admin.once("close", () => resolve(text)).once("error", reject);
      admin.write(`${line}\n`);
    });
  /** Columns of `show stat`: 4 is the sessions now, 17 the state. */
  const stateOf = async (name: string): Promise<readonly string[]> =>
    (await command("show stat").catch(() => ""))
      .split("\n")
      .find((line) => line.startsWith(`bounced,${name},`))
      ?.split(",") ?? [];
  const untilUp = async (name: string): Promise<void> => {
    while ((await stateOf(name))[17] !== "UP") await sleep(50);
  };
  for (const name of SERVERS) await untilUp(name);
  return {
    port,
    untilUp,
    async drain(name: string) {
      await command(`set server bounced/${name} state drain`);
      while ((await stateOf(name))[4] !== "0") await sleep(20);
    },
    ready: (name: string) => command(`set server bounced/${name} state ready`),
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** As docs/scale.md shows it. */
const configurationOf = (port: number, ports: Readonly<Record<"one" | "two", number>>, socket: string): string => `
global
  stats socket ${socket} level admin
defaults
  mode tcp
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  retries 3
  option redispatch
frontend smtp
  bind 127.0.0.1:${port}
  default_backend bounced
backend bounced
  option smtpchk EHLO balancer.example
  default-server check inter 500 fall 2 rise 1 send-proxy-v2
  server one 127.0.0.1:${ports.one}
  server two 127.0.0.1:${ports.two}
`;

/** How many of them have no event when nothing moves any more. */
async function untilHandedOut(queues: Queues, acked: ReadonlySet<string>): Promise<number> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const seen = new Set<string>();
    for (const name of OUTPUT_QUEUES)
      for (const { data } of await queues.get(name).getWaiting(0, 1_000_000))
        seen.add(/^user-(.+)@/.exec(data.recipient.address ?? "")?.[1] ?? "");
    const missing = [...acked].filter((id) => !seen.has(id)).length;
    if (missing === 0 || Date.now() > deadline) return missing;
    await sleep(200);
  }
}

if (import.meta.main) {
  const restarts = Number(process.argv[2] ?? 20);
  for (const drains of [true, false]) {
    const { acked, refusedConnections, putOff, unknown, missing, slowestStopMs } = await rollingRestarts(
      restarts,
      drains,
    );
    console.log(
      `H01-H03  ${restarts} restarts ${drains ? "drained through haproxy" : "by SIGTERM alone"}: ${acked} acknowledged, ` +
        `${missing} missing, ${refusedConnections} connections refused, ${putOff} put off (421), ${unknown} without an answer; ` +
        `slowest stop ${slowestStopMs} ms`,
    );
  }
}
