/**
 * Copies of bounces that servers send to their postmaster: Postfix's `notify_classes`, Sendmail's PostmasterCopy, qmail's
 * double bounces. The sender got the bounce itself, or nobody could; a copy is marked and suppresses nobody.
 */
import { decodeHeader } from "../fields/encoded-word.ts";
import { headerOf, type Mail } from "../mime/mail.ts";
import type { Warning } from "../fields/warning.ts";

export const POSTMASTER_COPY = "postmaster-copy";
const SUBJECT = /^\s*(?:postmaster (?:copy|warning|notify)\b|double[- ]bounce\b)/i;
/** qmail-send(8). */
const DOUBLE_BOUNCE = "but the bounce bounced!";

function isPostmasterCopy(mail: Mail | null): boolean {
  if (mail === null) return false;
  const subject = decodeHeader((headerOf(mail, "subject") ?? "").slice(0, 200));
  return SUBJECT.test(subject) || mail.text.slice(0, 1_000).includes(DOUBLE_BOUNCE);
}

export const postmasterCopy = (mail: Mail | null): readonly Warning[] =>
  isPostmasterCopy(mail) ? [{ code: POSTMASTER_COPY }] : [];
