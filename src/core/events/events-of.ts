/**
 * Report + verdict + trust -> events; every text of mail origin is cleaned here or in message-facts.ts. Two things are
 * concluded here: the kind, from the kind of report and its action, and the address where the report names nobody, from
 * a return path that was made for one. A copy for the postmaster or a report that is cut off lowers what the verdict is
 * worth.
 */
import { classifyAndExplain, type ExplainedVerdict } from "../classify/explained-verdict.ts";
import { parseAddressList } from "../fields/address.ts";
import { cleanText } from "../fields/clean-text.ts";
import { asciiDomainOf } from "../../addresses/domain.ts";
import { eventId } from "../../event/event-id.ts";
import { EVENT_SCHEMA, type BouncedEvent, type EventKind } from "../../event/event.ts";
import { blankRecipient } from "../report/blank-recipient.ts";
import type { FormatReading } from "../formats/index.ts";
import type { Mail } from "../mime/mail.ts";
import { mergeRecipients } from "../report/merge-recipients.ts";
import type { MessageInput } from "./message-input.ts";
import { feedbackOf, messageFacts, originalOf, warningOf } from "./message-facts.ts";
import { ownNotice } from "../report/own-notice.ts";
import { postmasterCopy } from "./postmaster-copy.ts";
import type { ReadSettings } from "./read-settings.ts";
import { readReturnPath } from "../../return-path/read.ts";
import type { RecipientReport, Report } from "../report/report.ts";
import type { Warning } from "../fields/warning.ts";
import type { Action } from "../../event/smtp.ts";
import { trusted } from "../trust/trusted-verdict.ts";
import type { ShownPath } from "../trust/proofs.ts";
import type { SignedMail } from "../proof/dkim/verify.ts";
import { shownFields } from "../proof/marks.ts";
import { readAbsence } from "../formats/answers/absence.ts";
import { parseDate } from "../fields/date.ts";
import { headerOf } from "../mime/mail.ts";
import { signalsOf } from "./report-signals.ts";
import { suggestionFor } from "./suggest-domain.ts";
import { judgeReport, type NamedRecipient, type Trust } from "../trust/judge.ts";

export interface ReadParts {
  readonly input: MessageInput;
  readonly settings: ReadSettings;
  /** null: the message could not be parsed. */
  readonly mail: Mail | null;
  /** null: no format knew it. */
  readonly reading: FormatReading | null;
  readonly warnings: readonly Warning[];
  /** Signatures of ours in the returned header. */
  readonly signed?: readonly SignedMail[];
  /** It names recipients whom it may not be about. */
  readonly isDoubtful?: boolean;
}

/** How much of the human text classification gets to see. */
const PROSE_LENGTH = 4000;

/** Of a verdict on a report that is cut off: less than the suppression list asks for. */
const CUT_CONFIDENCE = 0.5;

/** At least one event. Ids depend on the message and the recipient alone. */
export function eventsOf(parts: ReadParts): readonly BouncedEvent[] {
  const report = parts.reading?.report ?? null;
  const { input, settings } = parts;
  const merged = mergeRecipients(report?.recipients ?? [], input.envelope.forwardPath);
  const recipients = merged.recipients.length > 0 ? merged.recipients : [blankRecipient];
  const read = [...parts.warnings, ...(parts.reading?.warnings ?? []), ...merged.warnings];
  const copy = postmasterCopy(parts.mail);
  const warnings = [...read, ...ownNotice(parts.mail, report), ...copy];
  const signals = signalsOf(parts);
  const shared: Shared = {
    message: messageFacts(parts),
    original: originalOf(report?.original ?? null, settings.keepHeaders),
    feedback: report?.feedback ? feedbackOf(report.feedback) : null,
    warnings: warnings.map(warningOf),
    signals,
    answer: report?.kind === "auto_reply" ? answerOf(parts, report) : null,
    isDoubtful: parts.isDoubtful === true || copy.length > 0 || isCutInside(parts.mail, report),
  };
  const returnPath = readReturnPath(input.envelope.forwardPath, settings.returnPath, input.receivedAt);
  const trust = judgeReport(
    {
      returnPath,
      original: report?.original ?? null,
      shown: parts.reading ? shownFields(parts.reading.report, parts.reading.mail) : [],
      signed: parts.signed ?? [],
      report: signals,
      receivedAt: input.receivedAt,
      settings: settings.returnPath,
    },
    report?.kind === "unsubscribe" && report.feedback === null ? recipients.map(writerOf) : recipients,
  );
  return recipients.map((recipient, at) => eventOf(parts, report, recipient, recipients.length, shared, trust[at]!));
}

/** Of the message, the same for all its recipients: worked out once, and one object in all events. */
interface Shared extends Pick<BouncedEvent, "message" | "original" | "feedback" | "signals" | "warnings" | "answer"> {
  /** What is not said, or said to somebody else, suppresses nobody. */
  readonly isDoubtful: boolean;
}

function eventOf(
  { input, settings, reading }: ReadParts,
  report: Report | null,
  recipient: RecipientReport,
  recipientCount: number,
  shared: Shared,
  judged: Trust,
): BouncedEvent {
  const reported = cleanText(recipient.finalRecipient ?? recipient.originalRecipient, 320);
  // Of what the report names: keys come and go, and the id stays.
  const id = eventId(input.sha256, reported);
  const trust = input.known?.eventId === id ? input.known.trust : judged;
  // Where the report names nobody, the address it came to may, or a mark of ours in it.
  const address = reported ?? cleanText(trust.path?.recipient ?? null, 320);
  const domain = asciiDomainOf(address);
  const diagnostic = recipient.diagnostic && {
    type: cleanText(recipient.diagnostic.type, 40) ?? "smtp",
    text: cleanText(recipient.diagnostic.text, 4000) ?? "",
  };
  const verdict = classifyAndExplain(
    {
      text: diagnostic?.text ?? null,
      status: recipient.status,
      replyCode: recipient.replyCode,
      smtpCommand: recipient.smtpCommand,
      remoteMta: recipient.remoteMta,
      reportingMta: report?.reportingMta ?? null,
      software: report?.software ?? null,
      recipientDomain: domain,
      action: recipient.action,
      kind: report?.kind ?? null,
      // What is said of all recipients must not decide about one of them.
      prose: recipientCount === 1 && reading ? reading.mail.text.slice(0, PROSE_LENGTH) : null,
    },
    settings,
  );
  const doubt = { authenticity: trust.authenticity, status: recipient.status, language: settings.language };
  return {
    schema: EVENT_SCHEMA,
    id,
    kind: kindOf(report, recipient),
    ...decided(trusted(shared.isDoubtful ? doubted(verdict) : verdict, doubt)),
    recipient: {
      mailed: cleanText(trust.mailed, 320),
      address,
      original: cleanText(recipient.originalRecipient, 320),
      domain,
    },
    action: recipient.action,
    status: recipient.status,
    derivedStatus: verdict.derivedStatus,
    replyCode: recipient.replyCode,
    diagnostic,
    smtpCommand: recipient.smtpCommand,
    suggestion: suggestionFor(verdict.reason, domain),
    answer: shared.answer,
    reportingMta: cleanText(report?.reportingMta ?? null, 255),
    remoteMta: cleanText(recipient.remoteMta, 255),
    receivedFromMta: cleanText(report?.receivedFromMta ?? null, 255),
    provider: verdict.provider,
    software: report?.software ?? null,
    format: reading?.format ?? "none",
    arrivalDate: report?.arrivalDate ?? null,
    lastAttemptDate: recipient.lastAttemptDate,
    willRetryUntil: recipient.willRetryUntil,
    envelopeId: cleanText(report?.envelopeId ?? null, 500),
    queueId: null,
    given: null,
    original: shared.original,
    returnPath: trust.path && returnPathOf(trust.path),
    authenticity: trust.authenticity,
    proof: trust.proof,
    signals: shared.signals,
    feedback: shared.feedback,
    codes: verdict.codes,
    message: shared.message,
    warnings: trust.warnings.length === 0 ? shared.warnings : [...shared.warnings, ...trust.warnings.map(warningOf)],
  };
}

function answerOf({ input, mail }: ReadParts, { recipients }: Report): BouncedEvent["answer"] {
  const date = mail && headerOf(mail, "date");
  const written = input.receivedAt ?? (date && parseDate(date));
  if (!mail || !written) return null;
  const header = [input.envelope.forwardPath, headerOf(mail, "to"), headerOf(mail, "from")];
  const own = [...recipients.map(({ finalRecipient }) => finalRecipient), ...header];
  const addresses = own.flatMap((value) => parseAddressList(value ?? "", 20).map((address) => address.toLowerCase()));
  const absence = readAbsence(mail, Date.parse(written), new Set(addresses));
  return absence && { until: absence.until, successor: cleanText(absence.successor, 320) };
}

const returnPathOf = (reading: ShownPath): ShownPath => ({
  address: cleanText(reading.address, 800) ?? "",
  scheme: reading.scheme,
  recipient: cleanText(reading.recipient, 320),
  tag: cleanText(reading.tag, 500),
  issuedAt: reading.issuedAt,
});

const writerOf = ({ finalRecipient }: RecipientReport): NamedRecipient => ({
  finalRecipient: null,
  originalRecipient: null,
  writer: finalRecipient,
});

/** Where the returned message begins, all that the report says has been said: what is cut off later changes nothing. */
const isCutInside = (mail: Mail | null, report: Report | null): boolean =>
  report !== null && report.original === null && (mail?.warnings ?? []).some(({ code }) => code === "truncated");

/** The part that is missing may have said something else. */
const doubted = (verdict: ExplainedVerdict): ExplainedVerdict => ({
  ...verdict,
  advice: verdict.advice === "suppress" ? "investigate" : verdict.advice,
  confidence: Math.min(verdict.confidence, CUT_CONFIDENCE),
});

const decided = (verdict: ExplainedVerdict) => ({
  severity: verdict.severity,
  reason: verdict.reason,
  secondaryReason: verdict.secondaryReason,
  fault: verdict.fault,
  advice: verdict.advice,
  explanation: verdict.explanation,
  confidence: verdict.confidence,
  evidence: [...verdict.evidence],
});

const KIND_OF_ACTION: Readonly<Record<Action, EventKind>> = {
  failed: "bounce",
  delayed: "delay",
  delivered: "delivery",
  relayed: "relay",
  expanded: "expansion",
};

/** From `Action`, never from the subject; where a report names no action, a 2.x.x status alone makes a delivery. */
function kindOf(report: Report | null, recipient: RecipientReport): EventKind {
  if (!report) return "unrecognized";
  // Programs read every feedback report under this kind; severity and advice say whether a recipient complained.
  if (report.kind === "unsubscribe" || report.kind === "feedback") return "complaint";
  if (report.kind === "aggregate") return "feedback";
  if (report.kind !== "delivery") return report.kind;
  if (recipient.action) return KIND_OF_ACTION[recipient.action];
  return recipient.status?.startsWith("2.") ? "delivery" : "bounce";
}
