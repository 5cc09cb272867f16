/**
 * The formats in the order in which they are asked: complaints, reports about mail as a whole, receipts, challenges,
 * RFC 3464, refusals of mailing lists, unsubscribe requests and automatic replies; then exact grammars, families of wordings, prose last.
 */
import { hasReversePath } from "../mime/sender.ts";
import { parseAddressList } from "../fields/address.ts";
import { headerOf, type Mail } from "../mime/mail.ts";
import { type Notice, readNotice } from "../notice/notice.ts";
import type { RecipientReport, Report } from "../report/report.ts";
import type { Warning } from "../fields/warning.ts";
import { looksLikeReport } from "./answers/answer.ts";
import { readByEnvelope } from "./by-envelope.ts";
import { aggregateReport } from "./aggregate-report.ts";
import { aol } from "./aol.ts";
import { autoReply } from "./answers/auto-reply.ts";
import { challenge } from "./answers/challenge.ts";
import { feedbackLoop } from "./complaints/feedback-loop.ts";
import type { Format } from "./format.ts";
import type { Reading } from "../report/reading.ts";
import { domino } from "./domino.ts";
import { exchangeText } from "./exchange-text.ts";
import { exim, failedRecipientsHeader } from "./exim.ts";
import { labelled } from "./labelled.ts";
import { listRefusal } from "./list-refusal.ts";
import { withOwnWords } from "../report/own-words.ts";
import { postfixText } from "./postfix-text.ts";
import { prose } from "./prose.ts";
import { qmail } from "./qmail.ts";
import { receiptText } from "./answers/receipt-text.ts";
import { rfc3464 } from "./dsn/rfc3464.ts";
import { rfc5965 } from "./rfc5965.ts";
import { rfc8098 } from "./rfc8098.ts";
import { isSecondHand } from "./answers/second-hand.ts";
import { sendmailText } from "./sendmail-text.ts";
import { sesNotification } from "./ses-notification.ts";
import { xArf } from "./complaints/x-arf.ts";
import { unsubscribe } from "./answers/unsubscribe.ts";

export const FORMATS: readonly Format[] = [
  sesNotification,
  rfc5965,
  feedbackLoop,
  xArf,
  aggregateReport,
  rfc8098,
  receiptText,
  challenge,
  rfc3464,
  listRefusal,
  unsubscribe,
  autoReply,
  // Non-standard reports, exact families first.
  exim,
  failedRecipientsHeader,
  domino,
  exchangeText,
  sendmailText,
  qmail,
  postfixText,
  aol,
  labelled,
  prose,
];

const REPORTS: ReadonlySet<Format> = new Set([
  rfc3464,
  listRefusal,
  exim,
  failedRecipientsHeader,
  domino,
  exchangeText,
  sendmailText,
  qmail,
  postfixText,
  aol,
  labelled,
  prose,
]);
/** What may be read of mail about a bounce that is none itself (second-hand.ts). */
const ANSWERS: readonly Format[] = FORMATS.filter((format) => !REPORTS.has(format));

export interface FormatReading {
  /** Id of the format that read it. */
  readonly format: string;
  readonly report: Report;
  readonly warnings: readonly Warning[];
  /** The mail that was read: the message itself, or one that it wraps. */
  readonly mail: Mail;
}

/**
 * Every report that a message carries: what the first format that recognises it makes of it, or else what it wraps; a
 * digest may wrap several. Where the mail around is nothing but an envelope, only what is inside is read.
 */
export function readReports(mail: Mail): readonly FormatReading[] {
  const notice = readNotice(mail);
  const outer = mail.inner?.isEnvelope ? null : readReport(mail, notice);
  const alone = outer ? [outer] : [];
  if (!mail.inner || (outer && namesSomebody(outer.report))) return alone;
  if (!outer && !mail.inner.isEnvelope && isSecondHand(mail, notice)) return [];
  const { wrapper, mails } = mail.inner;
  const inside = mails.flatMap((one) =>
    readReports(one).map((reading) => {
      const warnings = [...one.warnings, ...reading.warnings, { code: "wrapped", value: wrapper }];
      return withoutOwnAddress(one, { ...reading, warnings }, true);
    }),
  );
  return outer && !inside.some(({ report }) => report.kind === "delivery" && namesSomebody(report)) ? alone : inside;
}

/** A gateway's report about a report it returns may name nobody; what it returns then says who. */
const namesSomebody = ({ kind, recipients }: Report): boolean =>
  kind !== "delivery" || recipients.some(({ finalRecipient }) => finalRecipient !== null);

/** First format that recognises the message itself, whatever it wraps; null if none does. */
export function readReport(mail: Mail, notice: Notice = readNotice(mail)): FormatReading | null {
  for (const format of isSecondHand(mail, notice) ? ANSWERS : FORMATS) {
    const reading = format.read(mail, notice);
    if (reading.kind !== "report" || isPretended(mail, notice, reading)) continue;
    const { report, warnings } = withOwnWords(reading);
    return withoutOwnAddress(mail, { format: format.id, report, warnings, mail }, false);
  }
  return null;
}

/** Malware plays a daemon: from an address of its own, a file attached, it calls its reader the recipient who failed. */
function isPretended(mail: Mail, { sentTo }: Notice, { report }: Extract<Reading, { kind: "report" }>): boolean {
  const { kind, recipients, original } = report;
  if (kind !== "delivery" || sentTo.length === 0 || looksLikeReport(mail) || !hasReversePath(mail)) return false;
  if (!mail.parts.some(({ contentType }) => !/^(?:message|text)\//.test(contentType))) return false;
  return (
    original === null && recipients.every(({ finalRecipient }) => sentTo.includes(finalRecipient?.toLowerCase() ?? ""))
  );
}

/**
 * A report that names whom it was sent to has taken the sender for the recipient, unless the returned message was
 * addressed to its own sender. Where there was SMTP, the envelope tells that for certain (merge-recipients.ts); inside
 * a wrapper only `To` does, and beside other recipients it is believed as well.
 */
function withoutOwnAddress(mail: Mail, reading: FormatReading, isInside: boolean): FormatReading {
  const { report, warnings } = reading;
  if (report.kind !== "delivery" || (!isInside && report.recipients.length < 2)) return reading;
  const own = new Set(parseAddressList(headerOf(mail, "to") ?? "", 20).map((address) => address.toLowerCase()));
  for (const to of report.original?.to ?? []) own.delete(to.toLowerCase());
  const isOwn = ({ finalRecipient, originalRecipient }: RecipientReport): boolean =>
    own.has((finalRecipient ?? originalRecipient ?? "").toLowerCase());
  const recipients = report.recipients.filter((recipient) => !isOwn(recipient));
  if (recipients.length === report.recipients.length) return reading;
  return { ...reading, report: { ...report, recipients }, warnings: [...warnings, { code: "own-address" }] };
}

/** Of mail that no format knows, but that the envelope ties to one of ours; null if it does not say what it is. */
export function readAnswer(mail: Mail): FormatReading | null {
  const reading = readByEnvelope(mail, readNotice(mail));
  return reading.kind === "report"
    ? { format: "by-envelope", report: reading.report, warnings: reading.warnings, mail }
    : null;
}
