/** What tells an answer (vacation, ticket, challenge) from a report: who sends it and what its header promises. */
import { decodeHeader } from "../../fields/encoded-word.ts";
import { htmlText } from "../../fields/html-text.ts";
import { headerOf, type Mail } from "../../mime/mail.ts";
import { plain } from "../../knowledge/plain.ts";
import { REPORT_SUBJECTS, holdsOneOf } from "../../notice/phrases.ts";
import { blankOriginal, referredMessageId } from "../../report/original.ts";
import type { OriginalMessage, Report, ReportKind } from "../../report/report.ts";
import { blankRecipient, blankReport } from "../../report/blank-recipient.ts";
import { senderOf } from "../../mime/sender.ts";
import { softwareOf } from "../../report/software.ts";

export const subjectOf = (mail: Mail): string => decodeHeader((headerOf(mail, "subject") ?? "").slice(0, 1_000));

/** Subject and first words, in `plain` form: what an answer says. */
export const readWords = (mail: Mail): string =>
  plain(`${subjectOf(mail)}\n${(mail.text.trim() === "" ? htmlText(mail.html) : mail.text).slice(0, MAX_WORDS)}`);
const MAX_WORDS = 4_000;

export const hasReportSubject = (mail: Mail): boolean => holdsOneOf(plain(subjectOf(mail)), REPORT_SUBJECTS);

/** Marks that only reports carry; a vacation note has none of them. */
export function looksLikeReport(mail: Mail): boolean {
  return (
    headerOf(mail, "x-failed-recipients") !== null ||
    /report-type="?delivery-status/i.test(headerOf(mail, "content-type") ?? "") ||
    mail.parts.some((part) => /^message\/(?:global-)?delivery-status$/.test(part.contentType))
  );
}

/** For an answer the recipient is who answered; the original is what it answers to. */
export function answerReport(mail: Mail, kind: ReportKind): Report {
  const finalRecipient = senderOf(mail);
  return {
    ...blankReport,
    kind,
    recipients: finalRecipient === null ? [] : [{ ...blankRecipient, finalRecipient }],
    software: softwareOf(mail, []),
    original: answered(mail),
  };
}

function answered(mail: Mail): OriginalMessage | null {
  const messageId = referredMessageId(mail);
  return messageId === null ? null : { ...blankOriginal, messageId };
}
