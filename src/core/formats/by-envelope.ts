/**
 * What came back to an address made for one mail, with the null reverse-path, answers that mail (RFC 5321 section 4.5.5,
 * RFC 3834 section 4): whom it is about is known, so weaker words are enough to say what it is. Nothing is guessed that
 * could suppress: where the words do not speak of failed delivery it is an automatic reply.
 */
import type { Mail } from "../mime/mail.ts";
import { isReply } from "../notice/conversation.ts";
import { readListed } from "../notice/listed.ts";
import type { Notice } from "../notice/notice.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { reportOf } from "../notice/notice-report.ts";
import { DELAY_SURE, FAILURE_WORDS, holdsOneOf } from "../notice/phrases.ts";
import { answerReport, hasReportSubject, readWords } from "./answers/answer.ts";
import { isFromDaemon } from "../mime/sender.ts";
import { isAwaySubject, isAwayText, asksForDeed, speaksOfGate } from "../notice/answer-words.ts";
import type { Reading } from "../report/reading.ts";

/** Characters in which a notice says what it is. */
const HEAD = 1_000;

/** Asked last, and only about mail that the envelope ties to one of ours. */
export function readByEnvelope(mail: Mail, notice: Notice): Reading {
  const text = readWords(mail);
  const answered = (kind: "auto_reply" | "challenge"): Reading => ({
    kind: "report",
    report: answerReport(mail, kind),
    warnings: [{ code: "kind-from-envelope" }],
  });
  if (speaksOfGate(text) && asksForDeed(text)) return answered("challenge");
  if (isAwaySubject(notice.subject) || isAwayText(text) || isReply(notice)) return answered("auto_reply");
  const head = notice.words.slice(0, HEAD);
  const speaks = holdsOneOf(head, FAILURE_WORDS) || holdsOneOf(head, DELAY_SURE) || hasReportSubject(mail);
  if (!speaks) return isFromDaemon(mail) ? { kind: "not-mine" } : answered("auto_reply");
  const { intro } = readListed(notice);
  const reading = reportOf({
    mail,
    notice,
    software: softwareOfNotice(mail, notice),
    blocks: [],
    common: intro.length > 0 ? intro : notice.lines,
  });
  return reading.kind === "report"
    ? { ...reading, warnings: [...reading.warnings, { code: "kind-from-envelope" }] }
    : reading;
}
