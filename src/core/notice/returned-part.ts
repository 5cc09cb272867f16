/** Where a notice ends and the returned message, or what is kept of it, begins. */

import { words } from "./phrases.ts";

/** Beginnings of the lines that announce it, lower-case, without the rules and blanks around them. */
const ANNOUNCEMENTS = words(`
  below this line is | below the next line is | below is a copy | this is a copy of | enclosed is a copy |
  included is a copy | included below | attachment is a copy | attached is a copy | here is a copy of |
  here is your returned | a copy of the original message | a copy of your message |
  the header of the original | the headers of the original | header of the original |
  the body of the message is | original message | the original message follows | original mail |
  message header | message follows | message text follows | message body | message contents | unsent message |
  the unsent message | returned message | returned mail | start of returned message |
  start of original message | undelivered message | old message | bounced e-mail | bounced email |
  bounced message | possible truncated original | your original message | your message reads |
  text of your message | copy of the message | copy of your message | a summary of the undelivered message |
  forwarded message | begin message | beginning of original | mensaje original | el mensaje original |
  encabezados de mensaje | encabezados del mensaje | message original | message d'origine | copie du message |
  en-têtes du message | en-têtes de message | originalnachricht | ursprüngliche nachricht |
  hier ist eine kopie | es folgt | kopie der | messaggio originale | intestazioni messaggio |
  intestazioni originali | mensagem original | cabeçalhos | oorspronkelijk | ursprungligt | ursprungliga |
  oprindelig | opprinnelig | alkuperä | oryginaln | původní | исходн | оригинал | заголовки | orijinal |
  özgün | eredeti | 元のメッセージ | 以下は元 | オリジナル | 原邮件 | 原始邮件 | 原始郵件 | 附件中的内容 | 原信 | 원본
`);

const RULE = /^[\s\-=*_#>+~|]+|[\s\-=*_#<+~.:|]+$/g;
const HEADER = /^(?:Received: (?:from|by|\()|Return-Path: ?<|X-Received: by|DKIM-Signature: )/i;
const RETURNED_TYPE = /^Content-Type:\s*(?:message\/(?:rfc822|partial|global)|text\/rfc822)/i;

/** A line on its own that announces the returned message: ruled off, or ending like an announcement. */
export function isAnnouncementOfReturned(line: string): boolean {
  const trimmed = line.trim();
  if (trimmed.length < 8 || trimmed.length > 140) return false;
  const start = trimmed.toLowerCase().replace(RULE, "");
  const listed = ANNOUNCEMENTS.find((beginning) => start.startsWith(beginning));
  if (listed === undefined) return false;
  return (
    /^[-=*_+~|]{2,}/.test(trimmed) ||
    (/(?::|follows?\.?|attached|enclosed|below|\.)$/.test(trimmed) && start.length < 90) ||
    start === listed
  );
}

/** Index of the first line of the returned message or of its announcement; the number of lines if there is none. */
export function findReturned(lines: readonly string[]): number {
  let blank = true;
  let seen = false;
  for (const [index, line] of lines.entries()) {
    if (RETURNED_TYPE.test(line)) return index;
    if (seen && isAnnouncementOfReturned(line)) return index;
    // Without an announcement: a header section after a blank line or a rule.
    if (seen && blank && HEADER.test(line)) return index;
    const empty = line.trim() === "";
    blank = empty || /^[-=_*]{3,}\s*$/.test(line);
    seen ||= !empty;
  }
  return lines.length;
}
