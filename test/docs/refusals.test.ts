/** Runs what docs/refusals.md tells its readers to copy. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { blockOf } from "../support/docs.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { loadConfig } from "../../src/config/config.ts";
import { returnPathSettingsOf } from "../../src/return-path/settings.ts";
import { openTransaction } from "../support/smtp-client.ts";

const PAGE = "refusals.md";
const SECRET = "a-key-for-tests-only";
let redis: TestRedis;
let service: TestService;
let queues: Queues;

beforeAll(async () => {
  redis = await startTestRedis();
  service = await startTestService({ REDIS_URL: redis.url, BOUNCED_SECRET: SECRET }, "smtp,worker,record,http");
  queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
}, 120_000);
afterAll(async () => {
  await queues.close();
  await service.stop();
  await redis.stop();
});

interface Listed {
  readonly id: string;
  readonly format: string;
  readonly kind: string;
  readonly proof: string | null;
  readonly recipient: { readonly address: string };
}
async function eventsOf(address: string): Promise<readonly Listed[]> {
  const answer = await fetch(`${service.httpUrl}/v1/events?address=${encodeURIComponent(address)}`);
  return ((await answer.json()) as { events: Listed[] }).events;
}
const recorded = (address: string, count: number): Promise<void> =>
  expect.poll(async () => (await eventsOf(address)).length, { timeout: 30_000 }).toBe(count);

test("curl reports refusals, and the answer is the documented one", { timeout: 120_000 }, async () => {
  const script = blockOf(PAGE, "HTTP", "sh")
    .replace("http://127.0.0.1:8025", service.httpUrl)
    .replace('-H "Authorization: Bearer $BOUNCED_TOKEN"', "");
  for (const _ of ["once", "and the same again"]) {
    const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", script]);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(blockOf(PAGE, "HTTP", "json")));
  }
  await recorded("user@example.org", 1);
  const [event] = await eventsOf("user@example.org");
  expect(event).toMatchObject({ format: "smtp", kind: "bounce", proof: "sender" });
  expect(JSON.parse(blockOf(PAGE, "HTTP", "json")).ids[0]).toBe(event?.id);
  const [delay] = await eventsOf("ann@example.net");
  expect(delay).toMatchObject({ kind: "delay" });
  const suppressed = await fetch(`${service.httpUrl}/v1/suppressions/user@example.org`);
  expect(await suppressed.json()).toMatchObject({ suppressed: true });
  const raw = await fetch(`${service.httpUrl}/v1/events/${event?.id}/raw`);
  expect(raw.headers.get("content-disposition")).toContain(".json");
  expect(await raw.json()).toMatchObject({ recipient: "user@example.org", queueId: "4XyZ1" });
});

test("the message that returns for a reported refusal adds nothing", { timeout: 120_000 }, async () => {
  const settings = returnPathSettingsOf(loadConfig({ BOUNCED_SECRET: SECRET }));
  const path = { domain: "bounces.example.com", recipient: "user@example.org" };
  const client = await openTransaction(service.smtpPort, createReturnPath(path, settings, new Date()));
  await client.command("DATA");
  const dsn = [
    "From: MAILER-DAEMON@mx.shop.example",
    "Subject: Undelivered Mail",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.shop.example",
    "",
    "Final-Recipient: rfc822; user@example.org",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 No such user",
    "",
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    "Message-ID: <1@shop.example>",
    "",
    "--b--",
  ];
  expect(await client.data(dsn.join("\r\n"))).toMatch(/^250/);
  client.close();
  const metric = async (): Promise<string | undefined> =>
    /^bounced_failures_repeated_total (\d+)/m.exec(await (await fetch(`${service.httpUrl}/metrics`)).text())?.[1];
  await expect.poll(metric, { timeout: 30_000 }).toBe("1");
  await recorded("user@example.org", 1);
});

test("refuse() resolves when they are durable, and lets the program end", { timeout: 120_000 }, async () => {
  const program = blockOf(PAGE, "TypeScript", "ts")
    .replace('"bounced"', JSON.stringify(new URL("../../src/index.ts", import.meta.url).href))
    .replaceAll("user@example.org", "program@example.org")
    .concat("console.log(JSON.stringify(errors));");
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module-typescript", "-e", program], {
    env: { PATH: process.env["PATH"], REDIS_URL: redis.url },
  });
  expect(stdout.trim()).toBe("[]");
  await recorded("program@example.org", 1);
});

test("jobs of the queue are accepted; one with a mistake says which", { timeout: 120_000 }, async () => {
  const one = { recipient: "queue1@example.org", reply: "550 5.1.1 No such user", queueId: "1" };
  await queues.get("refusals").add("mine", one);
  await queues.get("refusals").add("mine", [
    { ...one, recipient: "queue2@example.org" },
    { ...one, at: "today" },
  ]);
  await recorded("queue1@example.org", 1);
  await recorded("queue2@example.org", 1);
  const failed = async (): Promise<readonly string[]> =>
    (await queues.get("refusals").getFailed()).map(({ failedReason }) => failedReason ?? "");
  await expect.poll(failed).toEqual(["[1].at: expected an ISO 8601 time. The correct ones are accepted"]);
});

test("rates.md: a batch of counts, posted twice, counts once", { timeout: 60_000 }, async () => {
  const script = blockOf("rates.md", "A system that counts itself", "sh")
    .replace("http://127.0.0.1:8025", service.httpUrl)
    .replace('-H "Authorization: Bearer $BOUNCED_TOKEN"', "");
  const answers = [];
  for (const _ of ["once", "and the same again"])
    answers.push(JSON.parse((await promisify(execFile)("bash", ["--norc", "-c", script])).stdout));
  expect(answers).toEqual([{ counted: true }, { counted: false }]);
  const counted = async (): Promise<number> => {
    const text = await (await fetch(`${service.httpUrl}/metrics`)).text();
    return Number(/^bounced_sends_total\{provider="none",outcome="delivered"\} (\d+)/m.exec(text)?.[1] ?? 0);
  };
  await expect.poll(counted, { timeout: 30_000 }).toBe(1200);
});
