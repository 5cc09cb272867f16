/** Runs what docs/senders tells its readers to copy. Postfix's and Exim's lines run in test/live. */
import { spawn } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "../../src/config/config.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { blockOf } from "../support/docs.ts";
import { KUMOMTA_RECORD, postalEvent, SECONDS, SENDGRID_BOUNCE, SES_NOTIFICATION } from "../support/sender-bodies.ts";
import { startHaraka } from "../support/mail-servers/haraka.ts";
import { smtpRefusal, startRemoteSmtp } from "../support/remote-smtp.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
let folder: string;
let redis: TestRedis;
let service: TestService;
let store: Store;
let environment: Record<string, string>;
let token: string;

interface Endpoint {
  readonly source: string;
  readonly name?: string;
  readonly secret: string;
}
const endpointOf = (page: string): Endpoint => {
  const { providerWebhooks } = parse(blockOf(`senders/${page}.md`, "bounced.yaml", "yaml")) as {
    providerWebhooks: [Endpoint];
  };
  return providerWebhooks[0];
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-senders-"));
  mkdirSync(join(folder, "bin"));
  const main = `#!/bin/sh\nexec ${process.execPath} ${resolve("src/cli/main.ts")} "$@"\n`;
  writeFileSync(join(folder, "bin/bounced"), main);
  chmodSync(join(folder, "bin/bounced"), 0o755);
  const key = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const providerWebhooks = [
    endpointOf("kumomta"),
    endpointOf("postal"),
    endpointOf("ses"),
    { ...endpointOf("ses"), name: "ses-raw", signed: false },
    { ...endpointOf("sendgrid"), publicKey: key },
  ];
  writeFileSync(join(folder, "bounced.yaml"), JSON.stringify({ providerWebhooks }));
  redis = await startTestRedis();
  environment = {
    PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
    REDIS_URL: redis.url,
    BOUNCED_SECRET: "a-key-for-tests-only",
    BOUNCED_DATA_DIR: join(folder, "data"),
    BOUNCED_CONFIG: join(folder, "bounced.yaml"),
  };
  service = await startTestService(environment, "worker,record,http");
  store = await openStore(loadConfig(environment));
  const made = await run("bounced token create --name haraka --role operator --export");
  token = made.split("\n")[0] ?? "";
  writeFileSync(join(folder, "token"), token, { mode: 0o600 });
});
afterAll(async () => {
  await store?.close();
  await service?.stop();
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Printed by a shell script that ended well. */
async function run(script: string, input = ""): Promise<string> {
  const child = spawn("sh", ["-c", script], { env: environment });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${service.httpUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
/** As the provider posts it, to the address of the page. */
async function postTo({ source, name = source, secret }: Endpoint, body: unknown): Promise<unknown> {
  const answer = await post(`/in/${name}/${secret}`, JSON.stringify(body));
  expect(answer.status).toBe(200);
  return await answer.json();
}

const eventsAbout = async (address: string) =>
  (await store.search({ address: [address], limit: 5 })).entries.map(({ event }) => event);
async function expectEvent(address: string, expected: object): Promise<void> {
  await expect.poll(() => eventsAbout(address), { timeout: 20_000 }).toHaveLength(1);
  expect((await eventsAbout(address))[0]).toMatchObject({ ...expected, recipient: { address }, proof: "sender" });
}
const GONE = { kind: "bounce", severity: "hard", reason: "mailbox_unknown" };
const pageOf = (name: string): string => readFileSync(`docs/senders/${name}.md`, "utf8");

test.each(["kumomta", "postal", "ses", "sendgrid"])("the page of %s shows the address of its endpoint", (page) => {
  const { source, name = source, secret } = endpointOf(page);
  expect(pageOf(page)).toContain(`https://bounced.example.com/in/${name}/${secret}`);
});

test("KumoMTA", async () => {
  const counts = { accepted: 1, deliveries: 0, ignored: 0, unknown: 0, refused: 0 };
  expect(await postTo(endpointOf("kumomta"), KUMOMTA_RECORD)).toEqual(counts);
  await expectEvent("kumo@example.org", {
    ...GONE,
    returnPath: { tag: "c42" },
    given: { source: "kumomta", label: "Bounce" },
  });
});

test("Postal: outgoing mail alone", async () => {
  const endpoint = endpointOf("postal");
  const failed = "MessageDeliveryFailed";
  const [gone, later, given, info] = ["gone", "later", "listed", "info"].map(
    (local) => `${local}.postal@example.org`,
  ) as [string, string, string, string];
  expect(await postTo(endpoint, postalEvent(failed, gone, "550 5.1.1 No such user\n"))).toMatchObject({ accepted: 1 });
  expect(await postTo(endpoint, postalEvent("MessageDelayed", later, "451 4.7.1 Greylisted\n"))).toMatchObject({
    accepted: 1,
  });
  expect(await postTo(endpoint, postalEvent(failed, given, ""))).toMatchObject({ accepted: 1 });
  expect(await postTo(endpoint, postalEvent(failed, info, "550 Not found", "incoming"))).toMatchObject({ ignored: 1 });
  const bounced = { event: "MessageBounced", payload: { original_message: { to: info, direction: "outgoing" } } };
  expect(await postTo(endpoint, bounced)).toMatchObject({ ignored: 1 });
  await expectEvent(gone, { ...GONE, returnPath: { tag: "welcome" }, given: { source: "postal", label: "HardFail" } });
  await expectEvent(later, { kind: "delay" });
  await expectEvent(given, { kind: "bounce", reason: "unknown" });
  expect(await eventsAbout(info)).toEqual([]);
  const checked = await store.suppressions.check([gone, later, given, info]);
  expect(checked.map(({ suppressed }) => suppressed)).toEqual([true, false, false, false]);
});

test("Amazon SES: the page refuses what SNS did not sign", async () => {
  const endpoint = endpointOf("ses");
  const unsigned = await post(`/in/ses/${endpoint.secret}`, JSON.stringify(SES_NOTIFICATION));
  expect(unsigned.status).toBe(401);
  expect(await postTo({ ...endpoint, name: "ses-raw" }, SES_NOTIFICATION)).toMatchObject({ accepted: 1 });
  await expectEvent("ses@example.org", { ...GONE, given: { source: "amazon-ses", label: "Permanent/General" } });
});

test("SendGrid, signed", async () => {
  const path = `/in/sendgrid/${endpointOf("sendgrid").secret}`;
  const body = JSON.stringify([SENDGRID_BOUNCE]);
  const headers = {
    "x-twilio-email-event-webhook-timestamp": String(SECONDS),
    "x-twilio-email-event-webhook-signature": sign("sha256", Buffer.from(SECONDS + body), privateKey).toString(
      "base64",
    ),
  };
  expect((await post(path, body)).status).toBe(401);
  expect((await post(path, body, headers)).status).toBe(200);
  await expectEvent("sendgrid@example.org", GONE);
});

test("PowerMTA: records come through the program of the page", async () => {
  const config = blockOf("senders/powermta.md", "PowerMTA", "apache");
  const [, fields = ""] = /^\s+record-fields b (\S+)$/m.exec(config) ?? [];
  expect(config).toContain(`record-fields t ${fields}`);
  const values: Record<string, string> = {
    timeLogged: "2026-11-29 10:00:01+0000",
    orig: "news@shop.example",
    rcpt: "powermta@example.org",
    dsnStatus: "5.1.1 (bad destination mailbox address)",
    dsnMta: "mx.example.org (192.0.2.1)",
    dsnDiag: '"smtp;550 5.1.1 No such user, sorry"',
    bounceCat: "bad-mailbox",
    jobId: "c42",
    "header_Message-Id": "<p@shop.example>",
  };
  const row = fields.split(",").map((name) => values[name] ?? "");
  const program = blockOf("senders/powermta.md", "The program", "sh")
    .replace("https://bounced.example.com", service.httpUrl)
    .replace("/etc/bounced/token", join(folder, "token"));
  await run(program, `type,${fields}\nb,${row.join(",")}\n`);
  await expectEvent("powermta@example.org", { ...GONE, returnPath: { tag: "c42" } });
});

test("Haraka runs the plugin", async () => {
  const refusals: Readonly<Record<string, Error>> = {
    gone: smtpRefusal(550, "5.1.1 No such user"),
    later: smtpRefusal(451, "4.7.1 Greylisted"),
  };
  const remote = await startRemoteSmtp({
    hideENHANCEDSTATUSCODES: true,
    onRcptTo: ({ address }, _session, callback) => callback(refusals[address.split(".")[0] ?? ""] ?? null),
  });
  const haraka = await startHaraka({
    remotePort: remote.port,
    plugins: { bounced_refusals: blockOf("senders/haraka.md", "The plugin", "js") },
    env: { BOUNCED_URL: service.httpUrl, BOUNCED_TOKEN: token },
  });
  try {
    const transport = createTransport({ host: "127.0.0.1", port: haraka.port, ignoreTLS: true });
    const to = ["gone", "later", "fine"].map((local) => `${local}.haraka@example.org`);
    const [gone = "", later = "", fine = ""] = to;
    const raw = "From: news@shop.example\r\nSubject: News\r\nMessage-ID: <h@shop.example>\r\n\r\nHello.\r\n";
    await transport.sendMail({ envelope: { from: "news@shop.example", to }, raw });
    await expectEvent(gone, { ...GONE, original: { messageId: "<h@shop.example>" } });
    await expectEvent(later, { kind: "delay" });
    expect(await eventsAbout(fine)).toEqual([]);
    expect(haraka.log()).not.toMatch(/bounced (?:answers|does not)|CRIT/);
  } finally {
    await haraka.stop();
    await remote.stop();
  }
});
