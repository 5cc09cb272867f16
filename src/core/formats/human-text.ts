/**
 * What the human part of a report says of one recipient, where it is clearly tied to that recipient: the paragraph
 * that begins with the address, or the line of a transcript that names it.
 */
import { toOneLine } from "../fields/diagnostic-code.ts";
import { findRemoteMta } from "../fields/remote-mta.ts";
import { findSmtpCommand } from "../fields/smtp-command.ts";
import { readTranscript, type Exchange } from "../fields/transcript.ts";
import type { SmtpCommand } from "../report.ts";

/** Prepared once per message. */
export interface HumanText {
  readonly text: string;
  /** The same, lower-case: addresses are compared without regard to case. */
  readonly lower: string;
  readonly exchanges: readonly Exchange[];
}

export interface Saying {
  /** The reply or the reason on one line; null if the text gives none. */
  readonly reply: string | null;
  readonly smtpCommand: SmtpCommand | null;
  readonly remoteMta: string | null;
}

const MAX_TEXT = 400_000;
const MAX_SECTION = 40;

export function readHumanText(whole: string): HumanText {
  const text = whole.slice(0, MAX_TEXT);
  const lower = text.toLowerCase();
  // A few letters change their length in lower case (İ): positions must agree.
  return { text, lower: lower.length === text.length ? lower : text, exchanges: readTranscript(text) };
}

const START = /^[ \t]*<?(?:"[^"]{1,100}"|[^\s<>:"]{1,256})@[^\s<>]{1,255}/;
/** What may stand between the line's beginning and the address: brackets, quotes, a label (`To:`). */
const BEFORE = /^[\s<"'*>-]*(?:\w+:\s*<?)?$/;

/** From the line that begins with the address to the blank line or to the next address. */
function sectionOf({ text, lower }: HumanText, wanted: string): string {
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
    const start = text.lastIndexOf("\n", at) + 1;
    const after = text.slice(at + wanted.length, at + wanted.length + 2);
    if (at - start > 60 || !BEFORE.test(text.slice(start, at)) || /^(?:[\w@-]|\.\w)/.test(after)) continue;
    let end = start;
    for (let lines = 0; lines < MAX_SECTION && end < text.length; lines++) {
      const next = text.indexOf("\n", end);
      const line = text.slice(end, next < 0 ? text.length : next);
      if (lines > 0 && (line.trim() === "" || (START.test(line) && !line.toLowerCase().includes(wanted)))) break;
      end = next < 0 ? text.length : next + 1;
    }
    return text.slice(start, end).trimEnd();
  }
  return "";
}

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
