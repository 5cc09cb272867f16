/**
 * What the human part of a report says of one recipient, where it is clearly tied to that recipient: the paragraph
 * that begins with the address, or the line of a transcript that names it.
 */
import { toOneLine } from "../fields/diagnostic-code.ts";
import { findRemoteMta } from "../fields/remote-mta.ts";
import { findSmtpCommand } from "../fields/smtp-command.ts";
import { readTranscript, type Exchange } from "../fields/transcript.ts";
import type { SmtpCommand } from "../report.ts";

/** Prepared once per message: a report may have thousands of recipients. */
export interface HumanText {
  readonly lines: readonly string[];
  /** Lower-case address -> the first line that begins with it. */
  readonly starts: ReadonlyMap<string, number>;
  readonly exchanges: readonly Exchange[];
}

export interface Saying {
  /** The reply or the reason on one line; null if the text gives none. */
  readonly reply: string | null;
  readonly smtpCommand: SmtpCommand | null;
  readonly remoteMta: string | null;
}

const MAX_LINES = 10_000;
const MAX_SECTION = 40;
/** The address at the beginning of a line, behind brackets, quotes or a label (`To:`). */
const START = /^[\s<"'*>-]{0,20}(?:\w{1,20}:\s{0,4}<?)?((?:"[^"]{1,100}"|[^\s<>:"'(),;]{1,256})@[^\s<>:"'(),;]{1,255})/;
/** At the margin, so that an address which opens a folded line does not end the section. */
const NEXT = /^[ \t]{0,12}<[^\s<>]{1,256}@[^\s<>]{1,255}>/;

export function readHumanText(text: string): HumanText {
  const lines = text.split("\n", MAX_LINES);
  const starts = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const address = line.includes("@") ? START.exec(line)?.[1]?.toLowerCase().replace(/\.+$/, "") : undefined;
    if (address !== undefined && !starts.has(address)) starts.set(address, index);
  }
  return { lines, starts, exchanges: readTranscript(text) };
}

/** From the line that begins with the address to the blank line or to the next address. */
function sectionOf({ lines, starts }: HumanText, wanted: string): string {
  const start = starts.get(wanted);
  if (start === undefined) return "";
  let end = start + 1;
  for (; end < lines.length && end < start + MAX_SECTION; end++) {
    const line = lines[end]!;
    if (line.trim() === "") break;
    if (line.includes("@") && !line.toLowerCase().includes(wanted) && isNext(line, lines[start]!)) break;
  }
  return lines.slice(start, end).join("\n");
}

/** Another recipient's line: `<other@example.org>…`, or an address as little indented as the first. */
const isNext = (line: string, first: string): boolean =>
  NEXT.test(line) || (START.test(line) && indentOf(line) <= indentOf(first));
const indentOf = (line: string): number => line.length - line.trimStart().length;

/** The exchange that refused this address: named in the command or in the reply; or the only refusal there is. */
function exchangeOf(exchanges: readonly Exchange[], wanted: string, alone: boolean): Exchange | null {
  if (exchanges.length === 0) return null;
  const names = (text: string): boolean => text.toLowerCase().includes(wanted);
  const refusals = exchanges.filter(({ reply }) => /^[45]\d\d/.test(reply));
  const named = refusals.findLast(({ sent, reply }) => names(sent) || names(reply));
  if (named) return named.command === "DATA" && names(named.reply) ? { ...named, command: "RCPT" } : named;
  return alone ? (refusals.findLast(({ reply }) => !/no valid recipients/i.test(reply)) ?? null) : null;
}

/** `alone`: the report has one recipient, so that a transcript that names nobody speaks of it. */
export function sayingOf(human: HumanText, address: string, alone: boolean): Saying {
  const wanted = address.toLowerCase();
  const section = sectionOf(human, wanted);
  const local = section.includes("<<<") ? readTranscript(section) : [];
  const exchange = exchangeOf(local.length > 0 ? local : human.exchanges, wanted, alone || local.length > 0);
  return {
    reply: exchange?.reply ?? (section === "" ? null : replyIn(section, wanted)),
    smtpCommand: (section === "" ? null : findSmtpCommand(section)) ?? exchange?.command ?? null,
    remoteMta: (section === "" ? null : findRemoteMta(section)) ?? exchange?.host ?? null,
  };
}

/** `<address>: host … said: 550 …`, `(reason: 550 …)`, or whatever stands below the address. */
function replyIn(section: string, wanted: string): string | null {
  const reason = /\(reason: ([^]{1,4000}?)\)\s*$/m.exec(section)?.[1];
  if (reason) return toOneLine(reason);
  const at = section.toLowerCase().indexOf(wanted);
  if (at < 0) return null;
  const rest = toOneLine(section.slice(at + wanted.length).replace(/^[>"')]*[\s:.]*/, ""));
  return rest === "" ? null : rest;
}
