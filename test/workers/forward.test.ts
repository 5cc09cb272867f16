import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { simpleParser, type ParsedMail } from "mailparser";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { messageInputOf } from "../../src/sources/message-input.ts";
import { createNoticeSender } from "../../src/outputs/forward-mail.ts";
import { forwardSchema } from "../../src/outputs/forward-settings.ts";
import { eraseJobs } from "../../src/queues/upkeep/erase-jobs.ts";
import { createPendingList } from "../../src/queues/upkeep/pending-list.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { createReturnPath } from "../../src/client/return-path.ts";
import { forwardEvent, forwardRole, sendDigest, type ForwardDeps } from "../../workers/forward.ts";
import { sampleEvent } from "../support/event.ts";
import { smtpRefusal, startRemoteSmtp, type RemoteSmtp } from "../support/remote-smtp.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService } from "../support/service.ts";
import { connectSmtp } from "../support/smtp-client.ts";

interface Received {
  readonly reversePath: string;
  readonly forwardPaths: readonly string[];
  readonly raw: Buffer;
  readonly mail: ParsedMail;
}

const NOW = new Date("2026-03-03T10:00:00Z");
const LATER = new Date("2026-03-03T11:00:00Z");
let redis: TestRedis;
let queues: Queues;
let relay: RemoteSmtp;
let relayUrl: string;
let folder: string;
/** Of RCPT TO, before the relay takes anything. */
let refusals: number[] = [];
let received: Received[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-forward-"));
  redis = await startTestRedis();
  relay = await startRemoteSmtp({
    onRcptTo(_address, _session, done) {
      const code = refusals.shift();
      done(code === undefined ? null : smtpRefusal(code, "not now"));
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks);
        void simpleParser(raw).then((mail) => {
          const reversePath = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
          received.push({ reversePath, forwardPaths: envelope.rcptTo.map(({ address }) => address), raw, mail });
          done();
        });
      });
    },
  });
  relayUrl = `smtp://127.0.0.1:${relay.port}`;
});
beforeEach((context) => {
  received = [];
  refusals = [];
  queues = openQueues({ redisUrl: redis.url, prefix: context.task.id });
  return () => queues.close();
});
afterAll(async () => {
  await relay.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

function forwarding(settings: object = {}): ForwardDeps {
  const parsed = forwardSchema.parse({
    to: "team@example.net",
    from: "bounced@example.com",
    relay: relayUrl,
    ...settings,
  });
  return {
    settings: parsed,
    pending: createPendingList(queues, "forward"),
    send: createNoticeSender(parsed),
    confirmed: <Value>(write: () => Promise<Value>) => write(),
  };
}

const bounceOf = (id: string, changes: Partial<BouncedEvent> = {}): BouncedEvent => sampleEvent({ id, ...changes });

test("a bounce becomes a mail that nobody answers and that stands beside the mail it is about", async () => {
  const original = { ...sampleEvent().original, messageId: "<m1@app.example>", subject: "Your invoice" };
  expect(await forwardEvent(bounceOf("e1", { original }), forwarding(), NOW)).toBe("sent");
  expect(received).toHaveLength(1);
  const [{ reversePath, forwardPaths, mail }] = received as [Received];
  expect({ reversePath, forwardPaths }).toEqual({ reversePath: "", forwardPaths: ["team@example.net"] });
  expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
  expect(mail.headers.get("x-bounced-notice")).toBe("e1");
  expect(mail.messageId).toBe("<bounced.e1@example.com>");
  expect(mail.inReplyTo).toBe("<m1@app.example>");
  expect(mail.subject).toBe("The message “Your invoice” could not be delivered to user@example.org.");
  expect(mail.text).toContain("550 5.1.1 No such user");
  expect(mail.html).toContain("<strong>");
});

test("what the sender of a report wrote makes no header and no tag", async () => {
  const original = {
    ...sampleEvent().original,
    messageId: "<m1@app.example>\r\nBcc: victim@example.org",
    subject: "a\r\nBcc: victim@example.org\r\n\r\n<script>",
  };
  await forwardEvent(bounceOf("e1", { original }), forwarding(), NOW);
  expect(received[0]?.forwardPaths).toEqual(["team@example.net"]);
  expect(received[0]?.mail.headers.has("bcc")).toBe(false);
  expect(received[0]?.mail.html).not.toContain("<script>");
});

test("only what the filter lets through, by default bounces", async () => {
  expect(await forwardEvent(bounceOf("e1", { kind: "delay" }), forwarding(), NOW)).toBe("ignored");
  const hard = forwarding({ filter: { severity: "hard" } });
  expect(await forwardEvent(bounceOf("e2", { severity: "soft" }), hard, NOW)).toBe("ignored");
  expect(received).toEqual([]);
});

test("a notice that came back, or was reported on, is never forwarded", async () => {
  await forwardEvent(bounceOf("e1"), forwarding(), NOW);
  const notice = received[0]?.raw ?? Buffer.of();
  const report = [
    "From: MAILER-DAEMON@mx.example.net",
    "Subject: Undelivered Mail Returned to Sender",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    "MIME-Version: 1.0",
    "",
    "--b1",
    "Content-Type: text/plain",
    "",
    "It was refused.",
    "--b1",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.example.net",
    "",
    "Final-Recipient: rfc822; team@example.net",
    "Action: failed",
    "Status: 5.1.1",
    "",
    "--b1",
    "Content-Type: message/rfc822",
    "",
    notice.toString("latin1"),
    "--b1--",
    "",
  ].join("\r\n");
  const settings = readSettingsOf(loadConfig({ BOUNCED_DATA_DIR: folder }));
  const everything = forwarding({ filter: {} });
  for (const [message, kind] of [
    [notice, "unrecognized"],
    [Buffer.from(report, "latin1"), "bounce"],
  ] as const) {
    const [event] = await readMessage(messageInputOf(message, 65_536), settings);
    if (!event) throw new Error("no event");
    expect(event.warnings).toContainEqual({ code: "own-notice" });
    if (kind === "bounce") expect(event.kind).toBe(kind);
    expect(await forwardEvent(event, everything, NOW)).toBe("ignored");
  }
});

test("beyond the hour's number events wait for one list", async () => {
  const deps = forwarding({ perHour: 2 });
  const outcomes: string[] = [];
  for (const n of [1, 2, 4, 3]) {
    const message = { ...sampleEvent().message, receivedAt: `2026-03-03T09:00:0${n}.000Z` };
    outcomes.push(await forwardEvent(bounceOf(`e${n}`, { message }), deps, NOW));
  }
  expect(outcomes).toEqual(["sent", "sent", "listed", "listed"]);
  expect(await sendDigest(deps, NOW)).toBe(2);
  expect(received[2]?.reversePath).toBe("");
  expect(received[2]?.mail.headers.get("auto-submitted")).toBe("auto-generated");
  expect(received[2]?.mail.subject).toBe("2 reports about returned mail");
  expect(received[2]?.mail.text).toMatch(/mailbox_unknown · 5\.1\.1 · e3[^]*e4/);
  expect(await forwardEvent(bounceOf("e5"), deps, LATER)).toBe("sent");
});

test("a digest goes out once in its time, and keeps what the relay did not take", async () => {
  const deps = forwarding({ mode: "digest" });
  refusals = [451];
  await forwardEvent(bounceOf("e1"), deps, NOW);
  await forwardEvent(bounceOf("e1"), deps, NOW);
  await expect(sendDigest(deps, NOW)).rejects.toThrow("not now");
  expect(await sendDigest(deps, NOW)).toBe(1);
  await forwardEvent(bounceOf("e2"), deps, NOW);
  expect(await sendDigest(deps, NOW)).toBe(0);
  expect(await sendDigest(deps, LATER)).toBe(1);
  expect(await sendDigest(deps, LATER)).toBe(0);
  expect(received).toHaveLength(2);
});

test("an erased address is in no list", async () => {
  const deps = forwarding({ mode: "digest" });
  await forwardEvent(bounceOf("e1"), deps, NOW);
  expect(await eraseJobs(queues, "User@example.org")).toMatchObject({ jobs: 1 });
  expect(await sendDigest(deps, NOW)).toBe(0);
});

/** The role as `serve` starts it. */
async function startRole(yaml: string) {
  const file = join(folder, `${queues.prefix}.yaml`);
  writeFileSync(file, yaml);
  const config = loadConfig({
    BOUNCED_CONFIG: file,
    BOUNCED_DATA_DIR: folder,
    BOUNCED_PREFIX: queues.prefix,
    BOUNCED_DOMAINS: "bounces.example.com",
  });
  return forwardRole({
    config,
    logger: createLogger("silent"),
    redisUrl: redis.url,
    queues,
    processes: { states: async () => [], metrics: async () => [] },
  });
}

test("the role takes events from its queue, tries again later, gives up on a refusal", async () => {
  const role = await startRole(`forward: { to: team@example.net, from: b@example.com, relay: "${relayUrl}" }\n`);
  expect(role.notes).toEqual(["forwarding to team@example.net"]);
  expect(await queues.redis.smembers(`${queues.prefix}:taps`)).toEqual(["forward"]);
  const queue = queues.get("forward");
  refusals = [451];
  await queue.add("bounce.mailbox_unknown", { v: 1, event: bounceOf("e1") }, { jobId: "e1" });
  for (let tries = 0; received.length === 0 && tries < 200; tries++) await sleep(50);
  expect(received).toHaveLength(1);
  refusals = [550];
  await queue.add("bounce.mailbox_unknown", { v: 1, event: bounceOf("e2") }, { jobId: "e2" });
  for (let tries = 0; (await queue.getFailedCount()) === 0 && tries < 200; tries++) await sleep(50);
  await role.stop();
  expect((await queue.getFailed()).map(({ id }) => id)).toEqual(["e2"]);
});

test("it is off without its section, and does not start towards the service itself", async () => {
  await queues.redis.sadd(`${queues.prefix}:taps`, "forward");
  expect((await startRole("log: {}\n")).notes).toEqual([]);
  expect(await queues.redis.smembers(`${queues.prefix}:taps`)).toEqual([]);
  const inward = `forward: { to: b@bounces.example.com, from: b@example.com, relay: "${relayUrl}" }\n`;
  await expect(startRole(inward)).rejects.toThrow("b@bounces.example.com is in BOUNCED_DOMAINS");
});

test("a bounce that comes in over SMTP goes out to the team", async () => {
  const file = join(folder, "serve.yaml");
  writeFileSync(file, `forward: { to: team@example.net, from: b@example.com, relay: "${relayUrl}" }\n`);
  const BOUNCED_SECRET = "0123456789abcdef0123456789abcdef";
  const service = await startTestService({ BOUNCED_CONFIG: file, BOUNCED_SECRET }, "smtp,worker,forward");
  const signed = createReturnPath({
    domain: "bounces.example.com",
    recipient: "marta.keller84@bigmail.test",
    secrets: [BOUNCED_SECRET],
  });
  expect(service.output()).toContain("forwarding to team@example.net");
  const client = await connectSmtp(service.smtpPort);
  await client.reply();
  for (const line of ["EHLO mx.example.org", "MAIL FROM:<>", `RCPT TO:<${signed}>`, "DATA"]) await client.command(line);
  const bounce = readFileSync("fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml", "latin1");
  expect(await client.data(bounce.replaceAll(/\r?\n/g, "\r\n"))).toContain("250 ");
  client.close();
  for (let tries = 0; received.length === 0 && tries < 400; tries++) await sleep(50);
  expect(await service.stop()).toBe(0);
  expect(received[0]?.mail.subject).toContain("could not be delivered to marta.keller84@bigmail.test");
}, 90_000);
