/**
 * A real Postfix sends to remote servers that deliver, refuse at each stage, defer and deliver, defer until the mail
 * expires. Half of the mail returns its DSNs to us, half to nobody. Meanwhile the reader of the log and Redis are
 * killed again and again. bounced.yaml is that of docs/senders/postfix.md. Each failed recipient has one final event, and nobody else has one; sends and
 * rates are those of the script.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { createReturnPath } from "../../src/return-path/create.ts";
import { returnPathSettingsOf } from "../../src/return-path/settings.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { blocksOf } from "../support/docs.ts";
import { startPostfix, type Postfix } from "../support/postfix.ts";
import { smtpRefusal, startRefusing, startRemoteSmtp, type RemoteSmtp } from "../support/remote-smtp.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { SECRET } from "./wiring.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const MAILS = Number(process.env["BOUNCED_TEST_MAILS"] ?? 210);
const FATES = ["fine", "mail", "rcpt", "dot", "later", "never", "fine", "conn", "ehlo", "data"] as const;
const FAILS: ReadonlySet<string> = new Set(["mail", "rcpt", "dot", "never", "conn", "ehlo", "data"]);
/** Each has a server of its own that refuses these. */
const REFUSING = { conn: ["CONN"], ehlo: ["EHLO", "HELO"], data: ["DATA"] } as const;
const REMOTE = "127.0.0.2";

let folder: string;
let redis: TestRedis;
let service: TestService;
let follower: TestService;
let remote: RemoteSmtp;
let refusing: readonly RemoteSmtp[] = [];
let postfix: Postfix;
let store: Store;
let environment: Record<string, string>;
/** Senders that the remote server refuses at MAIL. */
const refusedSenders = new Set<string>();
const deferredOnce = new Set<string>();

const startFollower = (): Promise<TestService> =>
  startTestService({ ...environment, BOUNCED_DATA_DIR: join(folder, "follower") }, "follow");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-live-follow-"));
  redis = await startTestRedis();
  refusing = await Promise.all(Object.values(REFUSING).map((verbs) => startRefusing(verbs, REMOTE)));
  remote = await startRemoteSmtp(
    {
      hideENHANCEDSTATUSCODES: true,
      onMailFrom: ({ address }, _session, callback) =>
        callback(refusedSenders.has(address) ? smtpRefusal(550, "5.7.1 Sender rejected") : null),
      onRcptTo({ address }, _session, callback) {
        const fate = address.split("-", 1)[0];
        if (fate === "rcpt") callback(smtpRefusal(550, "5.1.1 User unknown"));
        else if (fate === "never") callback(smtpRefusal(451, "4.3.0 Come back later"));
        else if (fate === "later" && !deferredOnce.has(address)) {
          deferredOnce.add(address);
          callback(smtpRefusal(451, "4.7.1 Greylisted"));
        } else callback();
      },
      onData(stream, { envelope }, callback) {
        const isRefused = envelope.rcptTo.some(({ address }) => address.startsWith("dot-"));
        stream
          .on("end", () => callback(isRefused ? smtpRefusal(554, "5.7.1 Message rejected as spam") : null))
          .resume();
      },
    },
    REMOTE,
  );
  const transports = Object.keys(REFUSING).map(
    (fate, at) => `{ ${fate}.example=smtp:[${REMOTE}]:${refusing[at]?.port} }`,
  );
  const base = { REDIS_URL: redis.url, BOUNCED_SECRET: SECRET, BOUNCED_CONFIG: join(folder, "bounced.yaml") };
  environment = base;
  writeFileSync(base.BOUNCED_CONFIG, "follow: []\n");
  const own = { ...base, BOUNCED_DATA_DIR: join(folder, "data") };
  service = await startTestService(own, "smtp,worker,record,http");
  store = await openStore(loadConfig(own));
  postfix = await startPostfix({
    relayPort: remote.port,
    mainCf: `transport_maps = inline:{ { bounces.example.com=smtp:[127.0.0.1]:${service.smtpPort} }, { unheard.example=discard: } ${transports.join(" ")} }
relayhost = [${REMOTE}]:${remote.port}
smtp_skip_5xx_greeting = no
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
maximal_queue_lifetime = 8s
bounce_queue_lifetime = 100s
`,
  });
  const [{ text: page } = { text: "" }] = blocksOf("senders/postfix.md");
  expect(page).toContain("/var/log/mail.log");
  writeFileSync(base.BOUNCED_CONFIG, page.replace("/var/log/mail.log", postfix.logFile));
  follower = await startFollower();
});
afterAll(async () => {
  await postfix?.stop();
  await follower?.stop();
  await store?.close();
  await service?.stop();
  await redis?.stop();
  await remote.stop();
  await Promise.all(refusing.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function sendAll(): Promise<readonly string[]> {
  const transport = createTransport({ host: "127.0.0.1", port: postfix.port, ignoreTLS: true, pool: true });
  const settings = returnPathSettingsOf(loadConfig({ BOUNCED_SECRET: SECRET }));
  const recipients: string[] = [];
  for (let n = 0; n < MAILS; n++) {
    const fate = FATES[n % FATES.length] ?? "fine";
    const to = `${fate}-${n}@${fate in REFUSING ? fate : "deliver"}.example`;
    const isReturned = Math.floor(n / FATES.length) % 2 === 0;
    const signed = createReturnPath({ domain: "bounces.example.com", recipient: to, tag: "c42" }, settings, new Date());
    const from = isReturned ? signed : `news-${n}@unheard.example`;
    if (fate === "mail") refusedSenders.add(from);
    const raw = `From: news@example.com\r\nTo: ${to}\r\nMessage-ID: <${n}@example.com>\r\nSubject: News\r\n\r\nHello.\r\n`;
    await transport.sendMail({ envelope: { from, to }, raw });
    recipients.push(to);
  }
  transport.close();
  return recipients;
}

/** Until `isOver`, and on a slow machine until both were killed. */
async function killAtRandom(isOver: () => boolean): Promise<void> {
  for (let kills = 0; kills < 4 || !isOver(); kills++) {
    await sleep(500 + Math.random() * 2500);
    if (kills % 3 === 2) process.kill(redis.pid() ?? 0, "SIGKILL");
    else {
      await follower.kill();
      follower = await startFollower();
    }
  }
}

async function finalEvents(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { event } of store.iterate({}))
    if (event.kind === "bounce" && event.action === "failed") found.push(event.recipient.address ?? "");
  return found.toSorted();
}

test("each failed recipient has one final event, whether its DSN came or not, whatever is killed", async () => {
  let isOver = false;
  const killing = killAtRandom(() => isOver);
  const recipients = await sendAll();
  const isQueueEmpty = (): boolean =>
    execFileSync("postqueue", ["-c", postfix.conf, "-j"], { stdio: ["ignore", "pipe", "ignore"] }).length === 0;
  await expect.poll(isQueueEmpty, { timeout: 90_000, interval: 500, message: "the queue of Postfix" }).toBe(true);
  isOver = true;
  await killing;
  const failed = recipients.filter((address) => FAILS.has(address.split("-", 1)[0] ?? "")).toSorted();
  await expect.poll(finalEvents, { timeout: 60_000, interval: 500 }).toEqual(failed);
  // Every DSN was read and found to be about a failure that is known, or was the first to report it.
  const returned = failed.filter(
    (address) => Math.floor(Number(/-(\d+)@/.exec(address)?.[1]) / FATES.length) % 2 === 0,
  );
  const repeated = async (): Promise<number> => {
    const text = await (await fetch(`${service.httpUrl}/metrics`)).text();
    return Number(/^bounced_failures_repeated_total (\d+)/m.exec(text)?.[1] ?? 0);
  };
  await expect.poll(repeated, { timeout: 60_000, interval: 500 }).toBeGreaterThanOrEqual(returned.length);
  expect(await finalEvents()).toEqual(failed);
  await expectRates(recipients, failed);
});

/** Beside the script, the log of Postfix says how often it deferred: our mail, not the DSNs that wait for a killed Redis. */
async function expectRates(recipients: readonly string[], failed: readonly string[]): Promise<void> {
  const delayed =
    postfix.log().match(/ to=<[^>]+@(?:deliver|conn|ehlo|data)\.example>, .* status=deferred /g)?.length ?? 0;
  const delivered = recipients.length - failed.length;
  const period = { from: Date.now() - 3_600_000, to: Date.now() };
  const counted = async () => {
    const [all] = await store.sends(period);
    return all && { ...all, returned: all.bounced + all.blocked };
  };
  const expected = { delivered, failed: failed.length, delayed, returned: failed.length, complained: 0 };
  await expect.poll(counted, { timeout: 60_000, interval: 500 }).toMatchObject(expected);
  const isTagged = (address: string): boolean =>
    Math.floor(Number(/-(\d+)@/.exec(address)?.[1]) / FATES.length) % 2 === 0;
  const lost = failed.filter(isTagged).length;
  expect(await store.sends({ ...period, tag: "c42" })).toMatchObject([
    { delivered: recipients.filter(isTagged).length - lost, failed: lost },
  ]);
  const answer = await fetch(`${service.httpUrl}/v1/stats/rates?by=domain`);
  const { rows } = (await answer.json()) as { rows: { value: string; sends: number; failed: number }[] };
  const each = FATES.length;
  for (const { value, sends, failed: refused } of rows)
    if (value !== "deliver.example") expect([value, sends, refused]).toEqual([value, recipients.length / each, sends]);
  expect(rows.map(({ value }) => value).toSorted()).toEqual(
    ["conn", "data", "deliver", "ehlo"].map((name) => `${name}.example`),
  );
}
