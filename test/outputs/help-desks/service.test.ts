/** The whole way: a bounce comes in by SMTP, and the note is on the conversation, once, whatever breaks in between. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createReturnPath } from "../../../src/client/return-path.ts";
import { deskDeliveriesOf } from "../../../src/outputs/help-desks/desk-log.ts";
import { openQueues, type Queues } from "../../../src/queues/queues.ts";
import { startTestRedis, type TestRedis } from "../../support/redis.ts";
import { startTestService, type TestService } from "../../support/service.ts";
import { connectSmtp } from "../../support/smtp-client.ts";
import { FAKE_DESKS } from "./fakes/all.ts";
import type { AddedConversation, FakeDesk } from "./fakes/fake-desk.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
const poll = { timeout: 60_000, interval: 250 };

const DOMAIN = "bounces.example.com";
const SECRET = "0123456789abcdef0123456789abcdef";
const PREFIX = "desks";

let redis: TestRedis;
let queues: Queues;
let folder: string;
let environment: Record<string, string>;
let service: TestService;
const desks = new Map<string, FakeDesk>();

beforeAll(async () => {
  redis = await startTestRedis();
  queues = openQueues({ redisUrl: redis.url, prefix: PREFIX });
  folder = mkdtempSync(join(tmpdir(), "bounced-desks-"));
  for (const [type, start] of Object.entries(FAKE_DESKS)) desks.set(type, await start());
  const shared = { allowPrivate: true, requestsPerSecond: 100, header: "x-conversation" };
  const helpDesks = [...desks].map(([id, { settings, api }]) => ({ ...settings, id, url: api.url, ...shared }));
  writeFileSync(join(folder, "bounced.yaml"), JSON.stringify({ helpDesks }));
  environment = {
    REDIS_URL: redis.url,
    BOUNCED_PREFIX: PREFIX,
    BOUNCED_DATA_DIR: join(folder, "data"),
    BOUNCED_CONFIG: join(folder, "bounced.yaml"),
    BOUNCED_SECRET: SECRET,
    BOUNCED_KEEP_HEADERS: "x-conversation",
  };
  service = await startTestService(environment, "smtp,worker,webhook");
});
afterAll(async () => {
  await service.stop();
  await queues.close();
  await Promise.all([...desks.values()].map(({ api }) => api.close()));
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const addToEach = (address: string, messageId: string): ReadonlyMap<string, AddedConversation> =>
  new Map([...desks].map(([id, desk]) => [id, desk.add({ address, subject: "My order", messageId })]));
const noteCounts = (added: ReadonlyMap<string, AddedConversation>): readonly number[] =>
  [...desks].map(([id, desk]) => desk.notes(added.get(id)?.id ?? "").length);
const each = (count: number): readonly number[] => [...desks].map(() => count);

/** Delivers a bounce of a mail that answers this one. */
async function bounce(to: string, inReplyTo: string, forwardPath = `b@${DOMAIN}`): Promise<string> {
  const message = [
    "From: MAILER-DAEMON@mx.example.org",
    `To: ${forwardPath}`,
    "Subject: Undelivered Mail Returned to Sender",
    `Message-ID: <${Math.random()}@mx.example.org>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.example.org",
    "",
    `Final-Recipient: rfc822; ${to}`,
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 <b>no</b> such user",
    "",
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    `To: ${to}`,
    "Subject: Re: My order",
    `Message-ID: <${Math.random()}@sender.example.com>`,
    `In-Reply-To: ${inReplyTo}`,
    "--b--",
    "",
  ];
  const client = await connectSmtp(service.smtpPort);
  await client.reply();
  for (const line of ["EHLO mx.example.org", "MAIL FROM:<>", `RCPT TO:<${forwardPath}>`, "DATA"])
    await client.command(line);
  const reply = await client.data(message.join("\r\n"));
  client.close();
  return reply;
}
const genuine = (to: string, inReplyTo: string): Promise<string> =>
  bounce(to, inReplyTo, createReturnPath({ domain: DOMAIN, recipient: to, secrets: [SECRET] }));

test("a bounce becomes a note on the conversation, in each help desk", async () => {
  const added = addToEach("ann@example.org", "<ann-1@example.org>");
  expect(await genuine("ann@example.org", "<ann-1@example.org>")).toMatch(/^250/);
  await expect.poll(() => noteCounts(added), poll).toEqual(each(1));
  for (const [id, desk] of desks) {
    const conversation = added.get(id)?.id ?? "";
    if (!desk.isBlind) await expect.poll(() => desk.tags(conversation), poll).toContain("undeliverable");
    const [note] = desk.notes(conversation);
    expect(note).toMatch(/&lt;b&gt;no|``` ?\n550 5\.1\.1 <b>no<\/b>/);
    await expect
      .poll(async () => deskDeliveriesOf(queues, id, 5), poll)
      .toMatchObject([{ outcome: "added", conversation, foundBy: desk.isBlind ? "subject" : "message-id", error: "" }]);
  }
});

test("what a stranger made up writes nothing", async () => {
  const added = addToEach("bob@example.org", "<bob-1@example.org>");
  const before = [...desks.values()].map(({ api }) => api.requests.length);
  expect(await bounce("bob@example.org", "<bob-1@example.org>")).toMatch(/^250/);
  // Queues are in order: when this one is there, that one was before.
  const later = addToEach("carl@example.org", "<carl-1@example.org>");
  await genuine("carl@example.org", "<carl-1@example.org>");
  await expect.poll(() => noteCounts(later), poll).toEqual(each(1));
  expect(noteCounts(added)).toEqual(each(0));
  expect(
    [...desks.values()].flatMap(({ api }, at) =>
      api.requests.slice(before[at]).filter(({ text }) => text.includes("bob")),
    ),
  ).toEqual([]);
});

test("killed after the note was written and before its answer: there is still one", async () => {
  const added = addToEach("dora@example.org", "<dora-1@example.org>");
  for (const { api } of desks.values())
    api.dropAnswerOf = ({ method, text }) => method !== "GET" && /bounced \w/.test(text);
  await genuine("dora@example.org", "<dora-1@example.org>");
  await expect.poll(() => noteCounts(added), poll).toEqual(each(1));
  await service.kill();
  for (const { api } of desks.values()) api.dropAnswerOf = () => false;
  service = await startTestService(environment, "smtp,worker,webhook");
  for (const id of desks.keys())
    await expect
      .poll(async () => (await deskDeliveriesOf(queues, id, 1))[0], poll)
      .toMatchObject({ outcome: "present", conversation: added.get(id)?.id });
  expect(noteCounts(added)).toEqual(each(1));
});
