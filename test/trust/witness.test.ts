/** Mail of ours to several, over SMTP: whom a server of ours reports is credible, for five recipients and no more. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { openStore } from "../../src/store/store.ts";
import { rsaKey, signed } from "../support/dkim.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { connectSmtp } from "../support/smtp-client.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const KEY = rsaKey();
let redis: TestRedis;
let service: TestService;
let folder: string;
beforeAll(async () => {
  redis = await startTestRedis();
  folder = mkdtempSync(join(tmpdir(), "bounced-witness-"));
  const dkim = {
    lookup: false,
    reporters: ["127.0.0.0/8"],
    keys: [{ selector: "s1", domain: "example.com", key: KEY.record }],
  };
  writeFileSync(join(folder, "bounced.yaml"), JSON.stringify({ dkim }));
  service = await startTestService(
    { REDIS_URL: redis.url, BOUNCED_DATA_DIR: join(folder, "data"), BOUNCED_CONFIG: join(folder, "bounced.yaml") },
    "smtp,worker,record",
  );
});
afterAll(async () => {
  await service.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const mailTo = (...to: readonly string[]): string =>
  signed(["From: news@example.com", `To: ${to.join(", ")}`, "Subject: news", `Date: ${new Date().toUTCString()}`], {
    key: KEY,
    domain: "example.com",
  });
let count = 0;
async function report(failed: readonly string[], returned: string): Promise<void> {
  const groups = failed.map((one) => `Final-Recipient: rfc822; ${one}\r\nAction: failed\r\nStatus: 5.1.1\r\n`);
  const message = [
    "From: MAILER-DAEMON@mx1.example.com",
    "Subject: Undelivered Mail Returned to Sender",
    `Message-ID: <${++count}@mx1.example.com>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx1.example.com",
    "",
    groups.join("\r\n"),
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    returned,
    "",
    "--b--",
    "",
  ].join("\r\n");
  const client = await connectSmtp(service.smtpPort);
  await client.reply();
  for (const command of ["EHLO mx1.example.com", "MAIL FROM:<>", "RCPT TO:<b@bounces.example.com>", "DATA"])
    await client.command(command);
  expect(await client.data(message)).toContain("250 ");
  client.close();
}

test("one of several recipients is suppressed, and a replayed signature suppresses no sixth", async () => {
  const [ann, bob] = ["ann@customer.test", "bob@customer.test"];
  await report([ann], mailTo(ann, bob));
  const replayed = mailTo("list@example.com");
  const names = Array.from({ length: 1000 }, (_, at) => `v${at}@victims.test`);
  await report(names.slice(0, 300), replayed);
  await report(names.slice(300), replayed);
  const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: join(folder, "data") }));
  try {
    await expect.poll(() => store.count({}), { timeout: 120_000 }).toBe(1001);
    const checked = await store.suppressions.check([ann, bob, ...names.slice(0, 900)]);
    const suppressed = checked.filter((one) => one.suppressed).map(({ address }) => address);
    expect(suppressed).toContain(ann);
    expect(suppressed).not.toContain(bob);
    expect(suppressed).toHaveLength(1 + 5);
    expect(await store.count({ authenticity: ["likely"] })).toBe(6);
  } finally {
    await store.close();
  }
});
