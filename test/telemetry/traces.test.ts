/** One trace for each message, from RCPT to the webhook, however many messages share a write, a job or a request. */
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { BouncedEvent } from "../../src/event/event.ts";
import { EVERY_EVENT } from "../support/every-event.ts";
import type { WrittenSpan } from "../support/otel-preload.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openTransaction } from "../support/smtp-client.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Enough at a time to share jobs on intake. */
const MESSAGES = 40;
const PRELOAD = join(import.meta.dirname, "../support/otel-preload.ts");

let redis: TestRedis;
let service: TestService;
let hook: Server;
let folder: string;
const hooked = new Set<string>();
beforeAll(async () => {
  redis = await startTestRedis();
  hook = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      hooked.add((JSON.parse(body) as { data?: BouncedEvent }).data?.recipient.address ?? body);
      response.end();
    });
  }).listen(0, "127.0.0.1");
  await once(hook, "listening");
  folder = mkdtempSync(join(tmpdir(), "bounced-traces-"));
  const { port } = hook.address() as AddressInfo;
  writeFileSync(
    join(folder, "bounced.yaml"),
    `webhooks: [{ id: here, url: "http://127.0.0.1:${port}/", allowPrivate: true, secret: a-secret-for-tests, ${EVERY_EVENT} }]\n`,
  );
  service = await startTestService(
    {
      REDIS_URL: redis.url,
      BOUNCED_DATA_DIR: folder,
      BOUNCED_CONFIG: join(folder, "bounced.yaml"),
      NODE_OPTIONS: `--import ${PRELOAD}`,
      TEST_SPANS: join(folder, "spans.jsonl"),
    },
    "smtp,worker,record,webhook",
  );
});
afterAll(async () => {
  await service.stop();
  await redis.stop();
  hook.close();
  rmSync(folder, { recursive: true, force: true });
});

const spans = (): readonly WrittenSpan[] =>
  existsSync(join(folder, "spans.jsonl"))
    ? readFileSync(join(folder, "spans.jsonl"), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as WrittenSpan)
    : [];

test("each message has one trace of its own, and each step stands below the one before", async () => {
  const bounce = readFileSync("fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml", "latin1").trimEnd();
  const clients = await Promise.all(Array.from({ length: MESSAGES }, () => openTransaction(service.smtpPort)));
  await Promise.all(clients.map((client) => client.command("DATA")));
  const replies = await Promise.all(
    clients.map((client, i) => client.data(`X-Number: ${i}\r\n${bounce.replaceAll(/\r?\n/g, "\r\n")}`)),
  );
  expect(replies.every((reply) => reply.startsWith("250"))).toBe(true);
  for (const client of clients) client.close();

  const steps = ["smtp transaction", "classify", "record", "process webhook", "process webhook-here"];
  const tracesOf = (step: string) => spans().filter(({ name }) => name === step);
  for (const step of steps)
    await expect
      .poll(() => new Set(tracesOf(step).map(({ traceId }) => traceId)).size, { timeout: 60_000 })
      .toBe(MESSAGES);

  const byId = new Map(spans().map((span) => [span.spanId, span]));
  const rootOf = (span: WrittenSpan): WrittenSpan => {
    const parent = span.parent === null ? undefined : byId.get(span.parent);
    return parent ? rootOf(parent) : span;
  };
  for (const step of steps) for (const span of tracesOf(step)) expect(rootOf(span).name, step).toBe("smtp transaction");
  for (const { startMs, endMs, attributes } of tracesOf("smtp transaction")) {
    expect(endMs).toBeGreaterThanOrEqual(startMs);
    expect(attributes).toMatchObject({ "bounced.recipients": 1 });
  }
  // They did share jobs, or this would prove nothing.
  expect(spans().filter(({ name }) => name === "process intake").length).toBeLessThan(MESSAGES);
  expect(JSON.stringify(spans())).not.toMatch(/[\w.+-]+@[\w-]+\.\w/);
});
