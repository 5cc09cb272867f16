/** Which step of the SMTP dialogue a server refused, from the words servers use for it. */
import type { SmtpCommand } from "../../event/smtp.ts";

const NAMES: readonly (readonly [RegExp, SmtpCommand])[] = [
  [/^(?:end of data|end-of-data|final data|message body|final dot|<CRLF>\.<CRLF>|\.$|\[?eod\]?|dot\b)/i, "EOD"],
  [/^(?:initial (?:server )?(?:greeting|connection)|connection|connect\b|greeting|banner)/i, "CONN"],
  [/^(?:[EH][HE]LO|LHLO)/i, "EHLO"],
  [/^STARTTLS/i, "STARTTLS"],
  [/^AUTH\b/i, "AUTH"],
  [/^(?:MAIL(?: FROM)?\b|SEND FROM|SAML|SOML)/i, "MAIL"],
  [/^RCPT\b/i, "RCPT"],
  [/^(?:DATA|BDAT)\b/i, "DATA"],
];

/** `RCPT TO:<user@example.org>`, `end of DATA`, `initial server greeting` … -> the step; null for other words. */
export function parseSmtpCommand(words: string): SmtpCommand | null {
  const text = words.trim();
  return NAMES.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

const PHRASES: readonly RegExp[] = [
  // Postfix; `pipelined` and `the` appear in others' copies of it.
  /\(?in reply to (?:the )?([\w .-]{3,40}?) command\)?/i,
  /while (?:sending|performing the|receiving the|talking|waiting for)\s+(?:the )?((?:end of data|RCPT TO|MAIL FROM|DATA|EHLO|HELO|LHLO|STARTTLS|AUTH|initial (?:server )?greeting|message body)[\w ]{0,12})/i,
  // Exim.
  /(?:after|response to|reply to|in response to) (?:pipelined )?(?:sending )?((?:MAIL FROM|RCPT TO|MAIL|RCPT|DATA|EHLO|HELO|LHLO|STARTTLS|AUTH|end of data|end-of-data|initial connection|BDAT)\b)/i,
  // DragonFly.
  /did not like our ([A-Z]{4}(?: [A-Z]{2,4})?|[\w ]{3,20}):/,
  /\b(RCPT TO|MAIL FROM|DATA|EHLO|HELO|STARTTLS)(?:\s*:?\s*<[^<>]{0,320}>)?(?: command)? (?:failed|rejected|was rejected|error|refused)/i,
  /^\s*(RCPT TO|MAIL FROM|RCPT|DATA)\s*:?\s*<[^<>]{0,320}>\s*[:\n]/im,
];

const CONNECTION =
  /connect to \S{1,300}: |could not connect|connection (?:refused|timed out)|no route to host|(?:host|network) (?:is )?unreachable|refused to talk to me/i;

/** Every pattern holds one of these; most texts hold none. */
const HINT =
  /reply to|response to|while |after |did not like|RCPT|MAIL FROM|DATA|EHLO|HELO|STARTTLS|connect|no route|unreachable|refused to talk/i;

/** From the words around a reply; null when they do not say. */
export function findSmtpCommand(text: string): SmtpCommand | null {
  if (!HINT.test(text)) return null;
  for (const phrase of PHRASES) {
    const match = phrase.exec(text);
    const command = match && parseSmtpCommand(match[1]!);
    if (command) return command;
  }
  return CONNECTION.test(text) ? "CONN" : null;
}
