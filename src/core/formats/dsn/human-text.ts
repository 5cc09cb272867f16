/**
 * What the human part of a report says of one recipient, where it is clearly tied to that recipient: the paragraph
 * that begins with the address, or the line of a transcript that names it.
 */
import { toOneLine } from "../../fields/diagnostic-code.ts";
import { decodeOctal } from "../../fields/octal.ts";
import { findRemoteMta } from "../../fields/remote-mta.ts";
import { findSmtpCommand } from "../../fields/smtp-command.ts";
import { readTranscript, refusalsIn, type Exchange, type Refusals } from "../../fields/transcript.ts";
import { readReason } from "../../notice/reply.ts";
import type { SmtpCommand } from "../../../event/smtp.ts";

/** Prepared once per message: a report may have thousands of recipients. */
export interface HumanText {
  readonly lines: readonly string[];
  /** Lower-case address -> the first line that begins with it. */
  readonly starts: ReadonlyMap<string, number>;
  /** Lower-case address -> the line that Sendmail wrote about it in the transcript. */
  readonly remarks: ReadonlyMap<string, string>;
  readonly refusals: Refusals;
}

/** Each is looked for only when it is asked for: most groups say it themselves. Null if the text does not say. */
export interface Saying {
  /** The reply or the reason, on one line. */
  reply(): string | null;
  smtpCommand(): SmtpCommand | null;
  remoteMta(): string | null;
}

const MAX_LINES = 10_000;
const MAX_SECTION = 40;
const ADDRESS = String.raw`((?:"[^"]{1,100}"|[^\s<>:"'(),;]{1,256})@[^\s<>:"'(),;]{1,255})`;
/** The address at the beginning of a line, behind brackets, quotes, a label (`To:`) or Exim's and Dovecot's words. */
const START = new RegExp(
  String.raw`^[\s<"'*>-]{0,20}(?:\w{1,20}:\s{0,4}<?|\(?generated (?:by|from) |Your message to <)?${ADDRESS}`,
);
/** Sendmail's own: `550 5.1.2 <user@example.org>... Host unknown`. */
const REMARK = /^(?:\d{3} (?:\d\.\d{1,3}\.\d{1,3} )?)?<?([^\s<>]{1,256}@[^\s<>]{1,255}?)>?\.\.\. \S/;

export function readHumanText(text: string): HumanText {
  const lines = decodeOctal(text).split("\n", MAX_LINES);
  const starts = new Map<string, number>();
  const remarks = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    if (!line.includes("@")) continue;
    const address = START.exec(line)?.[1]?.toLowerCase().replace(/\.+$/, "");
    if (address !== undefined && !starts.has(address)) starts.set(address, index);
    const remarked = line.includes("... ") ? REMARK.exec(line)?.[1]?.toLowerCase() : undefined;
    if (remarked !== undefined) remarks.set(remarked, line);
  }
  return { lines, starts, remarks, refusals: refusalsIn(readTranscript(text)) };
}

/** From the line that begins with the address to the blank line or to the next address. */
function sectionOf({ lines, starts }: HumanText, wanted: string): readonly string[] {
  const start = starts.get(wanted);
  if (start === undefined) return [];
  let end = start + 1;
  for (; end < lines.length && end < start + MAX_SECTION; end++) {
    const line = lines[end]!;
    if (line.trim() === "") break;
    if (line.includes("@") && !line.toLowerCase().includes(wanted) && isNext(line, lines[start]!)) break;
  }
  return lines.slice(start, end);
}

/** Another recipient's line is as little indented as the first; an address may also open a folded line. */
const isNext = (line: string, first: string): boolean => START.test(line) && indentOf(line) <= indentOf(first);
const indentOf = (line: string): number => line.length - line.trimStart().length;

/** The exchange that refused this address: named in the command or in the reply; or the only refusal there is. */
const exchangeOf = (refusals: Refusals, wanted: string, alone: boolean): Exchange | null =>
  refusals.naming(wanted) ?? (alone ? refusals.last : null);

/** `alone`: the report has one recipient, so that a transcript that names nobody speaks of it. */
export function sayingOf(human: HumanText, address: string, alone: boolean): Saying {
  const wanted = address.toLowerCase();
  const section = sectionOf(human, wanted);
  const text = section.join("\n");
  const local = text.includes("<<<") ? readTranscript(text) : [];
  const exchange = exchangeOf(local.length > 0 ? refusalsIn(local) : human.refusals, wanted, alone || local.length > 0);
  return {
    reply: () =>
      exchange?.reply ??
      local.at(-1)?.reply ??
      replyIn(section, wanted) ??
      human.remarks.get(wanted) ??
      (alone && section.length === 0 ? sentenceAbout(human, wanted) : null),
    smtpCommand: () => (text === "" ? null : findSmtpCommand(toOneLine(text))) ?? exchange?.command ?? null,
    remoteMta: () =>
      (text === "" ? null : (findRemoteMta(toOneLine(text)) ?? findRemoteMta(text))) ?? exchange?.host ?? null,
  };
}

const MAX_SENTENCE = 8;

/** The address itself, not the end or the beginning of a longer one. */
function names(line: string, wanted: string): boolean {
  const at = line.indexOf(wanted);
  return at >= 0 && !/[\w.+=-]/.test(line[at - 1] ?? " ") && !/^(?:[\w-]|\.\w)/.test(line.slice(at + wanted.length));
}

/** Google: `Your message wasn't delivered to user@example.org because the address couldn't be found.` */
function sentenceAbout({ lines }: HumanText, wanted: string): string | null {
  const at = lines.findIndex((line) => line.includes("@") && names(line.toLowerCase(), wanted));
  if (at < 0) return null;
  const end = lines.findIndex((line, index) => index > at && (line.trim() === "" || index - at >= MAX_SENTENCE));
  const sentence = toOneLine(lines.slice(at, end < 0 ? at + MAX_SENTENCE : end).join("\n"));
  // The address alone, or a header that names it, says nothing.
  return /^[\w-]{1,40}:/.test(sentence) || sentence.length < wanted.length + 15 ? null : sentence;
}

/** Exim names the host on a line of its own before it says what happened. */
const HOST_LINE = /^host \S{1,255}(?: \[[\w.:]{3,60}\])?$/;

/** `<address>: host … said: 550 …`, `(reason: 550 …)`, or whatever stands below the address. */
function replyIn(section: readonly string[], wanted: string): string | null {
  const [first, ...below] = section;
  if (first === undefined) return null;
  const after = first.slice(first.toLowerCase().indexOf(wanted) + wanted.length).replace(/^[>"')]*[\s:.]*/, "");
  const said = [after, ...below].map((line) => line.trim()).filter((line) => line !== "" && !HOST_LINE.test(line));
  const text = readReason(said, wanted, null).diagnostic?.text.replace(/\s*\(in reply to [\w ]{3,40} command\)$/, "");
  return text === undefined || text === "" || text.startsWith("(expanded from") ? null : text;
}
