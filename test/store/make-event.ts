/** Events for tests of what comes after classification. */
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { eventSchema, type BouncedEvent } from "../../src/event/event.ts";
import type { RecordedMessage } from "../../src/queues/payloads.ts";

export type EventChanges = { readonly [K in keyof BouncedEvent]?: BouncedEvent[K] } & {
  readonly address?: string | null;
  readonly at?: number;
};

/** A hard bounce of user@example.org on 2026-03-01, with what is given changed. The message differs with the time. */
export function makeEvent({
  address = "user@example.org",
  at = Date.UTC(2026, 2, 1, 11),
  ...changes
}: EventChanges = {}) {
  const receivedAt = new Date(at).toISOString();
  const sha256 = changes.message?.sha256 ?? createHash("sha256").update(`${receivedAt} ${address}`).digest("hex");
  return eventSchema.parse({
    schema: "bounced.event/1",
    id: createHash("sha256").update(`${sha256} ${address}`).digest("hex").slice(0, 32),
    kind: "bounce",
    severity: "hard",
    reason: "mailbox_unknown",
    secondaryReason: null,
    fault: "recipient",
    advice: "suppress",
    explanation: "The mailbox does not exist. Take the address off your lists.",
    confidence: 0.98,
    evidence: [{ source: "fact", rule: "fact/address-unknown", text: "User unknown", status: "5.1.1" }],
    recipient: { mailed: address, address, original: null, domain: address?.split("@")[1] ?? null },
    action: "failed",
    status: "5.1.1",
    derivedStatus: "5.1.1",
    replyCode: 550,
    diagnostic: { type: "smtp", text: "550 5.1.1 User unknown" },
    smtpCommand: "RCPT",
    reportingMta: "mx1.sender.example",
    remoteMta: "mx.example.org",
    receivedFromMta: null,
    provider: null,
    software: "postfix",
    format: "rfc3464",
    arrivalDate: null,
    lastAttemptDate: null,
    willRetryUntil: null,
    envelopeId: null,
    original: {
      messageId: "<1@sender.example>",
      from: "News <news@sender.example>",
      to: [address ?? "nobody@example.org"],
      subject: "Spring offers",
      date: null,
      returnPath: "b+1@bounces.example.com",
      listId: null,
      feedbackId: null,
      inReplyTo: null,
      references: [],
      headers: { "x-api-data": "order-7" },
    },
    returnPath: {
      address: "b+1@bounces.example.com",
      scheme: "signed",
      recipient: null,
      tag: "spring",
      issuedAt: null,
    },
    authenticity: "proven",
    proof: "return_path",
    feedback: null,
    codes: {
      failureCode: 2001,
      sendgrid: "invalid",
      ses: "Permanent/NoEmail",
      postmark: "HardBounce",
      mailgun: "bounce",
      sparkpost: 10,
      powermta: "bad-mailbox",
      kumomta: "InvalidRecipient",
      sisimai: "userunknown",
    },
    message: {
      receivedAt,
      from: "MAILER-DAEMON@mx1.sender.example",
      subject: "Undelivered Mail Returned to Sender",
      messageId: "<2@mx1.sender.example>",
      date: null,
      size: 2000,
      sha256,
      envelope: { reversePath: "", forwardPath: "b+1@bounces.example.com" },
      remoteAddress: "192.0.2.1",
      truncated: false,
    },
    warnings: [],
    ...changes,
  });
}

/** A message with these events, as the log gets it. */
export const jobOf = (events: readonly BouncedEvent[], raw: string | null = null): RecordedMessage => ({
  events,
  raw: raw === null ? null : deflateSync(raw).toString("base64"),
});
