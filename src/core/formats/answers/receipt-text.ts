/**
 * Read receipts of Outlook and Exchange whose disposition-notification part was lost on the way:
 *
 *     Your message
 *
 *        To: user@example.org
 *        Subject: Newsletter
 *        Sent: Tuesday, May 14, 2024 9:12:30 AM
 *
 *      was read on Tuesday, May 14, 2024 9:20:01 AM.
 *
 * Thunderbird and others say it in a sentence: `This is a return receipt for the mail that you sent to user@example.org`.
 */
import { htmlText } from "../../fields/html-text.ts";
import type { Mail } from "../../mime/mail.ts";
import { answerReport, looksLikeReport } from "./answer.ts";
import { isFromDaemon } from "../../mime/sender.ts";
import { isReceiptSentence, opensReceipt, saysWhatHappened } from "../../notice/answer-words.ts";
import { type Format } from "../format.ts";
import { notMine } from "../../report/reading.ts";

export const receiptText: Format = {
  id: "receipt-text",
  read: (mail) =>
    isReceipt(mail) ? { kind: "report", report: answerReport(mail, "disposition"), warnings: [] } : notMine,
};

const LABEL = /^[\p{L}\p{M} ]{1,24}\s?[:：]/u;
const MAX_CHARS = 4_000;
/** Receipts are short; what is longer is some other mail, and its markup is not read here. */
const MAX_HTML = 16_000;

function isReceipt(mail: Mail): boolean {
  if (looksLikeReport(mail) || isFromDaemon(mail)) return false;
  // Exchange sends them in HTML alone.
  const shown = mail.text.trim() === "" ? htmlText(mail.html.slice(0, MAX_HTML)) : mail.text;
  const text = shown.slice(0, MAX_CHARS).trimStart();
  if (isReceiptSentence(text)) return true;
  const [first = ""] = text.split("\n", 1);
  if (!opensReceipt(first.trimEnd())) return false;
  const lines = text
    .slice(first.length)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const end = lines.findIndex((line) => !LABEL.test(line) || saysWhatHappened(line));
  return end >= 2 && saysWhatHappened(lines[end]!);
}
