/**
 * The formats in the order in which they are asked. Complaints, receipts and answers come before anything that could
 * be called a bounce, exact grammars before families of wordings, prose last.
 */
import type { Mail } from "../mail.ts";
import type { Report, Warning } from "../report.ts";
import { aol } from "./aol.ts";
import { autoReply } from "./auto-reply.ts";
import { challenge } from "./challenge.ts";
import { feedbackLoop } from "./feedback-loop.ts";
import type { Format } from "./format.ts";
import { domino } from "./domino.ts";
import { exchangeText } from "./exchange-text.ts";
import { exim, failedRecipientsHeader } from "./exim.ts";
import { labelled } from "./labelled.ts";
import { postfixText } from "./postfix-text.ts";
import { prose } from "./prose.ts";
import { qmail } from "./qmail.ts";
import { receiptText } from "./receipt-text.ts";
import { rfc3464 } from "./rfc3464.ts";
import { rfc5965 } from "./rfc5965.ts";
import { rfc8098 } from "./rfc8098.ts";
import { sendmailText } from "./sendmail-text.ts";
import { sesNotification } from "./ses-notification.ts";
import { unsubscribe } from "./unsubscribe.ts";

export const FORMATS: readonly Format[] = [
  sesNotification,
  rfc5965,
  feedbackLoop,
  rfc8098,
  receiptText,
  challenge,
  rfc3464,
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

export interface FormatReading {
  /** Id of the format that read it. */
  readonly format: string;
  readonly report: Report;
  readonly warnings: readonly Warning[];
}

/** First format that recognises the message, or else the report that it carries as an attachment; null if none does. */
export function readReport(mail: Mail): FormatReading | null {
  for (const format of FORMATS) {
    const reading = format.read(mail);
    if (reading.kind === "report") return { format: format.id, report: reading.report, warnings: reading.warnings };
  }
  return mail.inner === null ? null : readReport(mail.inner);
}
