/** The whole way, in a process of its own: a real SMTP client, the listener, Redis, the worker, the output queues. */
import { globSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { loadConfig } from "../src/config/config.ts";
import type { BouncedEvent } from "../src/event/event.ts";
import { readMessage } from "../src/core/read-message.ts";
import { messageInputOf } from "../src/sources/message-input.ts";
import { OUTPUT_QUEUES } from "../src/queues/names.ts";
import { openQueues, type Queues } from "../src/queues/queues.ts";
import { readSettingsOf } from "../src/reading/read-settings.ts";
import { startTestRedis, type TestRedis } from "./support/redis.ts";
import { startTestService, type TestService } from "./support/service.ts";
import { openTransaction } from "./support/smtp-client.ts";

// Each test starts one or two services; how long that takes is the machine's business.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function start(): Promise<{ redis: TestRedis; service: TestService; queues: Queues }> {
  const redis = await startTestRedis();
  const service = await startTestService({ REDIS_URL: redis.url });
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  cleanUps.push(
    () => redis.stop(),
    () => service.stop(),
    () => queues.close(),
  );
  return { redis, service, queues };
}

async function send(port: number, message: string): Promise<string> {
  const client = await openTransaction(port);
  await client.command("DATA");
  const stuffed = message
    .replace(/\r?\n$/, "")
    .replaceAll(/\r?\n/g, "\r\n")
    .replaceAll(/(^|\n)\./g, "$1..");
  const reply = await client.data(stuffed);
  client.close();
  return reply;
}

/** What came out, on which queue. */
async function outputs(queues: Queues): Promise<readonly (readonly [string, BouncedEvent])[]> {
  const perQueue = await Promise.all(
    OUTPUT_QUEUES.map(async (name) =>
      (await queues.get(name).getWaiting(0, 10_000)).map(({ data }) => [name, data] as const),
    ),
  );
  return perQueue.flat();
}
const settled = (queues: Queues): Promise<void> =>
  expect
    .poll(() => queues.get("intake").getJobCountByTypes("waiting", "active", "delayed"), { timeout: 60_000 })
    .toBe(0);

/** An event without what only the way in can know. */
/** Without when and from where it came, and what was looked up about it. */
const comparable = (event: BouncedEvent) => ({
  ...event,
  signals: [],
  // Which day a reply means depends on the time of receipt.
  answer: event.answer?.successor ?? null,
  message: { ...event.message, receivedAt: null, remoteAddress: null },
});
const byText = (a: string | null, b: string | null): number => (a ?? "").localeCompare(b ?? "");
const byId = (a: { id: string }, b: { id: string }): number => a.id.localeCompare(b.id);

test("every fixture sent over SMTP gives the events that its file gives", async () => {
  const { service, queues } = await start();
  const files = globSync("fixtures/eml/*/*.eml").filter((_, index) => index % 4 === 0);
  const config = loadConfig({});
  const settings = readSettingsOf(config);
  const envelope = { reversePath: "", forwardPath: "b@bounces.example.com" };
  const expected: BouncedEvent[] = [];
  for (const file of files) {
    expect(await send(service.smtpPort, readFileSync(file, "latin1"))).toMatch(/^250 2\.6\.0 Queued as m/);
    const input = messageInputOf(readFileSync(file), config.BOUNCED_KEEP_BYTES, envelope);
    // Some malformed fixtures differ in line ends only: to us they are one message.
    if (!expected.some(({ message }) => message.sha256 === input.sha256))
      expected.push(...(await readMessage(input, settings)));
  }
  await settled(queues);
  const events = (await outputs(queues)).map(([, event]) => event);
  expect(files.length).toBeGreaterThan(10);
  expect(events.map(comparable).sort(byId)).toEqual(expected.map(comparable).sort(byId));
  expect(await queues.get("intake").getFailedCount()).toBe(0);
});

test("the same message again makes no second event", async () => {
  const { service, queues } = await start();
  const message = "From: a@sender.example\nSubject: hello\n\ntext\n";
  const first = await send(service.smtpPort, message);
  await settled(queues);
  expect(await send(service.smtpPort, message)).toBe(first);
  await settled(queues);
  expect(await outputs(queues)).toMatchObject([["unrecognized", { message: { subject: "hello" } }]]);
});

test("while Redis hangs the sender gets 451 in time, and nothing is lost or doubled when it is back", async () => {
  const { redis, service, queues } = await start();
  const ready = await openTransaction(service.smtpPort);
  process.kill(redis.pid() ?? 0, "SIGSTOP");
  await ready.command("DATA");
  expect(await ready.data("Subject: during\r\n\r\ntext")).toBe("451 4.3.0 Temporary failure, please try again");
  process.kill(redis.pid() ?? 0, "SIGCONT");
  await expect
    .poll(() => send(service.smtpPort, "Subject: during\n\ntext"), { timeout: 60_000 })
    .toContain("250 2.6.0");
  await settled(queues);
  await sleep(200);
  expect((await outputs(queues)).map(([, { message }]) => message.subject)).toEqual(["during"]);
});

test("a killed Redis is waited for; what it had acknowledged comes out", async () => {
  const { redis, service, queues } = await start();
  expect(await send(service.smtpPort, "Subject: before\n\ntext")).toContain("250 2.6.0");
  process.kill(redis.pid() ?? 0, "SIGKILL");
  await expect.poll(() => send(service.smtpPort, "Subject: after\n\ntext"), { timeout: 60_000 }).toContain("250 2.6.0");
  await expect
    .poll(async () => (await outputs(queues)).map(([, { message }]) => message.subject).toSorted(byText), {
      timeout: 60_000,
    })
    .toEqual(["after", "before"]);
});

test("a killed service loses nothing that it had acknowledged", async () => {
  const redis = await startTestRedis();
  const listener = await startTestService({ REDIS_URL: redis.url }, "smtp");
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  for (let n = 0; n < 20; n++) expect(await send(listener.smtpPort, `Subject: ${n}\n\ntext`)).toContain("250");
  await listener.kill();
  const worker = await startTestService({ REDIS_URL: redis.url }, "worker");
  await settled(queues);
  expect(await outputs(queues)).toHaveLength(20);
  expect(await worker.stop()).toBe(0);
  await queues.close();
  await redis.stop();
});

test("starts a Redis of its own, says where it listens, and stops in good order", async () => {
  const service = await startTestService();
  expect(service.output()).toContain("bounced is running. Ctrl-C stops it.");
  expect(service.output()).toContain(`queues in private Redis, unix:${service.dataDir}/redis/redis.sock`);
  expect(await send(service.smtpPort, "Subject: x\n\ntext")).toContain("250 2.6.0");
  expect(await service.stop()).toBe(0);
  expect(service.output()).toContain("Stopped.");
});

test("says so loudly when Redis cannot keep the promise", async () => {
  const redis = await startTestRedis();
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  await queues.redis.config("SET", "appendonly", "no");
  await queues.redis.config("SET", "maxmemory-policy", "allkeys-lru");
  const service = await startTestService({ REDIS_URL: redis.url }, "smtp");
  expect(service.output()).toContain("WARNING: Redis keeps nothing on disk");
  expect(service.output()).toContain("WARNING: Redis deletes data when it runs short of memory");
  await service.stop();
  await queues.close();
  await redis.stop();
});
