/** A service with a Redis of its own for one scenario, and what its processes cost. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { startTestRedis, type TestRedis } from "../../test/support/redis.ts";
import { startTestService, type TestService } from "../../test/support/service.ts";
import { connectSmtp, openTransaction } from "../../test/support/smtp-client.ts";
import { withFault } from "./keeper.ts";
import type { Stretch } from "./loop-watch.ts";
import type { Outcome } from "./scenario.ts";

const LOOP_WATCH = pathToFileURL(join(import.meta.dirname, "loop-watch.ts")).href;
/** No input may keep an event loop from everybody else for longer. */
export const MOST_BLOCKED_MS = 250;

export interface BenchService extends TestService {
  readonly redis: TestRedis;
  readonly queues: Queues;
  readonly pid: number;
  /** The longest stretches since the last call, the main thread's and those of the other threads. */
  readonly stretches: () => Promise<{ readonly main: Stretch; readonly threads: Stretch }>;
}

export interface BenchOptions {
  readonly roles?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** As in points.ts. */
  readonly fault?: string;
}

export async function withService(
  { roles = "smtp", environment = {}, fault }: BenchOptions,
  work: (service: BenchService) => Promise<Outcome>,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "bounced-bench-"));
  const loopLog = join(folder, "loop");
  const redis = await startTestRedis();
  const injected = fault === undefined ? { NODE_OPTIONS: `--import ${LOOP_WATCH}` } : withFault(fault);
  const service = await startTestService(
    {
      REDIS_URL: redis.url,
      BOUNCED_MAX_CLIENTS: "2000",
      BOUNCED_DATA_DIR: folder,
      BOUNCED_LOG_LEVEL: "error",
      LOOP_LOG: loopLog,
      ...injected,
      ...environment,
    },
    roles,
  );
  const killer = (): void => void service.process.kill("SIGKILL");
  process.once("exit", killer);
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const pid = service.process.pid ?? 0;
  let since = Date.now();
  try {
    return await work({
      ...service,
      redis,
      queues,
      pid,
      async stretches() {
        await sleep(250);
        const all = readFileSync(loopLog, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Stretch)
          .filter(({ at }) => at >= since);
        since = Date.now();
        const longest = (isMain: boolean): Stretch =>
          all
            .filter(({ thread }) => thread.endsWith(".0") === isMain)
            .reduce((a, b) => (blockedMs(a) > blockedMs(b) ? a : b), { at: 0, thread: "", wallMs: 0, cpuMs: 0 });
        return { main: longest(true), threads: longest(false) };
      },
    });
  } finally {
    process.off("exit", killer);
    await queues.close();
    await service.stop();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long a stretch would have been on a machine with nothing else to do. */
export const blockedMs = ({ wallMs, cpuMs }: Stretch): number => Math.round(Math.min(wallMs, cpuMs));

/** How long a good client waits for its greeting. */
export async function greetMs(port: number): Promise<number> {
  const from = performance.now();
  const client = await connectSmtp(port);
  await client.reply();
  client.close();
  return Math.round(performance.now() - from);
}

export async function worstGreetOf(port: number, times: number): Promise<number> {
  let worst = 0;
  for (let n = 0; n < times; n++) worst = Math.max(worst, await greetMs(port));
  return worst;
}

/** One transaction on a connection of its own; the reply to the final dot. */
export async function deliver(port: number, message: string, recipient?: string): Promise<string> {
  const client = await openTransaction(port, recipient);
  const go = await client.command("DATA");
  const reply = go.startsWith("354") ? await client.data(message.replaceAll("\r\n.", "\r\n..")) : go;
  client.close();
  return reply;
}

export const residentMb = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024);

export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Asks until it is so; rejects, naming what did not come, when that takes too long. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, withinMs = 120_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await sleep(50);
  }
}

/** Resolves when nothing waits any more on the way into the log. */
export const untilLogged = ({ queues }: Pick<BenchService, "queues">): Promise<void> =>
  until("everything in the log", async () => {
    const counts = await Promise.all(
      (["intake", "record"] as const).map((name) =>
        queues.get(name).getJobCountByTypes("waiting", "active", "delayed"),
      ),
    );
    return counts.every((count) => count === 0);
  });

/** Messages that the log has taken. */
export function loggedIn({ dataDir }: Pick<BenchService, "dataDir">): number {
  const path = join(dataDir, "log.sqlite");
  if (!existsSync(path)) return 0;
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return Number(database.prepare("select count(distinct message) as messages from events").get()?.["messages"]);
  } finally {
    database.close();
  }
}
