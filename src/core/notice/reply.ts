/** What the lines beside a recipient say: reply, status, stage of the dialogue, remote host. Nothing is inferred. */
import { toOneLine } from "../fields/diagnostic-code.ts";
import { findEnhancedStatus } from "../fields/enhanced-status.ts";
import { findRemoteMta } from "../fields/remote-mta.ts";
import { findReplyCode } from "../fields/reply-code.ts";
import { findSmtpCommand } from "../fields/smtp-command.ts";
import { readTranscript, refusalsIn, type Exchange } from "../fields/transcript.ts";
import type { RecipientReport } from "../report/report.ts";
import type { SmtpCommand } from "../../event/smtp.ts";

export type SaidReason = Pick<RecipientReport, "diagnostic" | "status" | "replyCode" | "smtpCommand" | "remoteMta">;

/** A reply as prose quotes it: at a line's head, or after the words that introduce one. */
const REPLY_AT_HEAD = /^\s*["'<[(#]{0,2}([245]\d\d)(?=[ -]\S|:\s?\S|\s*$)/;
const REPLY_WITH_STATUS = /(?<![\w.+=-])[45]\d\d[ -]#?[245]\.\d{1,3}\.\d{1,3}(?=[\s,;:)\]'"]|$)/;
const STATUS_AT_HEAD = /^\s*[245]\.\d{1,2}\.\d{1,3}\s\S/;
const REPLY_AFTER_WORDS =
  /(?:said|says|replied|responded|response|answer(?:ed)?|returned|reported|reply|error(?: code| message)?|was|code|status|reason|following|messaged?|with|rejected|failed|smtp|received|\]|>|:)\s{0,10}[:;=("'#[<>]{1,6}\s{0,2}((?:[45]\d\d)(?:[ -](?=\S)|: ?(?=\S)))/gi;
/** qmail and its kin write `(#5.1.1)`; `ERROR_CODE :5.1.1` is Zoho. */
const WORDS_OF_STAGE: readonly (readonly [RegExp, SmtpCommand])[] = [
  [
    /does not like recipient|sent: RCPT TO|SMTP:RCPT|recipient was rejected|\[RCPT_TO\]|RCPT TO:?\s?<[^<>]{0,320}>\s*$/i,
    "RCPT",
  ],
  [/sender was rejected|does not like sender|\[MAIL_FROM\]/i, "MAIL"],
  [/my name was rejected/i, "EHLO"],
  [/failed after I sent the message|after end of data|\[BODY\]|refused to accept your message \(DATA\)/i, "EOD"],
  [/failed on DATA command/i, "DATA"],
  [/but greeting failed|initial connection|unable to establish an SMTP connection/i, "CONN"],
];
const HOSTS: readonly RegExp[] = [
  /(?:^|\s)(\[?[\w.:-]{3,255}\]?) does not like (?:recipient|sender)/i,
  /connected to (\[?[\w.:-]{3,255}?\]?) but/i,
  /giving up on (\[?[\w.:-]{3,255}?\]?)\.?(?:\s|$)/i,
  /(?:^|\s)(\[?[\w.:-]{3,255}\]?) failed (?:after I sent the message|on DATA command)/i,
  /server ([\w.-]{3,255})\s?\[[\w.:]{3,60}\] failed with/i,
  /\bhost:\s{0,4}([\w.-]{3,255})/i,
  /by the server for the recipient domain \S{1,255} by ([\w.-]{3,255})/i,
  /remote (?:smtp )?server \(([\w.:-]{3,255})\)/i,
  /SMTP server <([\w.:-]{3,255})>/i,
  /^[ \t]*([\w-]{1,63}(?:\.[\w-]{1,63}){1,10})\s?\[[\w.:]{3,60}\]\s*$/m,
];

/** Every pattern holds one of these. */
const HOST_HINT = /does not like|connected to|giving up on|failed|server|host:|\]\s*$/im;

/** The host that refused, from the words around a reply; null when they name none. */
export const hostIn = (text: string): string | null => {
  for (const pattern of HOST_HINT.test(text) ? HOSTS : []) {
    const host = pattern
      .exec(text)?.[1]
      ?.replace(/^\[|\]$/g, "")
      .replace(/\.$/, "");
    if (host && /[.:]/.test(host) && !/^\d+$/.test(host)) return host;
  }
  const host = findRemoteMta(text);
  return host !== null && /[.:]/.test(host) ? host : null;
};

const commandIn = (text: string): SmtpCommand | null =>
  findSmtpCommand(text) ?? WORDS_OF_STAGE.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/** Codes and statuses hold one of these; most lines hold none. */
const DIGITS = /[245](?:\d\d|\.\d)/;

/** Start of the reply in one line of text, or -1. */
function replyStart(text: string): number {
  if (!DIGITS.test(text)) return -1;
  if (REPLY_AT_HEAD.test(text)) return text.search(/[245]\d\d/);
  if (STATUS_AT_HEAD.test(text)) return text.search(/\S/);
  REPLY_AFTER_WORDS.lastIndex = 0;
  const match = REPLY_AFTER_WORDS.exec(text);
  return match ? match.index + match[0].length - match[1]!.length : text.search(REPLY_WITH_STATUS);
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["'", "'"],
  ['"', '"'],
  ["[", "]"],
  ["(", ")"],
]);

/** Google writes the code twice: `550 550 5.1.1 …`. A reply quoted in `'…'` or `[…]` ends with the closing mark. */
function tidy(text: string, before: string): string {
  const close = CLOSING.get(before);
  const end = close === undefined ? -1 : text.lastIndexOf(close);
  return (end > 4 ? text.slice(0, end) : text)
    .replace(/^([245]\d\d) (?=\1[ -])/, "")
    .replace(/(?:>\s*#SMTP)?\s*#{1,2}$/, "")
    .trim();
}

/** 3: a reply or a dialogue; 2: `#5.1.1`; 1: a status somewhere; 0: words only. */
export function weightOf(said: readonly string[]): 0 | 1 | 2 | 3 {
  const lines = said.filter((line) => DIGITS.test(line));
  if (lines.length === 0) return 0;
  if (lines.some((line) => replyStart(line) >= 0 || /<(?:<<|--) ?[245]\d\d/.test(line))) return 3;
  if (lines.some((line) => /#\s?[245]\.\d{1,2}\.\d{1,3}/.test(line))) return 2;
  return lines.some((line) => findEnhancedStatus(line) !== null) ? 1 : 0;
}

/** Lines read once, to be asked about each of the recipients they are said of. */
export type ReasonReader = (address: string | null) => SaidReason;

/** From the lines that a notice gives to one recipient. All null for no lines. */
export const readReason = (said: readonly string[], address: string | null, software: string | null): SaidReason =>
  reasonReader(said, software)(address);

/** For lines that may be said of many recipients; `context` stands around them and completes stage and host. */
export function reasonReader(
  said: readonly string[],
  software: string | null,
  context: readonly string[] = [],
): ReasonReader {
  const lines = withoutWrapper(said).flatMap(fromLog);
  const text = lines.join("\n");
  const refusals = refusalsIn(readTranscript(text));
  if (refusals.last) {
    const host = hostIn(text);
    return (address) => fromExchange((address === null ? null : refusals.naming(address)) ?? refusals.last!, host);
  }
  const found = readWords(lines, text, software);
  const around = context.join("\n");
  const reason = {
    ...found,
    smtpCommand: found.smtpCommand ?? commandIn(around),
    remoteMta: found.remoteMta ?? hostIn(around),
  };
  return () => reason;
}

function readWords(lines: readonly string[], text: string, software: string | null): SaidReason {
  const index = lines.findIndex((line) => replyStart(line) >= 0);
  const whole = toOneLine(text);
  if (index < 0) {
    const code = findReplyCode(text) ?? codeAfterLabel(text);
    return {
      diagnostic: whole === "" ? null : { type: typeOf(software), text: whole },
      status: findEnhancedStatus(text),
      replyCode: code,
      ...stageIn(text),
    };
  }
  const first = lines[index]!;
  const start = replyStart(first);
  const rest = lines.slice(index + 1).filter((line) => !/^giving up on \S+$/i.test(line));
  const reply = tidy(toOneLine([first.slice(start), ...rest].join("\n")), first[start - 1] ?? "");
  return {
    diagnostic: { type: "smtp", text: reply },
    status: findEnhancedStatus(reply) ?? findEnhancedStatus(text),
    replyCode: findReplyCode(reply),
    ...stageIn(text),
  };
}

/** In the reason, folded or not. */
function stageIn(text: string): Pick<SaidReason, "smtpCommand" | "remoteMta"> {
  const unfolded = toOneLine(text);
  const isFolded = unfolded !== text;
  return {
    smtpCommand: commandIn(text) ?? (isFolded ? commandIn(unfolded) : null),
    remoteMta: hostIn(text) ?? (isFolded ? hostIn(unfolded) : null),
  };
}

/** Zoho: `ERROR_CODE :550`, `ResponseCode 421`. */
const codeAfterLabel = (text: string): number | null => {
  const code = /\b(?:ERROR_CODE|ResponseCode)\s?:?\s?([45]\d\d)\b/.exec(text)?.[1];
  return code === undefined ? null : Number(code);
};

const typeOf = (software: string | null): string => (software === null ? "unknown" : `x-${software}`);

/** As qmail-send logs it: `192.0.2.1_does_not_like_recipient./Remote_host_said:_550_…/Giving_up_on_192.0.2.1./`. */
const fromLog = (line: string): readonly string[] =>
  !/\s/.test(line) && /_said:_|_not_like_|\._\(#/.test(line)
    ? line
        .split("/")
        .map((part) => part.replaceAll("_", " "))
        .filter((part) => part !== "" && !part.startsWith("Giving up on"))
    : [line];

/** Sendmail: `(reason: 550 5.1.1 <user@example.org>... User unknown)`, folded or not. */
function withoutWrapper(lines: readonly string[]): readonly string[] {
  const wrapped = lines.length === 1 ? /^(?:\[([^[\]]+)\]|\(([^()]+)\))$/.exec(lines[0]!) : null;
  if (wrapped) return [wrapped[1] ?? wrapped[2]!];
  const at = lines.findIndex((line) => /^\s*\(reason: /i.test(line));
  if (at < 0) return lines;
  const reason = lines.slice(at);
  const end = reason.findIndex((line) => line.endsWith(")"));
  const kept = (end < 0 ? reason : reason.slice(0, end + 1)).map((line) => line.replace(/^\s*\(reason: /i, ""));
  return end < 0 ? kept : [...kept.slice(0, -1), kept.at(-1)!.slice(0, -1)];
}

export function fromExchange(exchange: Exchange, host: string | null): SaidReason {
  return {
    diagnostic: { type: "smtp", text: toOneLine(exchange.reply) },
    status: findEnhancedStatus(exchange.reply),
    replyCode: Number(exchange.reply.slice(0, 3)),
    smtpCommand: exchange.command,
    remoteMta: exchange.host ?? host,
  };
}
