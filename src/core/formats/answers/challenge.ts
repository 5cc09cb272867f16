/**
 * Challenge-response filters: the recipient's system holds the mail until the sender proves to be a person. Answering
 * is never right for a machine; telling it from a bounce is what matters.
 */
import { headerOf, type Mail } from "../../mime/mail.ts";
import { answerReport, hasReportSubject, looksLikeReport, subjectOf, readWords } from "./answer.ts";
import { hasNullPath, isFromDaemon, reversePathOf, senderOf } from "../../mime/sender.ts";
import { asksForDeed, isAnswerSubject, speaksOfGate } from "../../notice/answer-words.ts";
import type { DiagnosticCode } from "../../fields/diagnostic-code.ts";
import { type Format } from "../format.ts";
import { notMine } from "../../report/reading.ts";

export const challenge: Format = {
  id: "challenge",
  read: (mail) =>
    isChallenge(mail) ? { kind: "report", report: answerReport(mail, "challenge"), warnings: [] } : notMine,
};

const MARKS =
  /^x-(?:bluebottle-request|boxbe|spamarrest|tmda-confirm|tmda-fingerprint|choicemail|mailinblack|mib-|challenge|confirm-address|sender-verification|uol-antispam|mail-verification|digiportal|qconfirm)/;
const SENDERS =
  /(?:^|[.@-])(?:spamarrest\.com|boxbe\.com|bluebottle\.com|mailblocks\.com|knowspam\.net|sendio\.com|spamlion\.com|mailinblack\.com|vanquish\.com|0spam\.com|spamblocker-challenge@.{1,200})$|^[^@]{0,60}(?:challenge|confirm-[0-9a-f]{6,})[^@]{0,60}@|^qconfirm-|^spamblocker-challenge@|antispamuol/i;

function isChallenge(mail: Mail): boolean {
  if (looksLikeReport(mail) && !SENDERS.test(senderOf(mail) ?? "")) return false;
  if (mail.headers.some(({ name }) => MARKS.test(name))) return true;
  const isAutomatic =
    isAnswerSubject(subjectOf(mail)) ||
    /^(?:bulk|junk|auto)/i.test(headerOf(mail, "precedence") ?? "") ||
    /^auto/i.test(headerOf(mail, "auto-submitted") ?? "") ||
    hasNullPath(mail);
  const fromService = [senderOf(mail), reversePathOf(mail)].some(
    (address) => address !== null && SENDERS.test(address),
  );
  if (!fromService && (!isAutomatic || isFromDaemon(mail) || hasReportSubject(mail))) return false;
  const text = readWords(mail);
  return speaksOfGate(text) && (fromService || asksForDeed(text));
}

/** A server's reply that asks to confirm at a web page: refused for now, but no failure of the address. */
export const isChallengeReply = ({ type, text }: DiagnosticCode): boolean =>
  type === "x-boxbe-notice" ||
  (/\brequires? (?:sender )?confirmation\b|awaiting (?:sender )?confirmation|not pre-?approved|challenge[- ]response/i.test(
    text,
  ) &&
    /https?:\/\/|instructions in|reply to/i.test(text));
