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
 */
import type { Mail } from "../mail.ts";
import { answerReport, isFromDaemon, looksLikeReport } from "./answer.ts";
import { notMine, type Format } from "./format.ts";

export const receiptText: Format = {
  id: "receipt-text",
  read: (mail) =>
    isReceipt(mail) ? { kind: "report", report: answerReport(mail, "disposition"), warnings: [] } : notMine,
};

const OPENING =
  /^(?:your message|ihre nachricht|votre message|(?:su|el) mensaje|il (?:tuo )?messaggio|(?:a )?sua mensagem|uw bericht|ditt meddelande|meddelelsen|din meddelelse|meldingen(?: din)?|viestisi|twoja wiadomość|ваше сообщение|vaše zpráva|iletiniz|メッセージ|您的邮件|您的郵件|메시지)$/iu;
const LABEL = /^[\p{L} ]{1,24}\s?[:：]\s?\S/u;
const WHAT_HAPPENED =
  /^(?:was (?:read|deleted without being read)|wurde (?:am .{4,60} gelesen|(?:ungelesen|ohne gelesen zu werden) .{0,60}gelöscht)|a été (?:lu|supprimé)|(?:se leyó|fue leído|se eliminó|fue eliminado)|è stato (?:letto|eliminato)|foi (?:lid|excluíd|eliminad)|(?:is|werd) .{0,60}(?:gelezen|verwijderd)|(?:lästes|har lästs|togs bort)|(?:blev|ble) (?:læst|lest|slettet)|została .{0,20}(?:odczytana|przeczytana|usunięta)|было? (?:прочитано|прочтено|удалено))/iu;
const MAX_CHARS = 4_000;

function isReceipt(mail: Mail): boolean {
  if (looksLikeReport(mail) || isFromDaemon(mail)) return false;
  const [first = "", ...lines] = mail.text
    .slice(0, MAX_CHARS)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const end = lines.findIndex((line) => !LABEL.test(line) || WHAT_HAPPENED.test(line));
  return OPENING.test(first) && end >= 2 && WHAT_HAPPENED.test(lines[end]!);
}
