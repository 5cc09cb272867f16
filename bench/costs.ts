/**
 * What one bounce costs: CPU time of each process from its connection to its row in the log, memory of Redis while it
 * waits, octets on disk. CPU time, unlike a rate, hardly depends on what else the machine does. docs/scale.md computes
 * with these. Linux, for /proc.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OUTPUT_QUEUES } from "../src/queues/names.ts";
import { openQueues, type Queues } from "../src/queues/queues.ts";
import { startTestRedis } from "../test/support/redis.ts";
import { startTestService } from "../test/support/service.ts";
import { bounceOf } from "./load.ts";
import { runLoad } from "./run-load.ts";

const CONNECTIONS = 50;
/** Of the kernel's counters of CPU time. */
const TICK_MS = 10;

export async function benchCosts(messages = 5000): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-costs-"));
  const redis = await startTestRedis();
  const environment = { REDIS_URL: redis.url, BOUNCED_DATA_DIR: dataDir };
  const listener = await startTestService(environment, "smtp");
  const store = await startTestService(environment, "record");
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const load = (prefix: string, count: number) =>
    runLoad({ port: listener.smtpPort, messages: count, connections: CONNECTIONS, prefix });

  // Waiting: accepted, and nobody takes it.
  await load("warm", 200);
  const idle = await usedBytes(queues);
  await load("wait", messages);
  const perWaiting = ((await usedBytes(queues)) - idle) / messages;

  // Flowing: the worker and the log keep up or catch up; all of it counts.
  const worker = await startTestService(environment, "worker");
  await untilEmpty(queues);
  const log = join(dataDir, "log.sqlite");
  const rowsBefore = octetsOf(log);
  const cpuBefore = [listener, worker, store].map((service) => cpuMs(service.process.pid));
  const redisBefore = cpuMs(redis.pid() ?? undefined);
  await load("flow", messages);
  await untilEmpty(queues);
  const [listenerMs = 0, workerMs = 0, storeMs = 0] = [listener, worker, store].map(
    (service, index) => (cpuMs(service.process.pid) - (cpuBefore[index] ?? 0)) / messages,
  );
  const redisMs = (cpuMs(redis.pid() ?? undefined) - redisBefore) / messages;
  const perRow = (octetsOf(log) - rowsBefore) / messages;
  const events = await Promise.all(OUTPUT_QUEUES.map((name) => queues.get(name).getWaitingCount()));
  const perEvent = ((await usedBytes(queues)) - idle) / events.reduce((sum, count) => sum + count, 0);

  console.log(`\nOne bounce of ${bounceOf("x").length} octets, ${messages} of them over ${CONNECTIONS} connections\n`);
  const rows: readonly (readonly [string, number, string])[] = [
    ["CPU of the listener", listenerMs, "ms"],
    ["CPU of the classify worker", workerMs, "ms"],
    ["CPU of the log (SQLite, messages kept)", storeMs, "ms"],
    ["CPU of Redis", redisMs, "ms"],
    ["CPU in all", listenerMs + workerMs + storeMs + redisMs, "ms"],
    ["memory of Redis while it waits on intake", perWaiting, "octets"],
    ["memory of Redis while its event waits on an output queue", perEvent, "octets"],
    ["log on disk", perRow, "octets"],
  ];
  for (const [what, value, unit] of rows)
    console.log(
      `  ${what.padEnd(58)} ${unit === "ms" ? value.toFixed(2) : Math.round(value).toLocaleString("en")} ${unit}`,
    );

  await worker.stop();
  await listener.stop();
  await store.stop();
  await queues.close();
  await redis.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** User and system time of a process, its threads included, since it began. */
function cpuMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

const usedBytes = async ({ redis }: Queues): Promise<number> =>
  Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);

/** With what still is in the write-ahead log brought home. */
function octetsOf(path: string): number {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  return statSync(path).size;
}

async function untilEmpty(queues: Queues): Promise<void> {
  for (;;) {
    const left = await Promise.all(
      ["intake", "record"].map((name) => queues.get(name).getJobCountByTypes("waiting", "active", "delayed")),
    );
    if (left.every((count) => count === 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
