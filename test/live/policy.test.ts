/** The mail servers of docs/policy.md, configured with the text of that page, ask a real service before they send. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { blockOf } from "../support/docs.ts";
import { startExim } from "../support/mail-servers/exim.ts";
import { startHaraka } from "../support/mail-servers/haraka.ts";
import { freePort, startPostfix } from "../support/postfix.ts";
import { startRemoteSmtp, type RemoteSmtp } from "../support/remote-smtp.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { connectSmtp } from "../support/smtp-client.ts";

const PAGE = "policy.md";
const GONE = "gone@example.org";
const REFUSAL = /^550 5\.1\.1 (?:.*: )?suppressed since \d{4}-\d\d-\d\d: mailbox unknown \(bounced:[0-9a-f]{32}\)$/;
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let folder: string;
let store: Store;
let redis: TestRedis;
let environment: Record<string, string>;
let policyPort: number;
let policy: TestService;
let remote: RemoteSmtp;
let remotePort: number;
const taken: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-policy-"));
  redis = await startTestRedis();
  policyPort = await freePort();
  environment = {
    REDIS_URL: redis.url,
    BOUNCED_DATA_DIR: folder,
    BOUNCED_POLICY_PORT: String(policyPort),
  };
  store = await openStore(loadConfig(environment));
  await store.record([jobOf([makeEvent({ address: GONE, at: Date.now() })])]);
  remote = await startRemoteSmtp({
    onRcptTo({ address }, _session, callback) {
      taken.push(address);
      callback();
    },
  });
  remotePort = remote.port;
  policy = await startPolicy();
});
afterAll(async () => {
  if (policy.process.exitCode === null) await policy.stop();
  await remote.stop();
  await store.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const block = (heading: string, language: string): string =>
  blockOf(PAGE, heading, language).replaceAll(/\b8026\b/g, String(policyPort));

/** Once it has the list: a mail server waits a few seconds for it, and a busy machine may need more. */
async function startPolicy(): Promise<TestService> {
  const started = await startTestService(environment, "policy");
  await vi.waitUntil(() => started.output().includes("the suppression list is in memory"), { timeout: 60_000 });
  return started;
}

/** One message to all of them; what the mail server said to each. */
async function send(port: number, recipients: readonly string[]): Promise<readonly string[]> {
  const client = await connectSmtp(port);
  await client.reply();
  await client.command("EHLO app.sender.example");
  await client.command("MAIL FROM:<news@example.com>");
  const replies: string[] = [];
  // Exim writes a long reply in lines, each with the code and the status.
  for (const recipient of recipients)
    replies.push(
      (await client.command(`RCPT TO:<${recipient}>`))
        .replaceAll(/\n\d{3}[ -](?:\d\.\d\.\d )?/g, " ")
        .replace(/^(\d{3})-/, "$1 ")
        .replaceAll(/ +/g, " "),
    );
  if (replies.some((reply) => reply.startsWith("250"))) {
    await client.command("DATA");
    expect(await client.data("From: news@example.com\r\nSubject: News\r\n\r\nHello.\r\n")).toMatch(/^250/);
  }
  client.close();
  return replies;
}

async function arrived(recipient: string): Promise<void> {
  await expect.poll(() => taken, { timeout: 30_000 }).toContain(recipient);
}

async function refusesOnlyWhoIsSuppressed(port: number, name: string): Promise<void> {
  const fine = `${name}@example.org`;
  const [gone, other] = await send(port, [GONE, fine]);
  expect(gone).toMatch(REFUSAL);
  expect(other).toMatch(/^250/);
  await arrived(fine);
  expect(taken).not.toContain(GONE);
}

test("Postfix asks for the route of mail that came in another way, and returns what is suppressed", async () => {
  const postfix = await startPostfix({ relayPort: remotePort, mainCf: block("Postfix", "postfix-transport") });
  await refusesOnlyWhoIsSuppressed(postfix.port, "route");
  // What is handed in on this machine has no dialogue.
  const mail = "From: news@example.com\nSubject: News\n\nHello.\n";
  execFileSync("sendmail", ["-C", postfix.conf, "-f", "news@example.com", GONE, "local@example.org"], { input: mail });
  await arrived("local@example.org");
  await expect
    .poll(() => postfix.log(), { timeout: 30_000 })
    .toMatch(/to=<gone@example\.org>, .*dsn=5\.1\.1, status=bounced \(suppressed since .*mailbox unknown/);
  expect(taken).not.toContain(GONE);
  await postfix.stop();
});

test("what was refused waits to be recorded as not sent", async () => {
  const queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
  const bodies = async () =>
    (await queues.get("intake").getWaiting()).flatMap(({ data }) =>
      data.messages.map(({ raw }) => inflateSync(Buffer.from(raw, "base64")).toString()),
    );
  await expect
    .poll(bodies)
    .toContainEqual(expect.stringMatching(/"recipient":"gone@example\.org".*"action":"not_sent"/));
  await queues.close();
});

test("the JSON of the page has the fields of a real answer", async () => {
  const response = await fetch(`http://127.0.0.1:${policyPort}/suppressed?recipient=${GONE}`);
  const shown = JSON.parse(blockOf(PAGE, "Over HTTP", "json")) as object;
  expect(Object.keys((await response.json()) as object)).toEqual(Object.keys(shown));
});

test("Postfix, Exim and Haraka refuse who is suppressed; without the policy role they send", async () => {
  const main = block("Postfix", "postfix");
  const servers = {
    postfix: await startPostfix({ relayPort: remotePort, mainCf: main }),
    patient: await startPostfix({ relayPort: remotePort, mainCf: main.replace("try_limit=5", "try_limit=100") }),
    exim: await startExim({ remotePort, acl: block("Exim", "exim-acl") }),
    haraka: await startHaraka({ remotePort, plugins: { bounced: block("Haraka", "js") }, env: {} }),
  };
  for (const [name, { port }] of Object.entries(servers)) await refusesOnlyWhoIsSuppressed(port, name);
  await policy.kill();
  // Started again while Postfix asks: who is suppressed is refused all the same.
  const asking = refusesOnlyWhoIsSuppressed(servers.patient.port, "again");
  policy = await startPolicy();
  await asking;
  await policy.stop();
  for (const [name, { port }] of Object.entries(servers))
    if (name !== "patient") {
      expect(await send(port, [`${name}-open@example.org`])).toEqual([expect.stringMatching(/^250/)]);
      await arrived(`${name}-open@example.org`);
    }
  for (const server of Object.values(servers)) await server.stop();
});
