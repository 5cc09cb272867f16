import { createHmac, generateKeyPairSync } from "node:crypto";
import { EventWebhook } from "@sendgrid/eventwebhook";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import type { BouncedEvent } from "../../src/event/event.ts";
import { codesFor } from "../../src/vendors/codes.ts";
import { webhookRequestOf } from "../../src/outputs/webhook-request.ts";
import { webhooksSchema, type WebhookShape } from "../../src/outputs/webhook-settings.ts";
import { sampleEvent } from "../support/event.ts";

const pair = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "der" },
});
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const now = new Date();
const base = sampleEvent({ id: "e0123456789abcdef0123456789abcde" });
const event = { ...base, codes: codesFor(base.reason, { severity: base.severity, status: base.status }) };

function endpoint(shape: WebhookShape, secret = SECRET) {
  const [parsed] = webhooksSchema.parse([{ id: "crm", url: "https://crm.example.com/hook", shape, secret }]);
  if (!parsed) throw new Error("no endpoint");
  return parsed;
}

test("native: the receiver's Standard Webhooks library verifies it", () => {
  const request = webhookRequestOf(endpoint("native"), [event], now);
  const verified = new Webhook(SECRET).verify(request?.body ?? "", request?.headers ?? {});
  expect(verified).toMatchObject({ type: "bounce.mailbox_unknown", data: { id: event.id } });
  expect(() => new Webhook(SECRET).verify(`${request?.body} `, request?.headers ?? {})).toThrow();
});

test("sendgrid: the vendor's own library verifies it", () => {
  const request = webhookRequestOf(endpoint("sendgrid", pair.privateKey.toString("base64")), [event, event], now);
  const library = new EventWebhook();
  const key = library.convertPublicKeyToECDSA(pair.publicKey.toString("base64"));
  const signature = request?.headers["x-twilio-email-event-webhook-signature"] ?? "";
  const timestamp = request?.headers["x-twilio-email-event-webhook-timestamp"] ?? "";
  expect(library.verifySignature(key, request?.body ?? "", signature, timestamp)).toBe(true);
  expect(library.verifySignature(key, `${request?.body} `, signature, timestamp)).toBe(false);
  expect(JSON.parse(request?.body ?? "")).toHaveLength(2);
});

test("mailgun: HMAC over timestamp and token", () => {
  const { signature, "event-data": data } = JSON.parse(
    webhookRequestOf(endpoint("mailgun"), [event], now)?.body ?? "",
  ) as {
    signature: { timestamp: string; token: string; signature: string };
    "event-data": unknown;
  };
  const expected = createHmac("sha256", SECRET)
    .update(signature.timestamp + signature.token)
    .digest("hex");
  expect(signature.signature).toBe(expected);
  expect(signature.token).toHaveLength(50);
  expect(data).toMatchObject({ event: "failed" });
});

test("ses: an SNS envelope with the notification as a string", () => {
  const request = webhookRequestOf(endpoint("ses"), [event], now);
  const envelope = JSON.parse(request?.body ?? "") as { Type: string; Message: string };
  expect(request?.headers).toMatchObject({
    "x-amz-sns-message-type": "Notification",
    "content-type": "text/plain; charset=utf-8",
  });
  expect(JSON.parse(envelope.Message)).toMatchObject({ notificationType: "Bounce" });
});

test("note: text and HTML, with what came from the mail escaped", () => {
  const hostile = { ...event, original: { ...event.original, subject: "<script>alert(1)</script>" } };
  const note = JSON.parse(webhookRequestOf(endpoint("note"), [hostile], now)?.body ?? "") as {
    text: string;
    html: string;
  };
  expect(note.text).toContain("could not be delivered to user@example.org");
  expect(note.html).not.toContain("<script>");
  expect(note.html).toContain("&lt;script&gt;");
});

test("cloudevents: structured mode, signed, with the whole event", () => {
  const request = webhookRequestOf(endpoint("cloudevents"), [event], now);
  expect(request?.headers["content-type"]).toBe("application/cloudevents+json; charset=utf-8");
  expect(new Webhook(SECRET).verify(request?.body ?? "", request?.headers ?? {})).toEqual({
    specversion: "1.0",
    id: event.id,
    source: "urn:bounced:bounces.example.com",
    type: "com.bounced.bounce.mailbox_unknown",
    subject: event.recipient.mailed,
    time: event.message.receivedAt,
    datacontenttype: "application/json",
    dataschema: "urn:schema:bounced.event/1",
    data: JSON.parse(JSON.stringify(event)),
  });
  const nobody = {
    ...event,
    recipient: { mailed: null, address: null, original: null, domain: null },
    returnPath: null,
  };
  const bare = JSON.parse(webhookRequestOf(endpoint("cloudevents"), [nobody], now)?.body ?? "") as object;
  expect(bare).not.toHaveProperty("subject");
});

describe("listmonk", () => {
  const CAMPAIGN = "9f86d081-884c-4d63-a1a0-d2f4f3f0a111";
  const bodyOf = (changes: Partial<BouncedEvent>) => {
    const request = webhookRequestOf(endpoint("listmonk"), [{ ...event, ...changes }], now);
    return request && (JSON.parse(request.body) as Record<string, string>);
  };

  test("a hard bounce of a campaign, with what decided", () => {
    const original = {
      ...event.original,
      headers: { "x-listmonk-campaign": CAMPAIGN, "x-listmonk-subscriber": "no uuid" },
    };
    const body = bodyOf({ original });
    expect(body).toEqual({
      email: event.recipient.mailed,
      campaign_uuid: CAMPAIGN,
      source: "bounced",
      type: "hard",
      meta: expect.any(String) as string,
    });
    expect(JSON.parse(body?.["meta"] ?? "")).toMatchObject({ bounced_id: event.id, bounced_reason: "mailbox_unknown" });
  });

  test.each([
    ["soft", { severity: "soft", reason: "mailbox_full" }, "soft"],
    ["a complaint", { kind: "complaint", severity: "complaint", reason: "complaint" }, "complaint"],
    ["a block", { severity: "block", reason: "spam_content" }, undefined],
    ["an unsubscribe", { kind: "complaint", severity: "complaint", reason: "unsubscribe" }, undefined],
    ["a delay", { kind: "delay" }, undefined],
    ["unproven", { authenticity: "unproven" }, undefined],
  ] as const)("%s", (_, changes, type) => {
    expect(bodyOf(changes)?.["type"]).toBe(type);
  });
});

test("a vendor without such an event is sent nothing", () => {
  const reply = sampleEvent({ kind: "auto_reply", reason: "auto_reply", severity: "info" });
  expect(webhookRequestOf(endpoint("sparkpost"), [reply], now)).toBeNull();
});

test.each([
  [{ id: "A b", url: "https://x.example", secret: SECRET }, "short name"],
  [{ id: "a", url: "ftp://x.example", secret: SECRET }, "https://"],
  [{ id: "a", url: "http://x.example", secret: SECRET }, "allowPrivate"],
  [{ id: "a", url: "https://x.example", secret: "short" }, "16 characters"],
  [{ id: "a", url: "https://x.example", secret: SECRET, filter: { severity: "hrad" } }, "expected"],
])("a wrong endpoint is refused: %j", (settings, words) => {
  const parsed = webhooksSchema.safeParse([settings]);
  expect(parsed.success).toBe(false);
  expect(JSON.stringify(parsed.error?.issues)).toContain(words);
});
