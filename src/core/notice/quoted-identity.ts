/** What a notice says of the returned message in its own words, where it neither attaches nor quotes its header. */
import type { HeaderField } from "../fields/header-block.ts";
import type { Mail } from "../mail.ts";
import { findOriginal, readOriginal } from "../original.ts";
import type { OriginalMessage } from "../report.ts";
import type { Notice } from "./notice.ts";

const SUBJECT: readonly RegExp[] = [
  /^[ \t]*(?:Subject|Betreff|Objet|Oggetto|Asunto|Assunto|Onderwerp|Ämne|Emne|Temat|Předmět|Тема|Konu|件名|主题|主旨|제목)\s*[:：][ \t]*(\S.{0,900})$/imu,
  /^The subject of the message is: (\S.{0,900})$/m,
  /^Your document:[ \t]*(\S.{0,900})$/m,
  /^With subject (.{1,900}?) sent on the /m,
  /^Your message with Subject: (\S.{0,900})$/m,
];
const DATE: readonly RegExp[] = [
  /^[ \t]*(?:Sent|Date|Sent date|Gesendet|Envoyé|Inviato|Enviado(?: el)?|Verzonden)\s*[:：][ \t]*(\S.{0,90})$/imu,
  /^The date of the message is:[ \t]*(\S.{0,90})$/m,
  /^Your mail sent on: (\S.{0,90})$/m,
  / sent on the (\S.{0,90})$/m,
];
const RECEIVED = /^[ \t]*(?:The original message was received (?:at|on)|Arrival-Date:)\s*(\S.{0,90})$/im;

const first = (patterns: readonly RegExp[], text: string): string | null => {
  for (const pattern of patterns) {
    const found = pattern
      .exec(text)?.[1]
      ?.trim()
      .replace(/^'(.*)'$/, "$1");
    if (found) return found;
  }
  return null;
};

/** The header of the returned message, else its subject and date as the notice mentions them; null for nothing. */
export function identityOf(mail: Mail, notice: Notice): OriginalMessage | null {
  const original = findOriginal(mail);
  if (original !== null && original.headers.size > 0) return original;
  const text = notice.lines.join("\n");
  const fields: HeaderField[] = [];
  const add = (name: string, value: string | null): void => {
    // Header readers expect one char per octet; the text was decoded already.
    if (value !== null) fields.push({ name, value: Buffer.from(value, "utf8").toString("latin1") });
  };
  add("subject", first(SUBJECT, text));
  add("date", first(DATE, text));
  const mentioned = readOriginal(fields);
  return mentioned === null ? original : { ...mentioned, messageId: original?.messageId ?? null };
}

/** When the reporting server got the message, as Sendmail and Courier write it; null where it does not say. */
export const receivedAtIn = (notice: Notice): string | null => RECEIVED.exec(notice.lines.join("\n"))?.[1] ?? null;
