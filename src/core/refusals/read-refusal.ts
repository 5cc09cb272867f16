/**
 * A reported refusal -> its event, by the way that every report takes. It came with a token of ours or through our own
 * Redis, so it is about mail that we sent: no proof is looked for in it.
 */
import type { BouncedEvent } from "../../event/event.ts";
import { eventsOf } from "../events/events-of.ts";
import { parseDate } from "../fields/date.ts";
import { parseDiagnosticCode } from "../fields/diagnostic-code.ts";
import { findEnhancedStatus } from "../fields/enhanced-status.ts";
import { findRemoteMta, parseMta } from "../fields/remote-mta.ts";
import { findReplyCode } from "../fields/reply-code.ts";
import { findSmtpCommand } from "../fields/smtp-command.ts";
import { isAction } from "../../event/smtp.ts";
import type { Mail } from "../mime/mail.ts";
import type { MessageInput } from "../events/message-input.ts";
import type { ReadSettings } from "../events/read-settings.ts";
import { feedbackKind } from "../formats/complaints/feedback-kind.ts";
import { blankFeedback, blankReport } from "../report/blank-recipient.ts";
import type { Feedback, OriginalMessage, RecipientReport, Report } from "../report/report.ts";
import type { EnhancedStatus } from "../fields/enhanced-status.ts";
import { readReturnPath } from "../../return-path/read.ts";
import type { Trust } from "../trust/judge.ts";
import { concludeAction } from "./action.ts";
import { refusalEventId } from "./identity.ts";
import { reportedRefusalSchema, type ReportedRefusal } from "./refusal.ts";

/** `format` of these events; no format of mail has this name. */
export const REFUSAL_FORMAT = "smtp";

/** Null for octets that are none: only we write them, so that is a fault of ours. */
export function readReportedRefusal(input: MessageInput, settings: ReadSettings): readonly BouncedEvent[] | null {
  const refusal = parseRefusal(input.octets);
  if (!refusal) return null;
  const id = refusalEventId(refusal);
  const trust = input.known?.eventId === id ? input.known.trust : trustOf(refusal, settings, input.receivedAt);
  const mail: Mail = { headers: [], text: "", html: "", parts: [], inner: null, raw: input.octets, warnings: [] };
  const events = eventsOf({
    input: { ...input, known: { eventId: id, trust } },
    settings,
    mail,
    reading: { format: REFUSAL_FORMAT, report: reportOf(refusal), warnings: [], mail },
    warnings: [],
    isDoubtful: (refusal.among ?? 1) > 1,
  });
  return events.map((event) => ({ ...event, queueId: refusal.queueId ?? null, given: refusal.given ?? null }));
}

function parseRefusal(octets: Uint8Array): ReportedRefusal | null {
  try {
    return reportedRefusalSchema.safeParse(JSON.parse(new TextDecoder().decode(octets))).data ?? null;
  } catch {
    return null;
  }
}

function trustOf(
  { recipient, originalRecipient, returnPath, tag }: ReportedRefusal,
  settings: ReadSettings,
  receivedAt: string | null,
): Trust {
  const reading = readReturnPath(returnPath ?? null, settings.returnPath, receivedAt);
  const path = reading ?? { address: "", scheme: "plain" as const, recipient: null, tag: null, issuedAt: null };
  return {
    authenticity: "proven",
    proof: "sender",
    mailed: originalRecipient ?? recipient,
    path: reading === null && tag === undefined ? null : { ...path, tag: tag ?? path.tag },
    warnings: [],
  };
}

const reportOf = (refusal: ReportedRefusal): Report => ({
  ...blankReport,
  kind: reportKindOf(refusal),
  recipients: [recipientOf(refusal)],
  feedback: refusal.action === "complained" ? feedbackOf(refusal) : null,
  reportingMta: refusal.reportingMta ?? null,
  software: refusal.software ?? null,
  original: originalOf(refusal),
});

function reportKindOf({ action, feedbackType }: ReportedRefusal): Report["kind"] {
  if (action === "complained") return feedbackKind(feedbackType ?? null);
  if (action === "unsubscribed") return "unsubscribe";
  return action === "not_sent" ? "not_sent" : "delivery";
}

const feedbackOf = ({ feedbackType, recipient }: ReportedRefusal): Feedback => ({
  ...blankFeedback,
  type: feedbackType ?? null,
  originalRcptTo: [recipient],
});

function recipientOf(refusal: ReportedRefusal): RecipientReport {
  const { recipient, originalRecipient, reply, diagnostic: written, remoteMta, smtpCommand, at } = refusal;
  const diagnostic = parseDiagnosticCode(written ?? (reply === undefined ? "" : `smtp; ${reply}`));
  const text = diagnostic?.text ?? "";
  const action = concludeAction(refusal);
  return {
    finalRecipient: recipient,
    originalRecipient: originalRecipient ?? null,
    action: isAction(action) ? action : null,
    status: (refusal.status as EnhancedStatus | undefined) ?? findEnhancedStatus(text),
    replyCode: refusal.replyCode ?? findReplyCode(text),
    diagnostic,
    smtpCommand: smtpCommand ?? findSmtpCommand(text),
    remoteMta: remoteMta === undefined ? findRemoteMta(text) : parseMta(remoteMta),
    lastAttemptDate: at ?? null,
    willRetryUntil: null,
  };
}

function originalOf({ messageId, returnPath, headers = {} }: ReportedRefusal): OriginalMessage {
  const fields = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const field = (name: string): string | null => fields.get(name) ?? null;
  const date = field("date");
  const to = field("to");
  return {
    messageId: messageId ?? field("message-id"),
    from: field("from"),
    to: to === null ? [] : [to],
    subject: field("subject"),
    date: date && parseDate(date),
    returnPath: returnPath ?? null,
    listId: field("list-id"),
    feedbackId: field("feedback-id"),
    inReplyTo: field("in-reply-to"),
    references: [],
    headers: fields,
  };
}
