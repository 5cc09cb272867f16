/** A real Postfix is refused by a real receiver, and returns the mail to us over SMTP. */
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { BouncedEvent } from "../../src/event/event.ts";
import { consume, type Consumer } from "../../src/queues/consume.ts";
import { startPostfix, type Postfix } from "../support/postfix.ts";
import { smtpRefusal, startRemoteSmtp, type RemoteSmtp } from "../support/remote-smtp.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let redis: TestRedis;
let service: TestService;
let receiver: RemoteSmtp;
let postfix: Postfix;
const consumers: Consumer[] = [];
const events: (BouncedEvent & { readonly queue: string })[] = [];

beforeAll(async () => {
  redis = await startTestRedis();
  service = await startTestService({ REDIS_URL: redis.url });
  receiver = await startRemoteSmtp({
    onRcptTo({ address }, _session, callback) {
      const refusal = REFUSALS.get(address);
      callback(refusal ? smtpRefusal(Number(refusal.slice(0, 3)), refusal.slice(4)) : null);
    },
  });
  postfix = await startPostfix({
    relayPort: receiver.port,
    mainCf: `transport_maps = inline:{ bounces.example.com=smtp:[127.0.0.1]:${service.smtpPort} }\n`,
  });
  for (const queue of [
    "bounce-hard",
    "bounce-soft",
    "bounce-block",
    "bounce-unknown",
    "bounce-unproven",
    "unrecognized",
  ] as const)
    consumers.push(
      consume(queue, (event) => Promise.resolve(void events.push({ ...event, queue })), {
        redisUrl: redis.url,
        prefix: "bounced",
      }),
    );
});
afterAll(async () => {
  await postfix?.stop();
  await Promise.all(consumers.map((consumer) => consumer.close()));
  await receiver.stop();
  await service.stop();
  await redis.stop();
});

const REFUSALS = new Map([
  ["nobody@example.org", "550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown"],
  ["blocked@example.org", "554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org"],
]);

test("mail that Postfix could not deliver comes back as one event for each recipient", async () => {
  const transport = createTransport({ host: "127.0.0.1", port: postfix.port, ignoreTLS: true });
  await transport.sendMail({
    envelope: {
      from: "b+campaign-42@bounces.example.com",
      to: ["nobody@example.org", "blocked@example.org", "fine@example.org"],
    },
    raw: "From: news@sender.example\r\nTo: undisclosed:;\r\nSubject: News\r\nMessage-ID: <n1@sender.example>\r\n\r\nHello.\r\n",
  });
  await expect
    .poll(() => events.length, { timeout: 60_000, message: "events from the live Postfix" })
    .toBeGreaterThanOrEqual(2);
  const found = new Map(events.map((event) => [event.recipient.address, event]));
  expect(found.get("nobody@example.org")).toMatchObject({
    // Its return path is not signed.
    queue: "bounce-unproven",
    reason: "mailbox_unknown",
    action: "failed",
    status: "5.1.1",
    replyCode: 550,
    reportingMta: "mta.sender.example",
    format: "rfc3464",
    software: "postfix",
    original: { messageId: "<n1@sender.example>", subject: "News" },
    message: { envelope: { reversePath: "", forwardPath: "b+campaign-42@bounces.example.com" } },
  });
  expect(found.get("blocked@example.org")).toMatchObject({ reason: "ip_reputation", status: "5.7.1" });
  expect(events).toHaveLength(2);
});
