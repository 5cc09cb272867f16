/** Every figure of /metrics against what was really done to a running service. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { returnPathSettingsOf } from "../../src/return-path/settings.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { EVERY_EVENT } from "../support/every-event.ts";
import { scrape, type Scrape } from "../support/metrics.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { connectSmtp, openTransaction } from "../support/smtp-client.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let redis: TestRedis;
let service: TestService;
let hooks: Server;
let url: string;
let environment: Record<string, string>;
const ROLES = "smtp,worker,record,webhook,http";
const urlOf = (running: TestService): string => /pages on (http:\/\/\S+)/.exec(running.output())?.[1] ?? "";

beforeAll(async () => {
  redis = await startTestRedis();
  hooks = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(request.url === "/up" ? 200 : 500).end());
  }).listen(0, "127.0.0.1");
  await once(hooks, "listening");
  const { port } = hooks.address() as AddressInfo;
  const dataDir = mkdtempSync(join(tmpdir(), "bounced-metrics-"));
  const endpoint = (id: string): string =>
    `  - { id: ${id}, url: "http://127.0.0.1:${port}/${id}", allowPrivate: true, secret: a-secret-for-tests, ${EVERY_EVENT} }\n`;
  writeFileSync(join(dataDir, "bounced.yaml"), `webhooks:\n${endpoint("up")}${endpoint("down")}bound: { count: 0 }\n`);
  environment = {
    REDIS_URL: redis.url,
    BOUNCED_DATA_DIR: dataDir,
    BOUNCED_CONFIG: join(dataDir, "bounced.yaml"),
    BOUNCED_SECRET: "0123456789abcdef0123456789abcdef",
  };
  service = await startTestService(environment, ROLES);
  url = urlOf(service);
});
afterAll(async () => {
  await service.stop();
  await redis.stop();
  hooks.close();
});

async function send(message: string): Promise<void> {
  const client = await openTransaction(service.smtpPort);
  await client.command("DATA");
  expect(await client.data(message.trimEnd().replaceAll(/\r?\n/g, "\r\n"))).toMatch(/^250/);
  client.close();
}

/** Scrapes until it holds: housekeeping measures every few seconds. */
async function eventually(check: (figures: Scrape) => void): Promise<void> {
  await vi.waitFor(async () => check(await scrape(url)), { timeout: 60_000, interval: 250 });
}

const settings = loadConfig({ BOUNCED_SECRET: "another-key-of-somebody-else-00000" });
const notOurs = createReturnPath(
  { domain: "bounces.example.com", tag: "x" },
  returnPathSettingsOf(settings),
  new Date(),
);
const BLOCKED = `From: MAILER-DAEMON@mx.example.net
To: b@bounces.example.com
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; victim@example.org
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550 5.7.1 Service unavailable; client blocked using zen.spamhaus.org

--x
Content-Type: text/rfc822-headers

From: us@bounces.example.com

--x--
`;

test("accepted, refused, read, judged, recorded, delivered: each counted where it happened", async () => {
  const bounce = readFileSync("fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml", "latin1");
  await send(bounce);
  await send(BLOCKED);
  await send("Subject: hello\n\nnothing of interest");
  const stranger = await connectSmtp(service.smtpPort);
  await stranger.reply();
  await stranger.command("EHLO client.example");
  await stranger.command("MAIL FROM:<>");
  await stranger.command("RCPT TO:<user@elsewhere.example>");
  await stranger.command(`RCPT TO:<${notOurs}>`);
  // Whoever hands in a file hears no refusal.
  await fetch(`${url}/v1/messages?forwardPath=${encodeURIComponent(notOurs)}`, {
    method: "POST",
    headers: { "content-type": "message/rfc822" },
    body: BLOCKED.replace("victim", "somebody"),
  });

  await eventually((figures) => {
    const { value } = figures;
    expect(value("bounced_messages_accepted_total")).toBe(3);
    expect(value("bounced_accepted_bytes_total")).toBeGreaterThan(bounce.length);
    expect(value("bounced_accept_seconds_count")).toBe(3);
    expect(value("bounced_smtp_refusals_total", { code: "550", enhanced: "5.7.1" })).toBe(1);
    expect(value("bounced_return_paths_refused_total", { reason: "unknown-key" })).toBe(1);
    expect(value("bounced_smtp_connections")).toBe(1);
    expect(value("bounced_smtp_accepting")).toBe(1);
    expect(value("bounced_messages_read_total", { outcome: "read" })).toBe(4);
    expect(value("bounced_classify_seconds_count")).toBe(4);
    expect(value("bounced_classify_seconds_sum")).toBeGreaterThan(0);
    expect(value("bounced_classify_thread_lag_seconds")).toBeGreaterThan(0);
    expect(value("bounced_events_total", { kind: "bounce", severity: "hard" })).toBe(1);
    expect(value("bounced_events_total", { kind: "unrecognized" })).toBe(1);
    expect(value("bounced_events_total")).toBe(4);
    expect(value("bounced_events_by_reason_total", { reason: "mailbox_unknown" })).toBe(1);
    expect(value("bounced_events_by_reason_total")).toBe(3);
    expect(value("bounced_events_by_provider_total", { provider: "google", severity: "hard" })).toBe(1);
    expect(value("bounced_events_by_authenticity_total", { authenticity: "forged" })).toBe(1);
    expect(value("bounced_events_by_evidence_total", { source: "provider_rule" })).toBe(1);
    expect(value("bounced_events_by_evidence_total")).toBe(3);
    expect(value("bounced_events_recorded_total", { outcome: "new" })).toBe(4);
    expect(value("bounced_store_write_seconds_count")).toBeGreaterThan(0);
    expect(value("bounced_store_write_errors_total")).toBe(0);
    expect(value("bounced_store_bytes")).toBeGreaterThan(0);
    expect(value("bounced_webhook_requests_total", { endpoint: "up", outcome: "ok" })).toBe(4);
    expect(value("bounced_webhook_request_seconds_count", { endpoint: "up" })).toBe(4);
    expect(value("bounced_webhook_paused_until_timestamp_seconds", { endpoint: "up" })).toBe(0);
  });
  stranger.close();
});

test("queues: depth, age, those to be tried again, quarantine, what was trimmed", async () => {
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const intake = queues.get("intake");
  await intake.pause();
  await intake.add("message", {} as never, { timestamp: Date.now() - 3_600_000, jobId: "mwaiting" });
  await queues.redis.zadd("bounced:intake:failed", Date.now(), "mfailed");
  await eventually(({ value }) => {
    expect(value("bounced_queue_jobs", { queue: "intake", state: "waiting" })).toBe(1);
    expect(value("bounced_queue_oldest_waiting_seconds", { queue: "intake" })).toBeGreaterThan(3600);
    expect(value("bounced_queue_jobs", { queue: "intake", state: "failed" })).toBe(1);
    // The endpoint that answers 500 is tried again, and the age of what waits for it is seen.
    expect(value("bounced_webhook_requests_total", { endpoint: "down", outcome: "refused" })).toBeGreaterThan(3);
    expect(value("bounced_queue_jobs", { queue: "webhook-down", state: "delayed" })).toBe(4);
    expect(value("bounced_queue_oldest_waiting_seconds", { queue: "webhook-down" })).toBeGreaterThan(1);
    expect(value("bounced_webhook_paused_until_timestamp_seconds", { endpoint: "down" })).toBeGreaterThan(0);
    expect(value("bounced_queue_trimmed_total", { queue: "bounce-unproven" })).toBe(3);
  });
  await queues.redis.del("bounced:intake:wait", "bounced:intake:failed");
  await intake.resume();
  await queues.close();
});

test("Redis: memory, and whether its promise holds", async () => {
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const used = Number(/used_memory:(\d+)/.exec(await queues.redis.info("memory"))?.[1]);
  await queues.redis.config("SET", "maxmemory", String(used * 100));
  await eventually(({ value }) => {
    expect(value("bounced_redis_durable")).toBe(1);
    expect(value("bounced_redis_used_bytes")).toBeGreaterThan(used / 2);
    expect(value("bounced_redis_limit_bytes")).toBe(used * 100);
  });
  await queues.redis.config("SET", "maxmemory-policy", "allkeys-lru");
  await queues.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  await eventually(({ value }) => expect(value("bounced_redis_durable")).toBe(0));
  await queues.redis.config("SET", "maxmemory-policy", "noeviction");
  await queues.close();
});

test("the certificate and the process", async () => {
  const figures = await scrape(url);
  const years = (figures.value("bounced_tls_certificate_expires_timestamp_seconds") - Date.now() / 1000) / 31_536_000;
  expect(Math.round(years)).toBe(10);
  for (const name of ["bounced_nodejs_eventloop_lag_p99_seconds", "bounced_process_resident_memory_bytes"])
    expect(figures.value(name)).toBeGreaterThan(0);
});

test("rows of the log are counted at the start", async () => {
  await service.stop();
  service = await startTestService(environment, ROLES);
  url = urlOf(service);
  await eventually(({ value }) => {
    expect(value("bounced_store_rows", { table: "events" })).toBe(4);
    expect(value("bounced_store_rows", { table: "raw_messages" })).toBe(4);
  });
});

test("labels are closed sets: no message, however odd, makes a new one", async () => {
  const sendOdd = async (from: number): Promise<string> => {
    for (let i = 0; i < 20; i++)
      await send(
        BLOCKED.replaceAll("victim", `victim${from + i}`)
          .replaceAll("example.net", `host${from + i}.example`)
          .replace("5.0.0", `5.7.${i}`)
          .replace("550 5.7.1", `55${i % 10} provider${from + i} said:`),
      );
    await eventually(({ value }) => expect(value("bounced_messages_read_total")).toBe(from + 20));
    return (await scrape(url)).text;
  };
  // What is told apart by what a message says. Figures without labels of that kind may begin at any time.
  const seriesOf = (text: string): ReadonlySet<string> =>
    new Set(text.match(/^bounced_\w+\{[^}]*(?:kind|severity|reason|provider|authenticity|outcome)=[^}]*\}/gm));
  const first = seriesOf(await sendOdd(0));
  const text = await sendOdd(20);
  expect(first.size).toBeGreaterThan(10);
  expect([...seriesOf(text)].filter((series) => !first.has(series))).toEqual([]);
  expect(text).not.toMatch(/victim|host\d|provider\d/);
});
