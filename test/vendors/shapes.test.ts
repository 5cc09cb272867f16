import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { BouncedEvent } from "../../src/event/event.ts";
import { readMessage } from "../../src/core/read-message.ts";
import { codesFor } from "../../src/vendors/codes.ts";
import { mailgunEventOf } from "../../src/vendors/mailgun.ts";
import { postmarkRecordOf } from "../../src/vendors/postmark.ts";
import { sendgridEventOf } from "../../src/vendors/sendgrid.ts";
import { sesNotificationOf } from "../../src/vendors/ses.ts";
import { sparkpostEventOf } from "../../src/vendors/sparkpost.ts";
import { messageInputOf } from "../../src/sources/message-input.ts";
import { readSettingsOf } from "../../src/reading/read-settings.ts";
import { sampleEvent } from "../support/event.ts";

const settings = readSettingsOf(loadConfig({}));
const messages = globSync("fixtures/eml/*/*.eml").map((path) => messageInputOf(readFileSync(path), 262_144));
const events = (await Promise.all(messages.map((input) => readMessage(input, settings)))).flat();

/** With the codes that classification would give it. */
const sample = (changes: Partial<BouncedEvent> = {}): BouncedEvent => {
  const event = sampleEvent({ id: "e0123456789abcdef0123456789abcde", ...changes });
  const { severity, action, replyCode, status } = event;
  return { ...event, codes: codesFor(event.reason, { severity, action, replyCode, status }) };
};

const bounce = sample({
  returnPath: {
    address: "b+x@bounces.example.com",
    scheme: "signed",
    recipient: null,
    tag: "campaign-42",
    issuedAt: null,
  },
});
const block = sample({ severity: "block", reason: "ip_reputation" });
const delay = sample({
  kind: "delay",
  severity: "soft",
  reason: "connection_failed",
  action: "delayed",
  status: "4.4.1",
});
const complaint = sample({ kind: "complaint", severity: "complaint", reason: "complaint", action: null, status: null });

test("there are events to shape", () => expect(events.length).toBeGreaterThan(100));

test("no vendor's shape says of a feedback report without a complaint that the recipient complained", () => {
  const failed = events.filter(({ kind, severity }) => kind === "complaint" && severity !== "complaint");
  expect(failed.length).toBeGreaterThan(1);
  const shapes = [sendgridEventOf, sesNotificationOf, postmarkRecordOf, mailgunEventOf, sparkpostEventOf];
  for (const event of failed) {
    expect(event).toMatchObject({ severity: "info", advice: "ignore", fault: "none" });
    for (const shape of shapes) expect(shape({ ...event, authenticity: "proven" })).toBeNull();
  }
});

test("only what is hard makes a consumer of any vendor drop the address", () => {
  for (const event of events) {
    if (event.severity === "hard" || event.severity === "complaint" || event.reason === "not_attempted") continue;
    expect(sendgridEventOf(event)?.["type"]).not.toBe("bounce");
    expect(JSON.stringify(sesNotificationOf(event) ?? {})).not.toContain('"Permanent"');
    expect(postmarkRecordOf(event)?.["Inactive"] ?? false).toBe(false);
    expect(postmarkRecordOf(event)?.["Type"]).not.toBe("HardBounce");
    if (mailgunEventOf(event)?.["reason"] === "bounce") expect(mailgunEventOf(event)?.["severity"]).toBe("temporary");
    const sparkpost = Object.values(sparkpostEventOf(event)?.msys ?? {})[0];
    if (event.kind !== "complaint") expect(["10", "30", "90"]).not.toContain(sparkpost?.["bounce_class"]);
  }
});

test("a delay is a bounce nowhere", () => {
  expect(sendgridEventOf(delay)).toMatchObject({ event: "deferred" });
  expect(sesNotificationOf(delay)).toMatchObject({
    eventType: "DeliveryDelay",
    deliveryDelay: { delayType: "TransientCommunicationFailure" },
  });
  expect(postmarkRecordOf(delay)).toMatchObject({ Type: "Transient", TypeCode: 2, Inactive: false });
  expect(mailgunEventOf(delay)).toMatchObject({ event: "failed", severity: "temporary", "log-level": "warn" });
  expect(sparkpostEventOf(delay)).toMatchObject({ msys: { message_event: { type: "delay" } } });
});

test("types are each vendor's own", () => {
  for (const event of events) {
    const sparkpost = Object.values(sparkpostEventOf(event)?.msys ?? {})[0] ?? {};
    for (const [name, value] of Object.entries(sparkpost))
      if (name !== "rcpt_meta" && name !== "rcpt_tags") expect(typeof value, name).toBe("string");
    const sendgrid = sendgridEventOf(event);
    if (sendgrid) expect(Number.isInteger(sendgrid["timestamp"])).toBe(true);
    const postmark = postmarkRecordOf(event);
    if (postmark) expect(Number.isSafeInteger(postmark["ID"])).toBe(true);
  }
});

test("nothing the report did not carry is invented", () => {
  const bare = sample({
    status: null,
    derivedStatus: "5.1.1",
    replyCode: null,
    diagnostic: null,
    remoteMta: null,
  });
  expect(sendgridEventOf(bare)).toMatchObject({ status: "", reason: "", bounced_derived_status: "5.1.1" });
  expect(sesNotificationOf(bare)).toMatchObject({
    bounce: { bouncedRecipients: [{ emailAddress: "user@example.org", action: "failed" }] },
  });
  expect(mailgunEventOf(bare)?.["delivery-status"]).toEqual({ message: "", description: "", "bounce-type": "hard" });
  expect(postmarkRecordOf(bare)).toMatchObject({ Details: "" });
});

test("one bounce in every shape", () => {
  expect(sendgridEventOf(bounce)).toMatchObject({
    email: "user@example.org",
    event: "bounce",
    type: "bounce",
    reason: "550 5.1.1 No such user",
    status: "5.1.1",
    sg_event_id: bounce.id,
    sg_message_id: "campaign-42",
    category: ["campaign-42"],
  });
  expect(sesNotificationOf(bounce)).toMatchObject({
    notificationType: "Bounce",
    bounce: { bounceType: "Permanent", bounceSubType: "General", feedbackId: bounce.id },
    mail: { destination: ["user@example.org"], messageId: "campaign-42" },
  });
  expect(postmarkRecordOf(bounce)).toMatchObject({
    RecordType: "Bounce",
    Type: "HardBounce",
    TypeCode: 1,
    Inactive: true,
    Details: "smtp;550 5.1.1 No such user",
  });
  expect(mailgunEventOf(bounce)).toMatchObject({
    event: "failed",
    severity: "permanent",
    reason: "bounce",
    flags: { "is-delayed-bounce": true },
    "delivery-status": { code: 550, "enhanced-code": "5.1.1" },
  });
  expect(sparkpostEventOf(bounce)?.msys["message_event"]).toMatchObject({
    type: "out_of_band",
    bounce_class: "10",
    error_code: "550",
  });
});

test("a block and a complaint", () => {
  expect(sendgridEventOf(block)).toMatchObject({
    event: "bounce",
    type: "blocked",
    bounce_classification: "Reputation",
  });
  expect(postmarkRecordOf(block)).toMatchObject({ Type: "Blocked", TypeCode: 100_006, Inactive: false });
  expect(sendgridEventOf(complaint)).toMatchObject({ event: "spamreport" });
  expect(postmarkRecordOf(complaint)).toMatchObject({ RecordType: "SpamComplaint", TypeCode: 100_001, Inactive: true });
  expect(mailgunEventOf(complaint)).toMatchObject({ event: "complained" });
  expect(sparkpostEventOf(complaint)).toMatchObject({ msys: { message_event: { type: "spam_complaint" } } });
});
