/** The event we emit, schema `bounced.event/1`. JSON Schema and types are derived from the one schema here. */
import { z } from "zod";
import { ACTIONS, SMTP_COMMANDS } from "./smtp.ts";

export const EVENT_SCHEMA = "bounced.event/1";

export const EVENT_KINDS = [
  "bounce",
  "delay",
  "delivery",
  "relay",
  "expansion",
  "complaint",
  "not_spam",
  "feedback",
  "auto_reply",
  "challenge",
  "disposition",
  "not_sent",
  "unrecognized",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const SEVERITIES = ["hard", "soft", "block", "complaint", "info", "unknown"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const FAULTS = ["recipient", "recipient_policy", "sender", "content", "remote", "none", "unknown"] as const;
export type Fault = (typeof FAULTS)[number];

export const ADVICES = ["suppress", "retry", "wait", "fix_content", "fix_auth", "ignore", "investigate"] as const;
export type Advice = (typeof ADVICES)[number];

export const RETURN_PATH_SCHEMES = ["signed", "verp", "batv", "srs", "plain", "token"] as const;
export type ReturnPathScheme = (typeof RETURN_PATH_SCHEMES)[number];

export const AUTHENTICITIES = ["proven", "likely", "unproven", "forged"] as const;
export type Authenticity = (typeof AUTHENTICITIES)[number];

/**
 * What makes an event credible: it came to a return path of ours, quotes one, a token or a signature of ours, or came to
 * one that is bound to nobody; `shared_dkim`: a signature of ours that does not bind the recipient, in a report that his
 * own provider or a server of ours vouches for; `sender`: our own sending system reported it.
 */
export const PROOF_KINDS = [
  "return_path",
  "token",
  "dkim",
  "quoted_path",
  "shared_path",
  "shared_dkim",
  "sender",
] as const;
export type ProofKind = (typeof PROOF_KINDS)[number];

/**
 * What was checked of the report itself: our signature in the header that it returns, the server of ours that brought
 * it, its own DKIM signature and ARC chain, SPF of the host that brought it, and whether that host is the one it names.
 */
export const SIGNAL_CHECKS = ["own_signature", "reporter", "dkim", "arc", "spf", "host", "provider"] as const;
export type SignalCheck = (typeof SIGNAL_CHECKS)[number];

/** `unknown`: there was no answer in time, or too much to check. */
export const SIGNAL_RESULTS = ["pass", "fail", "none", "unknown"] as const;

/** taxonomy of what went wrong; the table with severity, fault and advice of each is classify/reasons.ts */
export const REASONS = [
  "mailbox_unknown",
  "domain_unknown",
  "domain_no_mail",
  "address_syntax",
  "address_moved",
  "owner_changed",
  "mailbox_disabled",
  "mailbox_full",
  "recipient_other",
  "recipient_restricted",
  "sender_rejected",
  "auth_failed",
  "dns_misconfigured",
  "relay_denied",
  "credentials",
  "account_limited",
  "not_attempted",
  "ip_reputation",
  "domain_reputation",
  "spam_content",
  "virus",
  "attachment_blocked",
  "policy",
  "rate_limited",
  "greylisted",
  "challenge_response",
  "message_too_large",
  "content_invalid",
  "i18n_unsupported",
  "protocol_error",
  "too_many_recipients",
  "security_required",
  "connection_failed",
  "dns_failure",
  "routing_error",
  "routing_loop",
  "expired",
  "system_full",
  "system_unavailable",
  "system_error",
  "complaint",
  "unsubscribe",
  "auto_reply",
  "other_info",
  "delivered",
  "unknown",
] as const;
export type Reason = (typeof REASONS)[number];

const text = z.string();
const textOrNull = z.string().nullable();
/** ISO 8601, UTC, as `Date.prototype.toISOString` writes it. */
const instantOrNull = z.iso.datetime().nullable();
const status = z.string().regex(/^[245]\.\d{1,3}\.\d{1,3}$/);

export const evidenceSchema = z.object({
  /** What kind of evidence decided. */
  source: z.enum([
    "user_rule",
    "provider_rule",
    "fact",
    // In events of earlier versions, where `fact` stands now.
    "text_rule",
    "status",
    "reply_code",
    "action",
    "kind",
    "model",
    "none",
  ]),
  /** Rule id, e.g. `google/no-such-user`, or the registry row, e.g. `iana/5.1.1`. */
  rule: textOrNull,
  /** The words that matched, as they stand in the diagnostic. */
  text: textOrNull,
  status: textOrNull,
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const codesSchema = z.object({
  failureCode: z.number().int(),
  sendgrid: textOrNull,
  ses: textOrNull,
  postmark: textOrNull,
  mailgun: textOrNull,
  sparkpost: z.number().int().nullable(),
  powermta: textOrNull,
  kumomta: textOrNull,
  sisimai: textOrNull,
});
export type Codes = z.infer<typeof codesSchema>;

const feedbackSchema = z.object({
  type: textOrNull,
  userAgent: textOrNull,
  version: textOrNull,
  sourceIp: textOrNull,
  arrivalDate: instantOrNull,
  reportingMta: textOrNull,
  reportedDomain: z.array(text),
  reportedUri: z.array(text),
  incidents: z.number().int().nullable(),
  originalEnvelopeId: textOrNull,
  originalMailFrom: textOrNull,
  originalRcptTo: z.array(text),
  authenticationResults: z.array(text),
  authFailure: textOrNull,
  deliveryResult: textOrNull,
  extensions: z.record(text, text),
});

export const reportSignalSchema = z.object({
  check: z.enum(SIGNAL_CHECKS),
  result: z.enum(SIGNAL_RESULTS),
  /** Whose signature or record it is, or the host. */
  domain: textOrNull,
  /** Of `own_signature`: a digest of it. Of the others: what a person wants to know. */
  detail: textOrNull,
});
export type ReportSignal = z.infer<typeof reportSignalSchema>;

export const eventSchema = z.object({
  schema: z.literal(EVENT_SCHEMA),
  /** Deterministic: same message and same recipient give the same id on every machine. */
  id: text,
  kind: z.enum(EVENT_KINDS),
  severity: z.enum(SEVERITIES),
  reason: z.enum(REASONS),
  secondaryReason: z.enum(REASONS).nullable(),
  fault: z.enum(FAULTS),
  advice: z.enum(ADVICES),
  /** Two plain sentences for a person: what happened, what to do. */
  explanation: text,
  confidence: z.number().min(0).max(1),
  evidence: z.array(evidenceSchema),
  recipient: z.object({
    /** Whom we wrote to: the address that any action is about. */
    mailed: textOrNull,
    /** Who failed, as the report says: behind a forwarding another address than `mailed`. */
    address: textOrNull,
    original: textOrNull,
    domain: textOrNull,
  }),
  action: z.enum(ACTIONS).nullable(),
  /** As read; null if the message gave none. */
  status: status.nullable(),
  /** From the diagnostic or the reason, when status is missing or only x.0.0. */
  derivedStatus: status.nullable(),
  replyCode: z.number().int().min(100).max(999).nullable(),
  diagnostic: z.object({ type: text, text }).nullable(),
  smtpCommand: z.enum(SMTP_COMMANDS).nullable(),
  reportingMta: textOrNull,
  remoteMta: textOrNull,
  receivedFromMta: textOrNull,
  /**
   * Of a recipient's domain that does not exist or takes no mail and is one edit from a common one: `gmail.com` for
   * `gmial.com`. For a person to decide about: nothing is corrected by itself.
   */
  suggestion: textOrNull.default(null),
  /** What an automatic reply says, else null. The words of whoever wrote it: nothing acts on them alone. */
  answer: z
    .object({
      /** `2026-01-05`: the day of return, else the last day of the absence. */
      until: z.iso.date().nullable(),
      /** Address of who takes over, or the new one of who wrote. */
      successor: textOrNull,
    })
    .nullable()
    .default(null),
  /** Who refused: mailbox provider or security gateway. */
  provider: textOrNull,
  /** Who wrote the report. */
  software: textOrNull,
  /** Which format reader read it; `none` for `unrecognized`. */
  format: text,
  arrivalDate: instantOrNull,
  lastAttemptDate: instantOrNull,
  willRetryUntil: instantOrNull,
  envelopeId: textOrNull,
  /** Of a reported refusal: the sending MTA's or provider's id of the mail. */
  queueId: textOrNull.default(null),
  /** What a sending provider that reported it calls it, in its own words; the verdict is ours. */
  given: z.object({ source: text, label: text }).nullable().default(null),
  original: z.object({
    messageId: textOrNull,
    from: textOrNull,
    to: z.array(text),
    subject: textOrNull,
    date: instantOrNull,
    returnPath: textOrNull,
    listId: textOrNull,
    feedbackId: textOrNull,
    inReplyTo: textOrNull,
    references: z.array(text),
    /** Those named in BOUNCED_KEEP_HEADERS, lower-case name to decoded value. */
    headers: z.record(text, text),
  }),
  returnPath: z
    .object({
      address: text,
      scheme: z.enum(RETURN_PATH_SCHEMES),
      recipient: textOrNull,
      tag: textOrNull,
      issuedAt: instantOrNull,
    })
    .nullable(),
  authenticity: z.enum(AUTHENTICITIES),
  /** Null where nothing makes it credible. */
  proof: z.enum(PROOF_KINDS).nullable(),
  /** What else speaks for the report or against it; empty where it was not asked. None of them is a proof alone. */
  signals: z.array(reportSignalSchema).default([]),
  feedback: feedbackSchema.nullable(),
  codes: codesSchema,
  message: z.object({
    receivedAt: instantOrNull,
    from: textOrNull,
    subject: textOrNull,
    messageId: textOrNull,
    date: instantOrNull,
    /** Octets of the whole message with CRLF line ends, before the head was cut. */
    size: z.number().int(),
    /** Hex, over the whole message in canonical form (docs/events.md). */
    sha256: text,
    envelope: z.object({ reversePath: textOrNull, forwardPath: textOrNull }),
    remoteAddress: textOrNull,
    /** True when only the first BOUNCED_KEEP_BYTES were read. */
    truncated: z.boolean(),
  }),
  warnings: z.array(z.object({ code: text, field: text.optional(), value: text.optional() })),
});

export type BouncedEvent = z.infer<typeof eventSchema>;

/** JSON Schema (draft 2020-12) of one event. */
export const eventJsonSchema = () => z.toJSONSchema(eventSchema, { target: "draft-2020-12" });
