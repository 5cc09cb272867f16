/**
 * The vocabulary between the format readers and classification: what arrived, in plain records.
 *
 * A reader writes down what the message says and nothing else. Whatever is inferred (a status from a reply code, a
 * reason from a subject) is the work of classification and is labelled there.
 */
import type { Action, SmtpCommand } from "../../event/smtp.ts";
import type { DiagnosticCode } from "../fields/diagnostic-code.ts";
import type { EnhancedStatus } from "../fields/enhanced-status.ts";

/** What the report says of one recipient. Every key is present; `null` means that it does not say. */
export interface RecipientReport {
  /** The address delivery was attempted to, e.g. after forwarding. Without type prefix and angle brackets. */
  readonly finalRecipient: string | null;
  /** The address the sender gave, RFC 3464 section 2.3.1 (or X-Failed-Recipients and the like). */
  readonly originalRecipient: string | null;
  readonly action: Action | null;
  readonly status: EnhancedStatus | null;
  /** From the diagnostic text: the basic reply code of the last reply, RFC 5321. */
  readonly replyCode: number | null;
  readonly diagnostic: DiagnosticCode | null;
  readonly smtpCommand: SmtpCommand | null;
  /** Host name or address, without type prefix. */
  readonly remoteMta: string | null;
  /** ISO 8601, UTC. */
  readonly lastAttemptDate: string | null;
  /** ISO 8601, UTC. */
  readonly willRetryUntil: string | null;
}

/** RFC 5965 and its registered extensions (RFC 6591, RFC 6652, RFC 6692). Strings as written, dates ISO 8601 UTC. */
export interface Feedback {
  readonly type: string | null;
  readonly userAgent: string | null;
  readonly version: string | null;
  readonly sourceIp: string | null;
  readonly arrivalDate: string | null;
  readonly reportingMta: string | null;
  readonly reportedDomain: readonly string[];
  readonly reportedUri: readonly string[];
  readonly incidents: number | null;
  readonly originalEnvelopeId: string | null;
  readonly originalMailFrom: string | null;
  readonly originalRcptTo: readonly string[];
  readonly authenticationResults: readonly string[];
  readonly authFailure: string | null;
  readonly deliveryResult: string | null;
  /** Fields that no RFC registers, lower-case name to value, e.g. DMARC and provider extensions. */
  readonly extensions: Readonly<Record<string, string>>;
}

/** The returned message, from wherever the report carries it. */
export interface OriginalMessage {
  readonly messageId: string | null;
  readonly from: string | null;
  readonly to: readonly string[];
  readonly subject: string | null;
  /** ISO 8601, UTC. */
  readonly date: string | null;
  readonly returnPath: string | null;
  readonly listId: string | null;
  readonly feedbackId: string | null;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  /** Every header of the original, lower-case name to decoded first value; events keep those in BOUNCED_KEEP_HEADERS. */
  readonly headers: ReadonlyMap<string, string>;
}

/** What kind of message a reader recognised. `delivery` covers failed to expanded: its recipients carry the action. */
export const REPORT_KINDS = [
  "delivery",
  "complaint",
  "unsubscribe",
  /** The opposite of a complaint. */
  "not_spam",
  /** A feedback report in which no recipient says anything: failed authentication, viruses and other types. */
  "feedback",
  /** About mail as a whole: DMARC, TLS and X-ARF reports. */
  "aggregate",
  "auto_reply",
  "challenge",
  "disposition",
  /** Our own sending system did not try, because the recipient is suppressed. */
  "not_sent",
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** What a format reader found in a message. */
export interface Report {
  readonly kind: ReportKind;
  readonly recipients: readonly RecipientReport[];
  readonly reportingMta: string | null;
  readonly receivedFromMta: string | null;
  readonly envelopeId: string | null;
  /** ISO 8601, UTC. */
  readonly arrivalDate: string | null;
  /** Who wrote the report: `postfix`, `exim`, `exchange`, … (docs/formats.md) or null. */
  readonly software: string | null;
  readonly feedback: Feedback | null;
  readonly original: OriginalMessage | null;
}
