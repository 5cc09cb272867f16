/** A stranger's reports, in every shape that an attack took, beside a genuine one: over SMTP, through real queues. */
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { EVENT_SHAPES } from "../../src/outputs/webhook-settings.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { createReturnPath } from "../../src/client/return-path.ts";
import { createToken } from "../../src/client/token.ts";
import { openStore } from "../../src/store/store.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { rsaKey, signed } from "../support/dkim.ts";
import { connectSmtp } from "../support/smtp-client.ts";
import { UNBOUND_KEY, UNBOUND_PATHS } from "../core/trust/attack-list.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const DOMAIN = "bounces.example.com";
const SECRET = "0123456789abcdef0123456789abcdef";
const ATTACKER = "attacker@evil.test";
const GENUINE = "gone@customer.test";
const VICTIMS = Array.from({ length: 5 }, (_, at) => `victim${at}@victims.test`);
/** Failed at a plain address; the returned header has the DKIM signature that the mail left with. */
const SIGNED = "moved@customer.test";
const KEY = rsaKey();
const mailTo = (to: string, domain = "example.com", key = KEY): string =>
  signed(
    ["From: news@example.com", `To: ${to}`, "Subject: news", `Date: ${new Date().toUTCString()}`, "Message-ID: <1@x>"],
    { key, domain },
  );
/** Both complain, through loops that black them out: what is left is a token, or a return path in a Received field. */
const TOKEN_COMPLAINER = "tired@customer.test";
const PATH_COMPLAINER = "weary@customer.test";
const sign = (recipient: string): string => createReturnPath({ domain: DOMAIN, recipient, secrets: [SECRET] });
const tokenOf = (recipient: string): string => createToken({ recipient, tag: "c42", secrets: [SECRET] });

interface Named {
  readonly final: string;
  readonly original?: string;
  readonly action?: string;
}
let count = 0;
function dsn(recipients: readonly Named[], returned = ""): string {
  const groups = recipients.map(({ final, original, action = "failed" }) =>
    [
      ...(original ? [`Original-Recipient: rfc822; ${original}`] : []),
      `Final-Recipient: rfc822; ${final}`,
      `Action: ${action}`,
      `Status: ${action === "failed" ? "5.1.1" : "2.0.0"}`,
      ...(action === "failed" ? ["Diagnostic-Code: smtp; 550 5.1.1 no such user here"] : []),
    ].join("\r\n"),
  );
  return [
    "From: MAILER-DAEMON@mx.evil.test",
    `To: b@${DOMAIN}`,
    "Subject: Undelivered Mail Returned to Sender",
    `Message-ID: <${++count}@mx.evil.test>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "It failed.",
    "--b",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.evil.test",
    "",
    groups.join("\r\n\r\n"),
    "",
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    returned || "Subject: news",
    "--b--",
    "",
  ].join("\r\n");
}
const complaint = (about: string, returned = "Subject: news"): string =>
  [
    "From: fbl@isp.test",
    `To: b@${DOMAIN}`,
    "Subject: complaint",
    `Message-ID: <${++count}@isp.test>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
    "",
    "--b",
    "Content-Type: message/feedback-report",
    "",
    "Feedback-Type: abuse",
    "User-Agent: x/1",
    "Version: 1",
    `Original-Rcpt-To: ${about}`,
    "",
    "--b",
    "Content-Type: text/rfc822-headers",
    "",
    returned,
    "",
    "--b--",
    "",
  ].join("\r\n");
const unsubscribe = (from: string, subject = "unsubscribe"): string =>
  [`From: ${from}`, `To: b@${DOMAIN}`, `Subject: ${subject}`, `Message-ID: <${++count}@evil.test>`, "", "", ""].join(
    "\r\n",
  );

const alone = VICTIMS.map((final) => ({ final }));
const ours = [`Return-Path: <b@${DOMAIN}>`, `Message-ID: <made-up@${DOMAIN}>`, `From: news@${DOMAIN}`];
/** Forward-path, message. Each is taken with 250. */
const ATTACKS: readonly (readonly [name: string, forwardPath: string, message: string])[] = [
  ["a plain address", `b@${DOMAIN}`, dsn(alone)],
  ["postmaster", `postmaster@${DOMAIN}`, dsn(alone)],
  ["a VERP address", `b+victim0=victims.test@${DOMAIN}`, dsn([{ final: VICTIMS[0]! }])],
  ["headers of our domain", `b@${DOMAIN}`, dsn(alone, [...ours, `To: ${VICTIMS[0]}`].join("\r\n"))],
  ["a path of his own, victims alone", sign(ATTACKER), dsn(alone)],
  [
    "a path of his own, his name beside each victim",
    sign(ATTACKER),
    dsn(VICTIMS.map((final) => ({ final, original: ATTACKER }))),
  ],
  [
    "a path of his own in the returned header",
    `postmaster@${DOMAIN}`,
    dsn(
      VICTIMS.map((final) => ({ final, original: ATTACKER })),
      `Return-Path: <${sign(ATTACKER)}>`,
    ),
  ],
  [
    "a token of his own, his name beside each victim",
    `b@${DOMAIN}`,
    dsn(
      VICTIMS.map((final) => ({ final, original: ATTACKER })),
      `From: news@example.com\r\nX-Bounced-Token: ${tokenOf(ATTACKER)}`,
    ),
  ],
  [
    "a token of his own for the whole of a victim's name",
    `b@${DOMAIN}`,
    dsn(alone, `From: news@example.com\r\nX-Bounced-Token: ${tokenOf(ATTACKER).replace("attacker", "victimq")}`),
  ],
  [
    "a complaint with a token of his own",
    `b@${DOMAIN}`,
    complaint(VICTIMS[0]!, `From: news@example.com\r\nCFBL-Feedback-ID: ${tokenOf(ATTACKER)}`),
  ],
  ["a signed mail of his own, victims alone", `b@${DOMAIN}`, dsn(alone, mailTo(ATTACKER))],
  [
    "a signed mail of his own, his name beside each victim",
    `b@${DOMAIN}`,
    dsn(
      VICTIMS.map((final) => ({ final, original: ATTACKER })),
      mailTo(ATTACKER),
    ),
  ],
  ["a signed mail of his own with another To", `b@${DOMAIN}`, dsn(alone, `To: ${VICTIMS[0]}\r\n${mailTo(ATTACKER)}`)],
  ["a signed mail to him and a victim", `b@${DOMAIN}`, dsn(alone, mailTo(`${ATTACKER}, ${VICTIMS[0]}`))],
  ["a display name like a victim", `b@${DOMAIN}`, dsn(alone, mailTo(`"${VICTIMS[0]}" <${ATTACKER}>`))],
  [
    "a signature of a domain below",
    `b@${DOMAIN}`,
    dsn([{ final: VICTIMS[0]! }], mailTo(VICTIMS[0]!, "evil.example.com")),
  ],
  [
    "a signature by another key",
    `b@${DOMAIN}`,
    dsn([{ final: VICTIMS[0]! }], mailTo(VICTIMS[0]!, "example.com", rsaKey())),
  ],
  ...UNBOUND_PATHS.map((path): readonly [string, string, string] => [
    `${path}, which names nobody, and a header of ours that he made up`,
    path,
    dsn([{ final: VICTIMS[0]! }], [...ours, `To: ${VICTIMS[0]}`].join("\r\n")),
  ]),
  ["a complaint with a signed mail of his own", `b@${DOMAIN}`, complaint(VICTIMS[0]!, mailTo(ATTACKER))],
  ["a complaint", `b@${DOMAIN}`, complaint(VICTIMS[0]!)],
  ["a complaint at a path of his own", sign(ATTACKER), complaint(VICTIMS[1]!)],
  ["an unsubscribe", `b@${DOMAIN}`, unsubscribe(VICTIMS[2]!)],
  ["a delivery", `b@${DOMAIN}`, dsn([{ final: VICTIMS[3]!, action: "delivered" }])],
];

let redis: TestRedis;
let queues: Queues;
let service: TestService;
let sink: Server;
let folder: string;
const bodies = new Map<string, string>();

beforeAll(async () => {
  redis = await startTestRedis();
  folder = mkdtempSync(join(tmpdir(), "bounced-stranger-"));
  sink = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const shape = (request.url ?? "").slice(1);
      bodies.set(shape, `${bodies.get(shape) ?? ""}\n${body}`);
      response.end();
    });
  });
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  const port = (sink.address() as AddressInfo).port;
  const { generateKeyPairSync } = await import("node:crypto");
  const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "der" });
  const webhooks = EVENT_SHAPES.map((shape) => ({
    id: shape,
    shape,
    url: `http://127.0.0.1:${port}/${shape}`,
    secret: shape === "sendgrid" ? key.toString("base64") : SECRET,
    allowPrivate: true,
  }));
  writeFileSync(
    join(folder, "bounced.yaml"),
    JSON.stringify({
      webhooks,
      returnPath: { batv: { secrets: [UNBOUND_KEY] }, srs: { secrets: [UNBOUND_KEY] } },
      dkim: {
        lookup: false,
        keys: ["example.com", "evil.example.com"].map((domain) => ({ selector: "s1", domain, key: KEY.record })),
      },
    }),
  );
  service = await startTestService(
    {
      REDIS_URL: redis.url,
      BOUNCED_DATA_DIR: join(folder, "data"),
      BOUNCED_SECRET: SECRET,
      BOUNCED_CONFIG: join(folder, "bounced.yaml"),
    },
    "smtp,worker,record,webhook",
  );
  queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
});
afterAll(async () => {
  await queues.close();
  await service.stop();
  await redis.stop();
  await new Promise<void>((resolve) => sink.close(() => resolve()));
  rmSync(folder, { recursive: true, force: true });
});

async function send(forwardPath: string, message: string): Promise<string> {
  const client = await connectSmtp(service.smtpPort);
  await client.reply();
  await client.command("EHLO evil.test");
  await client.command("MAIL FROM:<>");
  const reply = await client.command(`RCPT TO:<${forwardPath}>`);
  if (!reply.startsWith("250")) return reply;
  await client.command("DATA");
  const end = await client.data(message);
  client.close();
  return end;
}

test("what a stranger sends changes nothing: not the list, not a queue that programs act on, no webhook", async () => {
  for (const [name, forwardPath, message] of ATTACKS) expect(await send(forwardPath, message), name).toContain("250 ");
  const forged = sign(VICTIMS[0]!).replace(/.@/, (end) => (end === "a@" ? "b@" : "a@"));
  expect(await send(forged, dsn(alone))).toContain("550 ");
  // An unsubscribe counts for the address that the path was made for, whoever it says it is from.
  expect(await send(sign("leaver@customer.test"), unsubscribe(VICTIMS[4]!))).toContain("250 ");
  const ours = "From: news@example.com\r\nTo: redacted@isp.test\r\n";
  for (const [about, field] of [
    ["redacted@isp.test", `CFBL-Feedback-ID: ${tokenOf(TOKEN_COMPLAINER)}`],
    [
      "xxxxx@isp.test",
      `Received: from a by b\r\n\t(envelope-from <${sign(PATH_COMPLAINER)}>); ${new Date().toUTCString()}`,
    ],
  ] as const)
    expect(await send(`fbl@${DOMAIN}`, complaint(about, ours + field))).toContain("250 ");
  expect(await send(`b@${DOMAIN}`, dsn([{ final: SIGNED }], mailTo(`A Customer <${SIGNED}>`)))).toContain("250 ");
  // Behind all of them, so that what came of it shows that they were read.
  expect(await send(sign(GENUINE), dsn([{ final: GENUINE }]))).toContain("250 ");
  await expect
    .poll(() => EVENT_SHAPES.filter((shape) => !bodies.get(shape)?.includes(GENUINE)), { timeout: 120_000 })
    .toEqual([]);
  const waiting = async (name: "bounce-hard" | "bounce-soft" | "complaint" | "bounce-unproven") =>
    (await queues.get(name).getJobs()).map(({ data }) => data);
  await expect.poll(async () => (await waiting("bounce-unproven")).length, { timeout: 60_000 }).toBeGreaterThan(30);
  const hard = new Map((await waiting("bounce-hard")).map((event) => [event.recipient.mailed, event]));
  expect(new Set(hard.keys())).toEqual(new Set([GENUINE, SIGNED]));
  for (const event of hard.values()) expect(event.advice).toBe("suppress");
  expect(hard.get(SIGNED)).toMatchObject({ authenticity: "proven", proof: "dkim" });
  expect(await waiting("bounce-soft")).toEqual([]);
  const complaints = new Map((await waiting("complaint")).map((event) => [event.recipient.mailed, event]));
  expect(new Set(complaints.keys())).toEqual(new Set(["leaver@customer.test", TOKEN_COMPLAINER, PATH_COMPLAINER]));
  expect(complaints.get(TOKEN_COMPLAINER)).toMatchObject({
    authenticity: "proven",
    proof: "token",
    returnPath: { scheme: "token", tag: "c42" },
  });
  expect(complaints.get(PATH_COMPLAINER)).toMatchObject({ authenticity: "likely", proof: "quoted_path" });
  for (const event of await waiting("bounce-unproven")) expect(event.advice).not.toBe("suppress");
  for (const [shape, body] of bodies)
    for (const victim of VICTIMS.slice(0, 4)) expect(body, shape).not.toContain(victim);
  const store = await openStore(loadConfig({ BOUNCED_DATA_DIR: join(folder, "data") }));
  try {
    await expect.poll(() => store.count({}), { timeout: 60_000 }).toBeGreaterThan(35);
    const checks = await store.suppressions.check([
      ...VICTIMS,
      ATTACKER,
      GENUINE,
      SIGNED,
      "leaver@customer.test",
      TOKEN_COMPLAINER,
      PATH_COMPLAINER,
    ]);
    expect(checks.filter(({ suppressed }) => suppressed).map(({ address }) => address)).toEqual([
      GENUINE,
      SIGNED,
      "leaver@customer.test",
      TOKEN_COMPLAINER,
      PATH_COMPLAINER,
    ]);
  } finally {
    await store.close();
  }
});
