/** /readyz of a running service against real faults: each shows, with what to do, and goes away again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { scrape } from "../support/metrics.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openTransaction } from "../support/smtp-client.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let redis: TestRedis;
let queues: Queues;
let front: TestService;
let worker: TestService;
let dataDir: string;
let url = "";
beforeAll(async () => {
  redis = await startTestRedis();
  queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  dataDir = mkdtempSync(join(tmpdir(), "bounced-health-"));
  const environment = { REDIS_URL: redis.url, BOUNCED_DATA_DIR: dataDir };
  front = await startTestService(environment, "smtp,record,http");
  worker = await startTestService(environment, "worker");
  url = /pages on (http:\/\/\S+)/.exec(front.output())?.[1] ?? "";
});
afterAll(async () => {
  await front.stop();
  await worker.stop();
  await queues.close();
  await redis.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Ready {
  readonly status: number;
  readonly word: string;
  readonly sick: Readonly<Record<string, readonly string[]>>;
}
async function ready(): Promise<Ready> {
  const answer = await fetch(`${url}/readyz`);
  const body = (await answer.json()) as {
    status: string;
    parts: readonly {
      name: string;
      ok: boolean;
      stops: readonly string[];
      found: string | null;
      todo: string | null;
    }[];
  };
  const sick = body.parts.filter(({ ok }) => !ok);
  for (const { name, found, todo } of sick) expect([found, todo], name).not.toContain(null);
  return {
    status: answer.status,
    word: body.status,
    sick: Object.fromEntries(sick.map(({ name, stops }) => [name, stops])),
  };
}
const patiently = { timeout: 60_000, interval: 200 };
const WELL = { status: 200, word: "ready", sick: {} };

interface Fault {
  readonly part: string;
  readonly stops: readonly string[];
  readonly make: () => unknown;
  readonly mend: () => unknown;
}
const set = (name: string, value: string) => () => queues.redis.config("SET", name, value);
const signal = (name: NodeJS.Signals) => () => process.kill(redis.pid() ?? 0, name);
let lock: DatabaseSync;

const FAULTS: readonly (readonly [string, Fault])[] = [
  ["Redis hangs", { part: "redis", stops: ["smtp"], make: signal("SIGSTOP"), mend: signal("SIGCONT") }],
  [
    "Redis takes no writes",
    {
      part: "redis",
      stops: ["smtp"],
      make: () => queues.redis.replicaof("127.0.0.1", "1"),
      mend: () => queues.redis.replicaof("NO", "ONE"),
    },
  ],
  [
    "Redis is full",
    { part: "redis-memory", stops: ["smtp"], make: set("maxmemory", "1000000"), mend: set("maxmemory", "0") },
  ],
  [
    "Redis would forget mail, set while it runs",
    {
      part: "redis-durability",
      stops: ["smtp"],
      make: set("maxmemory-policy", "allkeys-lru"),
      mend: set("maxmemory-policy", "noeviction"),
    },
  ],
  [
    "the log takes no writes",
    {
      part: "store",
      stops: ["api"],
      make() {
        lock = new DatabaseSync(join(dataDir, "log.sqlite"));
        lock.exec("begin exclusive");
      },
      mend: () => lock.close(),
    },
  ],
  [
    "the worker is stuck",
    {
      part: "intake",
      stops: [],
      async make() {
        worker.process.kill("SIGSTOP");
        const client = await openTransaction(front.smtpPort);
        await client.command("DATA");
        await client.data("Subject: waits");
        client.close();
      },
      mend: () => worker.process.kill("SIGCONT"),
    },
  ],
  [
    "a message in quarantine",
    {
      part: "quarantine",
      stops: [],
      make: () => queues.redis.zadd("bounced:intake:failed", 1, "m1"),
      mend: () => queues.redis.del("bounced:intake:failed"),
    },
  ],
];

test("all is well at first, in the metrics too", async () => {
  await expect.poll(ready, patiently).toEqual(WELL);
  await expect.poll(async () => (await scrape(url)).value("bounced_health", { part: "store" }), patiently).toBe(1);
});

test.each(FAULTS)("%s", async (_name, { part, stops, make, mend }) => {
  await make();
  try {
    await expect
      .poll(ready, patiently)
      .toMatchObject({ status: stops.length > 0 ? 503 : 200, sick: { [part]: stops } });
    await expect.poll(async () => (await scrape(url)).value("bounced_health", { part }), patiently).toBe(0);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  } finally {
    await mend();
  }
  await expect.poll(ready, patiently).toEqual(WELL);
});
