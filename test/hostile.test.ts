/** Messages that cost more than they weigh, sent to a whole service: each has its outcome, and the next is read. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { MAX_EVENT_OCTETS } from "../src/event/event-budget.ts";
import { OUTPUT_QUEUES } from "../src/queues/names.ts";
import { openQueues, type Queues } from "../src/queues/queues.ts";
import { dsnOfMany, feedbackOfMany, SLOW_MAIL } from "./support/hostile-mail.ts";
import { startTestRedis, type TestRedis } from "./support/redis.ts";
import { startTestService, type TestService } from "./support/service.ts";
import { openTransaction } from "./support/smtp-client.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let redis: TestRedis;
let queues: Queues;
let service: TestService;
beforeAll(async () => {
  redis = await startTestRedis();
  queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  service = await startTestService({ REDIS_URL: redis.url });
});
afterAll(async () => {
  await service.stop();
  await queues.close();
  await redis.stop();
});

/** To so many addresses in one transaction. */
async function send(message: string, copies = 1): Promise<void> {
  const client = await openTransaction(service.smtpPort);
  for (let n = 1; n < copies; n++) await client.command(`RCPT TO:<b${n}@bounces.example.com>`);
  await client.command("DATA");
  expect(await client.data(message.replace(/\r\n$/, ""))).toMatch(/^250 /);
  client.close();
}

const eventsOf = async (subjectOrAddress: string): Promise<number> => {
  const waiting = await Promise.all(OUTPUT_QUEUES.map((name) => queues.get(name).getWaiting(0, 2000)));
  return waiting.flat().filter(({ data }) => JSON.stringify(data).includes(subjectOrAddress)).length;
};

const genuine = (name: string): string => dsnOfMany(1).replaceAll("user0@", `${name}@`);

test.each([
  ["1,000 people and 100 long addresses of pages", feedbackOfMany(1000, 100)],
  ["300 recipients with damaged fields", dsnOfMany(300, "Last-Attempt-Date: nonsense\r\n".repeat(20))],
  ["a returned message to 1,000", dsnOfMany(300, "", 1000)],
  ...Object.entries(SLOW_MAIL),
])("%s, to ten addresses at once: few octets of Redis, and the bounce behind it is read", async (what, message) => {
  const name = `genuine-${Buffer.from(what).toString("hex").slice(0, 20)}`;
  await send(message, 10);
  await send(genuine(name));
  await expect.poll(() => eventsOf(`${name}@example.org`), { timeout: 60_000 }).toBe(1);
  await expect
    .poll(() => queues.get("intake").getJobCountByTypes("waiting", "active", "delayed"), { timeout: 60_000 })
    .toBe(0);
  // One reading for all ten: the events of one.
  const octets = Number(/used_memory:(\d+)/.exec(await queues.redis.info("memory"))?.[1]);
  expect(octets).toBeLessThan(4 * MAX_EVENT_OCTETS);
  expect(await queues.get("intake").getFailedCount()).toBe(0);
  expect(service.output()).not.toContain("stalled");
  for (const queue of OUTPUT_QUEUES) await queues.get(queue).obliterate({ force: true });
});
