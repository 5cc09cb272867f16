/** From the request of a provider to the suppression list, through a running service; and a returned message beside it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createReturnPath } from "../../src/client/return-path.ts";
import { loadConfig } from "../../src/config/config.ts";
import { openStore } from "../../src/store/store.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { connectSmtp } from "../support/smtp-client.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const KEY = "0123456789abcdef0123456789abcdef";
const SECRET = "6f1d0c9a4b7e2835d1f09c6ab3e47258";
let redis: TestRedis;
let service: TestService;
let folder: string;
beforeAll(async () => {
  redis = await startTestRedis();
  folder = mkdtempSync(join(tmpdir(), "bounced-provider-"));
  const providerWebhooks = [{ source: "sendgrid", secret: SECRET }];
  writeFileSync(join(folder, "bounced.yaml"), JSON.stringify({ providerWebhooks }));
  service = await startTestService(
    {
      REDIS_URL: redis.url,
      BOUNCED_SECRET: KEY,
      BOUNCED_DATA_DIR: join(folder, "data"),
      BOUNCED_CONFIG: join(folder, "bounced.yaml"),
      BOUNCED_LOG_LEVEL: "info",
    },
    "smtp,worker,record,http",
  );
});
afterAll(async () => {
  await service.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const bounce = (email: string, id: string, more: object = {}) => ({
  event: "bounce",
  type: "bounce",
  bounce_classification: "Invalid Address",
  email,
  "smtp-id": `<${id}@shop.example>`,
  sg_message_id: `${id}.filter`,
  sg_event_id: `E-${Math.random()}`,
  timestamp: 1_780_000_000,
  reason: "550 5.1.1 The email account that you tried to reach does not exist",
  status: "5.1.1",
  ...more,
});
const post = (events: readonly unknown[], secret = SECRET): Promise<Response> =>
  fetch(`${service.httpUrl.replace(/\/$/, "")}/in/sendgrid/${secret}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(events),
  });

async function returnMessage(recipient: string, messageId: string): Promise<void> {
  const client = await connectSmtp(service.smtpPort);
  await client.reply();
  const path = createReturnPath({ domain: "bounces.example.com", recipient, secrets: [KEY] });
  for (const line of ["EHLO mx.test", "MAIL FROM:<>", `RCPT TO:<${path}>`, "DATA"]) await client.command(line);
  const message = [
    "From: MAILER-DAEMON@mx.test",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "MIME-Version: 1.0",
    "",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.test",
    "",
    `Final-Recipient: rfc822; ${recipient}`,
    "Action: failed",
    "Status: 5.1.1",
    "",
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    `Message-ID: ${messageId}`,
    "From: news@shop.example",
    "--b--",
    "",
  ].join("\r\n");
  expect(await client.data(message)).toContain("250 ");
  client.close();
}

test("one failure is one event, however often it is posted or returned, and suppresses whom it is about", async () => {
  const [gone, blocked, tired] = ["gone@example.org", "blocked@example.org", "tired@example.org"] as const;
  const complaint = { event: "spamreport", email: tired, sg_message_id: "m3.x", timestamp: 1_780_000_000 };
  const refused = bounce(blocked, "m2", {
    type: "blocked",
    reason: "554 5.7.1 blocked using a blocklist",
    status: "5.7.1",
  });
  const events = [bounce(gone, "m1"), refused, complaint, { event: "open", email: gone }, { event: "new" }];
  for (let times = 0; times < 3; times++) {
    const answer = await post(events);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { accepted: 3, deliveries: 0, ignored: 1, unknown: 1, refused: 0 },
    ]);
  }
  expect((await post(events, "wrong")).status).toBe(404);
  const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: join(folder, "data") }));
  try {
    await expect.poll(() => store.count({}), { timeout: 60_000 }).toBe(3);
    await returnMessage(gone, "<m1@shop.example>");
    await returnMessage("last@example.org", "<m9@shop.example>");
    await expect.poll(() => store.count({}), { timeout: 60_000 }).toBe(4);
    await expect
      .poll(async () => (await store.suppressions.check([tired]))[0]?.suppressed, { timeout: 30_000 })
      .toBe(true);
    const checked = await store.suppressions.check([gone, blocked, tired, "last@example.org"]);
    expect(checked.map(({ suppressed }) => suppressed)).toEqual([true, false, true, true]);
    const url = `${service.httpUrl.replace(/\/$/, "")}/v1/events`;
    const { events: items } = (await (await fetch(`${url}?recipient=${gone}`)).json()) as { events: { id: string }[] };
    expect(items).toHaveLength(1);
    const { event } = (await (await fetch(`${url}/${items[0]?.id}`)).json()) as { event: object };
    expect(event).toMatchObject({
      reason: "mailbox_unknown",
      proof: "sender",
      given: { source: "sendgrid", label: "bounce/Invalid Address" },
      queueId: "m1",
    });
    const raw = (await (await fetch(`${url}/${items[0]?.id}/raw`)).json()) as { raw: string };
    expect(JSON.parse(raw.raw)).toMatchObject({ email: gone, sg_message_id: "m1.filter" });
  } finally {
    await store.close();
  }
  expect(service.output()).toContain("events of unknown types");
  expect(service.output()).not.toContain(SECRET);
});
