/**
 * The innermost reply: where servers, logs and programs quote one another, the server quoted last is the one that
 * decided. `SMTP error from remote mail server after RCPT TO: 550-5.1.1 No such user 550 5.1.1 Sorry` gives the
 * text from `550-5.1.1` on; a reply of several lines stays whole.
 */
import type { SmtpCommand } from "../../../event/smtp.ts";
import { MAX_TEXT } from "../words.ts";

const REPLY =
  /(?<![\w.,/#@-])(?:[1-9]\d{0,2}[ -])?([45]\d\d)(?:([ -])(?:#?[245]\.\d{1,3}\.\d{1,3}(?![\w.])|(?=["'<([#\p{L}]))|, ?b?["'])/gu;
/** What introduces a reply: the start, a mark, or a word that quotes. */
const INTRODUCED =
  /(?:^|[:>('"=[\]{,|»;]|\b(?:said|was|returned|with|got|code|error|response|reply|answered|replied|status))[\s\\]{0,10}$/i;
const REMARK = /[\s"'(]{0,5}\(?in (?:reply|response) to (?:the )?[A-Za-z ]{3,40} command\)?.*$/is;
const COMMAND =
  /(?:in reply to|in response to|after|response to|>>>)\s+(?:end of )?(MAIL FROM|MAIL|RCPT TO|RCPT|EHLO|HELO|DATA|STARTTLS|AUTH)\b/i;

const MAX_REPLIES = 8;

export interface QuotedReply {
  readonly said: string;
  /** What was written before it by those who quote it. */
  readonly before: string;
}

/** The replies in a text, innermost first; the text itself where it quotes none. */
export function quotedReplies(text: string): readonly QuotedReply[] {
  const starts: number[] = [];
  let code = "";
  let goesOn = false;
  for (const match of text.slice(0, MAX_TEXT).matchAll(REPLY)) {
    const before = text.slice(Math.max(0, match.index - 16), match.index);
    const same = goesOn && match[1] === code;
    goesOn = match[2] === "-";
    if (same || !INTRODUCED.test(before)) continue;
    starts.push(match.index);
    code = match[1] ?? "";
  }
  if (starts.length === 0) starts.push(0);
  return starts
    .map((start, index) => ({
      said: text.slice(start, starts[index + 1]).replace(REMARK, ""),
      before: text.slice(starts[index - 1] ?? 0, start),
    }))
    .slice(-MAX_REPLIES)
    .toReversed();
}

/** The command that was refused, where the text says it. */
export function commandIn(text: string): SmtpCommand | null {
  const named = COMMAND.exec(text)?.[1]?.toUpperCase().split(" ")[0] ?? null;
  return named === "HELO" ? "EHLO" : (named as SmtpCommand | null);
}
