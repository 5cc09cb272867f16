import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliveriesOf } from "../../src/outputs/delivery-log.ts";
import { webhooksSchema, type WebhookEndpoint } from "../../src/outputs/webhook-settings.ts";
import { webhookQueueOf } from "../../src/queues/names.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { fanOut, fanOutAlerts, fanOutChanges } from "../../src/outputs/fan-out.ts";
import { startEndpoint } from "../../workers/webhook.ts";
import { sampleEvent } from "../support/event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
let redis: TestRedis;
let queues: Queues;
let receiver: Server;
let base: string;
const received = new Map<string, string[]>();
/** Path -> answers still to give before 200. */
const answers = new Map<string, number[]>();

beforeAll(async () => {
  redis = await startTestRedis();
  queues = openQueues({ redisUrl: redis.url, prefix: "test" });
  receiver = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      const status = answers.get(path)?.shift() ?? 200;
      if (status === 200) {
        if (path === "/native") new Webhook(SECRET).verify(body, request.headers as Record<string, string>);
        received.set(path, [...(received.get(path) ?? []), body]);
      }
      response.writeHead(status).end();
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => receiver.once("listening", resolve));
  base = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(async () => {
  receiver.close();
  await queues.close();
  await redis.stop();
});

const endpointsOf = (settings: readonly object[]): readonly WebhookEndpoint[] =>
  webhooksSchema.parse(settings.map((each) => ({ secret: SECRET, allowPrivate: true, ...each })));

const idOf = (n: number): string => `e${String(n).padStart(31, "a")}`;
const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 200) throw new Error("it never came");
    await sleep(50);
  }
};

test("each endpoint gets what its filter lets through, signed, once", async () => {
  const endpoints = endpointsOf([
    { id: "all", url: `${base}/native` },
    { id: "hard", url: `${base}/hard`, filter: { severity: "hard" } },
  ]);
  const consumers = endpoints.map((endpoint) => startEndpoint(endpoint, queues, () => undefined));
  const hard = sampleEvent({ id: idOf(1) });
  const block = sampleEvent({ id: idOf(2), severity: "block", reason: "policy" });
  for (const event of [hard, block, hard]) await fanOut(event, endpoints, queues);
  await until(() => received.get("/native")?.length === 2 && received.get("/hard")?.length === 1);
  await Promise.all(consumers.map((consumer) => consumer.close()));
  expect(received.get("/hard")?.map((body) => (JSON.parse(body) as { data: { id: string } }).data.id)).toEqual([
    hard.id,
  ]);
  expect(await deliveriesOf(queues, "hard", 10)).toMatchObject([
    { status: 200, events: 1, eventId: hard.id, error: "" },
  ]);
});

test("lists go out in batches", async () => {
  const [endpoint] = endpointsOf([{ id: "list", url: `${base}/list`, shape: "sparkpost", batch: 50 }]);
  if (!endpoint) throw new Error("no endpoint");
  for (let n = 0; n < 120; n++) await fanOut(sampleEvent({ id: idOf(1000 + n) }), [endpoint], queues);
  const consumer = startEndpoint(endpoint, queues, () => undefined);
  const count = () => (received.get("/list") ?? []).flatMap((body) => JSON.parse(body) as unknown[]).length;
  await until(() => count() === 120);
  await consumer.close();
  expect(received.get("/list")?.length).toBeLessThan(60);
});

test("an endpoint that fails is tried again, and delays nobody else", async () => {
  answers.set("/flaky", [500]);
  const endpoints = endpointsOf([
    { id: "dead", url: "http://127.0.0.1:1/" },
    { id: "flaky", url: `${base}/flaky` },
  ]);
  const consumers = endpoints.map((endpoint) => startEndpoint(endpoint, queues, () => undefined));
  await fanOut(sampleEvent({ id: idOf(3) }), endpoints, queues);
  await until(() => received.get("/flaky")?.length === 1);
  await Promise.all(consumers.map((consumer) => consumer.close()));
  expect((await deliveriesOf(queues, "flaky", 10)).map(({ status }) => status)).toEqual([200, 500]);
  const [dead] = await queues.get(webhookQueueOf("dead")).getJobs(["delayed", "waiting"]);
  expect(dead?.id).toBe(idOf(3));
});

test("Gone means never again; what failed can be sent again", async () => {
  answers.set("/gone", [410]);
  const [endpoint] = endpointsOf([{ id: "gone", url: `${base}/gone` }]);
  if (!endpoint) throw new Error("no endpoint");
  const queue = queues.get(webhookQueueOf("gone"));
  const consumer = startEndpoint(endpoint, queues, () => undefined);
  await fanOut(sampleEvent({ id: idOf(4) }), [endpoint], queues);
  await until(async () => (await queue.getFailedCount()) === 1);
  await queue.retryJobs({ state: "failed" });
  await until(() => received.get("/gone")?.length === 1);
  await consumer.close();
});

test("a private address that was not allowed is refused for good, and nothing is sent", async () => {
  const [endpoint] = webhooksSchema.parse([{ id: "ssrf", url: "https://127.0.0.1:1/", secret: SECRET }]);
  if (!endpoint) throw new Error("no endpoint");
  const queue = queues.get(webhookQueueOf("ssrf"));
  const consumer = startEndpoint(endpoint, queues, () => undefined);
  await fanOut(sampleEvent({ id: idOf(5) }), [endpoint], queues);
  await until(async () => (await queue.getFailedCount()) === 1);
  await consumer.close();
  expect((await deliveriesOf(queues, "ssrf", 1))[0]?.error).toContain("not a public address");
});

test("alerts go to the endpoints that want them, signed, in our own shape", async () => {
  const endpoints = endpointsOf([
    { id: "events", url: `${base}/events` },
    { id: "alerts", url: `${base}/alerts`, alerts: "only", shape: "sparkpost" },
  ]);
  const consumers = endpoints.map((endpoint) => startEndpoint(endpoint, queues, () => undefined));
  const alert = {
    schema: "bounced.alert/1",
    id: "a-block-1",
    at: "2026-05-01T12:00:00.000Z",
    measure: "block",
    state: "open",
  } as const;
  await fanOutAlerts([alert, alert], endpoints, queues);
  await fanOut(sampleEvent({ id: idOf(6) }), endpoints, queues);
  await until(() => received.get("/alerts")?.length === 1 && received.get("/events")?.length === 1);
  await Promise.all(consumers.map((consumer) => consumer.close()));
  expect(received.get("/alerts")?.map((body) => JSON.parse(body) as unknown)).toEqual([
    { type: "alert.block", timestamp: alert.at, data: alert },
  ]);
});

test("changes of the suppression list go to the endpoints that want them, once each", async () => {
  const endpoints = endpointsOf([
    { id: "no-changes", url: `${base}/no-changes` },
    { id: "changes-only", url: `${base}/changes-only`, suppressions: "only", shape: "mailgun" },
    { id: "changes-too", url: `${base}/changes-too`, suppressions: true },
  ]);
  const at = "2026-05-01T12:00:00.000Z";
  const changes = (["added", "removed"] as const).map((action, index) => ({
    schema: "bounced.suppression/1" as const,
    id: `s1-${index}`,
    at,
    action,
    value: "gone@example.org",
  }));
  await fanOutChanges(changes, endpoints, queues);
  await fanOutChanges(changes, endpoints, queues);
  await fanOut(sampleEvent({ id: idOf(7) }), endpoints, queues);
  const consumers = endpoints.map((endpoint) => startEndpoint(endpoint, queues, () => undefined));
  await until(() => received.get("/changes-only")?.length === 2 && received.get("/changes-too")?.length === 3);
  await until(() => received.get("/no-changes")?.length === 1);
  await Promise.all(consumers.map((consumer) => consumer.close()));
  const typesAt = (path: string) => received.get(path)?.map((body) => (JSON.parse(body) as { type: string }).type);
  expect(received.get("/changes-only")?.map((body) => JSON.parse(body) as unknown)).toEqual(
    expect.arrayContaining(changes.map((data) => ({ type: `suppression.${data.action}`, timestamp: at, data }))),
  );
  expect(typesAt("/changes-too")?.toSorted()).toEqual([
    "bounce.mailbox_unknown",
    "suppression.added",
    "suppression.removed",
  ]);
});
