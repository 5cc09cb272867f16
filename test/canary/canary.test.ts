/** The canary through a running service: it sees that the way is open, says where it is not, and leaves no trace. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { canaryAddress, canaryMessage, createCanaryCheck, makeCanaryToken } from "../../src/canary/canary.ts";
import { OUTPUT_QUEUES } from "../../src/queues/names.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { queuedMessage } from "../support/intake.ts";
import { scrape } from "../support/metrics.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { connectSmtp, type SmtpClient } from "../support/smtp-client.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let redis: TestRedis;
let queues: Queues;
let front: TestService;
let record: TestService;
let environment: Record<string, string>;
let url = "";
beforeAll(async () => {
  redis = await startTestRedis();
  queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-canary-"));
  writeFileSync(join(dataDir, "bounced.yaml"), "canary: { everySeconds: 1, lateSeconds: 3 }\n");
  environment = {
    REDIS_URL: redis.url,
    BOUNCED_DATA_DIR: dataDir,
    BOUNCED_CONFIG: join(dataDir, "bounced.yaml"),
    BOUNCED_SECRET: "0123456789abcdef0123456789abcdef",
    BOUNCED_REQUIRE_SIGNED: "1",
    BOUNCED_PROXY_PROTOCOL: "127.0.0.1",
    BOUNCED_MAX_CLIENTS: "5",
  };
  record = await startTestService(environment, "record");
  front = await startTestService(environment, "smtp,worker,http");
  url = /pages on (http:\/\/\S+)/.exec(front.output())?.[1] ?? "";
});
afterAll(async () => {
  await front.stop();
  await record.stop();
  await queues.close();
  await redis.stop();
  rmSync(environment["BOUNCED_DATA_DIR"] ?? "", { recursive: true, force: true });
});

async function canary() {
  const { parts } = (await (await fetch(`${url}/readyz`)).json()) as {
    parts: readonly { name: string; ok: boolean; found: string; stops: readonly string[] }[];
  };
  return parts.find(({ name }) => name === "canary");
}
const patiently = { timeout: 60_000, interval: 200 };

test("it goes from SMTP to the commit of the log, where only signed addresses and a PROXY header are taken", async () => {
  const startedAt = Date.now() / 1000;
  await expect.poll(canary, patiently).toMatchObject({ ok: true, found: expect.stringContaining("came through") });
  const { value } = await scrape(url);
  expect(value("bounced_canary_last_success_timestamp_seconds")).toBeGreaterThan(startedAt - 60);
  expect(value("bounced_canary_seconds")).toBeGreaterThan(0);
});

test("it is in no queue, no log, no figure", async () => {
  const { value } = await scrape(url);
  expect(value("bounced_messages_accepted_total")).toBe(0);
  expect(value("bounced_classify_seconds_count")).toBe(0);
  expect(value("bounced_events_total")).toBeNaN();
  for (const name of OUTPUT_QUEUES) expect(await queues.get(name).getJobCountByTypes(), name).toBe(0);
  const events = (await (await fetch(`${url}/v1/events`)).json()) as { items?: unknown[]; events?: unknown[] };
  expect(events.items ?? events.events).toEqual([]);
  expect(front.output()).not.toContain("canary.invalid");
});

test("the log's process gone: said within its time, and well again when it is back", async () => {
  await record.kill();
  await expect
    .poll(canary, patiently)
    .toMatchObject({ ok: false, stops: [], found: expect.stringMatching(/the log did not take it/) });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  record = await startTestService(environment, "record");
  await expect.poll(canary, patiently).toMatchObject({ ok: true });
  expect((await scrape(url)).value("bounced_canary_failures_total", { stage: "classified" })).toBeGreaterThan(0);
});

test("the listener takes nobody any more: mail should not come", async () => {
  const clients: SmtpClient[] = [];
  // A canary on its way has one of the five places for a moment.
  while (clients.length < 5) {
    const client = await connectSmtp(front.smtpPort);
    client.write("PROXY TCP4 192.0.2.7 192.0.2.8 1 25\r\n");
    const greeting = await client.reply();
    expect(greeting).toMatch(/^(?:220|421)/);
    if (greeting.startsWith("220")) clients.push(client);
    else client.close();
  }
  await expect
    .poll(canary, patiently)
    .toMatchObject({ ok: false, stops: ["smtp"], found: expect.stringMatching(/421/) });
  expect((await fetch(`${url}/readyz?for=smtp`)).status).toBe(503);
  expect((await fetch(`${url}/readyz?for=api`)).status).toBe(200);
  for (const client of clients) client.close();
  await expect.poll(canary, patiently).toMatchObject({ ok: true });
});

test("one that waited until nobody looks for it any more is still none of a user's mail", async () => {
  const token = await makeCanaryToken(queues);
  const message = await queuedMessage(canaryMessage(token, "bounces.example.com"), {
    forwardPaths: [canaryAddress(token, "bounces.example.com")],
  });
  await queues.get("intake").add("messages", { v: 1, messages: [message] }, { jobId: "late" });
  await expect.poll(() => queues.redis.exists(`bounced:canary:${token}`), patiently).toBe(1);
  for (const name of OUTPUT_QUEUES) expect(await queues.get(name).getJobCountByTypes(), name).toBe(0);
  const isCanary = createCanaryCheck(queues);
  expect(await isCanary(token)).toBe(true);
  expect(await isCanary(`${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`)).toBe(false);
  expect(await isCanary("a".repeat(40))).toBe(false);
});

test("nobody else can send one", async () => {
  const client = await connectSmtp(front.smtpPort);
  client.write("PROXY TCP4 192.0.2.7 192.0.2.8 1 25\r\n");
  await client.reply();
  await client.command("EHLO stranger.example");
  await client.command("MAIL FROM:<>");
  expect(await client.command(`RCPT TO:<canary+${"a".repeat(40)}@bounces.example.com>`)).toMatch(/^550 5\.1\.1/);
  client.close();
});
