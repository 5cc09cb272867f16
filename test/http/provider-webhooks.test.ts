/** The addresses that sending providers post to. */
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { configFileSchema } from "../../src/config/config-file.ts";
import { NotAccepted } from "../../src/intake/accept.ts";
import type { ReceivedMessage } from "../../src/intake/message.ts";
import { startHarness, type Harness } from "./harness.ts";

const SECRET = "0123456789abcdef01234567";
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const SIGNING_SECRET = `whsec_${Buffer.from("a secret of resend that is long").toString("base64")}`;
const file = configFileSchema.parse({
  providerWebhooks: [
    { source: "ses", secret: SECRET },
    { source: "ses", name: "ses-signed", secret: SECRET, signed: true },
    { source: "sendgrid", secret: `sendgrid-${SECRET}` },
    {
      source: "sendgrid",
      name: "signed",
      secret: SECRET,
      publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    },
    { source: "postmark", secret: SECRET, basicAuth: "user:pass word" },
    { source: "mailgun", secret: SECRET, signingKey: "mailgun-key" },
    { source: "resend", secret: SECRET, signingSecret: SIGNING_SECRET },
    {
      source: "custom",
      name: "acme",
      secret: SECRET,
      hmac: { header: "X-Signature", key: "acme-key" },
      map: { recipient: "/to", type: "/kind", types: { bounced: "failed" }, queueId: "/id" },
    },
  ],
});

let harness: Harness;
let isAway = false;
const accepted: ReceivedMessage[] = [];
beforeAll(async () => {
  harness = await startHarness({
    config: { ...loadConfig({ BOUNCED_SECRET: "k" }), file },
    now: Date.now,
    intake: {
      accept(message) {
        if (isAway) return Promise.reject(new NotAccepted("away"));
        accepted.push(message);
        return Promise.resolve("m1");
      },
    },
  });
});
afterAll(() => harness.close());
beforeEach(() => void accepted.splice(0));

const post = (
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
) =>
  harness.app.inject({
    method: "POST",
    url: `/in/${path}`,
    headers: { ...headers },
    payload: typeof body === "string" ? body : JSON.stringify(body),
  });
const bounce = { event: "bounce", email: "ann@example.org", sg_message_id: "M1.a", reason: "550 5.1.1 no" };
const stored = () =>
  accepted.map(({ octets }) => JSON.parse(Buffer.from(octets).toString()) as Record<string, unknown>);

test("a batch is answered with what became of it, once it is durable", async () => {
  const answer = await post(`sendgrid/sendgrid-${SECRET}`, [
    bounce,
    { event: "open", email: "ann@example.org" },
    { event: "teleport" },
    { ...bounce, email: "nobody" },
  ]);
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    { accepted: 1, deliveries: 0, ignored: 1, unknown: 1, refused: 1 },
  ]);
  expect(stored()).toMatchObject([
    {
      recipient: "ann@example.org",
      action: "failed",
      diagnostic: "550 5.1.1 no",
      given: { source: "sendgrid", label: "bounce" },
      raw: JSON.stringify(bounce),
    },
  ]);
  const again = await post(`sendgrid/sendgrid-${SECRET}`, [{ ...bounce, sg_event_id: "another", timestamp: 1 }]);
  expect(again.statusCode).toBe(200);
  expect(accepted[0]?.sha256).toBe(accepted[1]?.sha256);
});

test("another secret or name is nothing, whatever comes with it", async () => {
  for (const path of ["sendgrid/wrong", `sendgrid/${SECRET}`, `nosuch/${SECRET}`, "sendgrid/"]) {
    const answer = await post(path, [bounce]);
    expect(answer.statusCode, path).toBe(404);
  }
  const long = await post("sendgrid/wrong", "x".repeat(9 * 1024 * 1024));
  expect(long.statusCode).toBe(404);
  expect(accepted).toEqual([]);
});

test("a body that is no JSON is a mistake, one that is too long too", async () => {
  expect((await post(`sendgrid/sendgrid-${SECRET}`, "a=b")).statusCode).toBe(400);
  expect((await post(`sendgrid/sendgrid-${SECRET}`, "")).statusCode).toBe(400);
  expect((await post(`sendgrid/sendgrid-${SECRET}`, `["${"x".repeat(9 * 1024 * 1024)}"]`)).statusCode).toBe(413);
});

test("what is not durable is to be sent again", async () => {
  isAway = true;
  const answer = await post(`sendgrid/sendgrid-${SECRET}`, [bounce]);
  isAway = false;
  expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "30"]);
});

test("SendGrid's signature is of the time and the octets", async () => {
  const body = JSON.stringify([bounce]);
  const headers = (signed: string, timestamp = "1764410400") => ({
    "content-type": "application/json",
    "x-twilio-email-event-webhook-timestamp": timestamp,
    "x-twilio-email-event-webhook-signature": sign("sha256", Buffer.from(signed), privateKey).toString("base64"),
  });
  expect((await post(`signed/${SECRET}`, body, headers(`1764410400${body}`))).statusCode).toBe(200);
  expect((await post(`signed/${SECRET}`, `${body} `, headers(`1764410400${body}`))).statusCode).toBe(401);
  expect((await post(`signed/${SECRET}`, body, headers(`1764410400${body}`, "1764410401"))).statusCode).toBe(401);
  expect((await post(`signed/${SECRET}`, body)).statusCode).toBe(401);
  expect(accepted).toHaveLength(1);
});

test("Postmark sends a user and a password", async () => {
  const record = { RecordType: "Bounce", Type: "HardBounce", Email: "ann@example.org", MessageID: "1" };
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
  expect((await post(`postmark/${SECRET}`, record, basic("user:pass word"))).statusCode).toBe(200);
  expect((await post(`postmark/${SECRET}`, record, basic("user:password"))).statusCode).toBe(401);
  expect((await post(`postmark/${SECRET}`, record)).statusCode).toBe(401);
});

test("Mailgun signs a time and a token: within half a day, and each token is for one body", async () => {
  const event = { event: "failed", severity: "permanent", recipient: "ann@example.org", timestamp: 1 };
  const body = (token: string, { age = 0, key = "mailgun-key", more = {} } = {}) => {
    const timestamp = String(Math.floor(Date.now() / 1000) - age);
    const signature = createHmac("sha256", key)
      .update(timestamp + token)
      .digest("hex");
    return JSON.stringify({ signature: { timestamp, token, signature }, "event-data": { ...event, ...more } });
  };
  const first = body("t1");
  expect((await post(`mailgun/${SECRET}`, first)).statusCode).toBe(200);
  expect((await post(`mailgun/${SECRET}`, first)).statusCode).toBe(200);
  const replayed = JSON.stringify({
    ...JSON.parse(first),
    "event-data": { ...event, recipient: "victim@example.org" },
  });
  expect((await post(`mailgun/${SECRET}`, replayed)).statusCode).toBe(401);
  expect((await post(`mailgun/${SECRET}`, body("t2", { age: 8 * 3600 }))).statusCode).toBe(200);
  expect((await post(`mailgun/${SECRET}`, body("t3", { age: 13 * 3600 }))).statusCode).toBe(401);
  expect((await post(`mailgun/${SECRET}`, body("t4", { age: -13 * 3600 }))).statusCode).toBe(401);
  expect((await post(`mailgun/${SECRET}`, body("t5", { key: "other" }))).statusCode).toBe(401);
  expect((await post(`mailgun/${SECRET}`, { "event-data": event })).statusCode).toBe(401);
  for (const { recipient } of stored()) expect(recipient).toBe("ann@example.org");
});

test("Resend's signature is that of Svix", async () => {
  const body = JSON.stringify({ type: "email.bounced", data: { email_id: "1", to: ["ann@example.org"] } });
  const headers = (at: Date) => ({
    "svix-id": "msg_1",
    "svix-timestamp": String(Math.floor(at.getTime() / 1000)),
    "svix-signature": new Webhook(SIGNING_SECRET).sign("msg_1", at, body),
  });
  expect((await post(`resend/${SECRET}`, body, headers(new Date()))).statusCode).toBe(200);
  expect((await post(`resend/${SECRET}`, `${body} `, headers(new Date()))).statusCode).toBe(401);
  expect((await post(`resend/${SECRET}`, body, headers(new Date(Date.now() - 3_600_000)))).statusCode).toBe(401);
  expect((await post(`resend/${SECRET}`, body)).statusCode).toBe(401);
});

test("a provider of one's own may sign with HMAC-SHA256", async () => {
  const body = JSON.stringify({ to: "ann@example.org", kind: "bounced", id: 1 });
  const mac = createHmac("sha256", "acme-key").update(body);
  const digest = mac.digest();
  for (const signature of [digest.toString("hex"), `sha256=${digest.toString("hex")}`, digest.toString("base64")])
    expect((await post(`acme/${SECRET}`, body, { "x-signature": signature })).statusCode).toBe(200);
  expect((await post(`acme/${SECRET}`, body, { "x-signature": "" })).statusCode).toBe(401);
  expect((await post(`acme/${SECRET}`, body)).statusCode).toBe(401);
});

const NOTIFICATION = {
  notificationType: "Bounce",
  mail: { messageId: "s1" },
  bounce: {
    bounceType: "Permanent",
    bounceSubType: "General",
    bouncedRecipients: [{ emailAddress: "ann@example.org" }],
  },
};
test("SES comes raw, or in an envelope that SNS signed", async () => {
  const asText = { "content-type": "text/plain; charset=UTF-8" };
  expect((await post(`ses/${SECRET}`, NOTIFICATION, asText)).json()).toMatchObject({ accepted: 1 });
  expect((await post(`ses-signed/${SECRET}`, NOTIFICATION, asText)).statusCode).toBe(401);
  const wrapped = {
    Type: "Notification",
    MessageId: "m1",
    TopicArn: "arn:aws:sns:eu-west-1:1:t",
    Message: JSON.stringify(NOTIFICATION),
    SignatureVersion: "2",
    Signature: "AAAA",
    SigningCertURL: "https://evil.test/c.pem",
  };
  expect((await post(`ses/${SECRET}`, wrapped, asText)).statusCode).toBe(401);
  expect(accepted).toHaveLength(1);
});

test("no secret is in the configuration that is shown", async () => {
  const { hideSecrets } = await import("../../src/machine/secrets.ts");
  const shown = JSON.stringify(hideSecrets(configFileSchema, file));
  for (const secret of [SECRET, SIGNING_SECRET, "mailgun-key", "acme-key", "pass word"])
    expect(shown).not.toContain(secret);
});
