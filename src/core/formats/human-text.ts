/**
 * What the human part of a report says of one recipient, where it is clearly tied to that recipient: the paragraph
 * that begins with the address, or the line of a transcript that names it.
 */
import { toOneLine } from "../fields/diagnostic-code.ts";
import { findRemoteMta } from "../fields/remote-mta.ts";
import { findSmtpCommand } from "../fields/smtp-command.ts";
import { readTranscript, type Exchange } from "../fields/transcript.ts";
import type { SmtpCommand } from "../report.ts";

/** Prepared once per message: lines and transcript of the human text. */
export interface HumanText {
  readonly lines: readonly string[];
  readonly exchanges: readonly Exchange[];
}

export interface Saying {
  /** The reply or the reason on one line; null if the text gives none. */
  readonly reply: string | null;
  readonly smtpCommand: SmtpCommand | null;
  readonly remoteMta: string | null;
}

const MAX_LINES = 4_000;
const MAX_SECTION = 40;

export const readHumanText = (text: string): HumanText => ({
  lines: text.split("\n").slice(0, MAX_LINES),
  exchanges: readTranscript(text),
});

const START = /^[ \t]*<?(?:"[^"]{1,100}"|[^\s<>:"]{1,256})@[^\s<>]{1,255}/;

/** From the line that begins with the address to the blank line or to the next address. */
function sectionOf(lines: readonly string[], address: string): readonly string[] {
  const wanted = address.toLowerCase();
  for (const [index, line] of lines.entries()) {
    const at = line.toLowerCase().indexOf(wanted);
    if (at < 0 || !/^[\s<"'*>-]*(?:\w+:\s*<?)?$/.test(line.slice(0, at))) continue;
    const after = line[at + wanted.length] ?? "";
    if (/[\w.@-]/.test(after) && !/^\.?(?:\s|$)/.test(line.slice(at + wanted.length))) continue;
    const section = [line];
    for (const next of lines.slice(index + 1, index + MAX_SECTION)) {
      if (next.trim() === "" || (START.test(next) && !next.toLowerCase().includes(wanted))) break;
      section.push(next);
    }
    return section;
  }
  return [];
}

/** The exchange that refused this address: named in the command or in the reply; or the only refusal there is. */
function exchangeOf(exchanges: readonly Exchange[], address: string, alone: boolean): Exchange | null {
  const wanted = address.toLowerCase();
  const names = (text: string): boolean => text.toLowerCase().includes(wanted);
  const refusals = exchanges.filter(({ reply }) => /^[45]\d\d/.test(reply));
  const named = refusals.findLast(({ sent, reply }) => names(sent) || names(reply));
  if (named) return named.command === "DATA" && names(named.reply) ? { ...named, command: "RCPT" } : named;
  return alone ? (refusals.findLast(({ reply }) => !/no valid recipients/i.test(reply)) ?? null) : null;
}

/** `alone`: the report has one recipient, so that a transcript that names nobody speaks of it. */
export function sayingOf(human: HumanText, address: string, alone: boolean): Saying {
  const section = sectionOf(human.lines, address).join("\n");
  const local = section.includes("<<<") ? readTranscript(section) : [];
  const exchange = exchangeOf(local.length > 0 ? local : human.exchanges, address, alone || local.length > 0);
  const said = replyIn(section, address);
  return {
    reply: exchange?.reply ?? said,
    smtpCommand: (section === "" ? null : findSmtpCommand(section)) ?? exchange?.command ?? null,
    remoteMta: (section === "" ? null : findRemoteMta(section)) ?? exchange?.host ?? null,
  };
}

/** `<address>: host … said: 550 …`, `(reason: 550 …)`, or whatever stands below the address. */
function replyIn(section: string, address: string): string | null {
  const reason = /\(reason: ([^]{1,4000})\)\s*$/m.exec(section)?.[1];
  if (reason) return toOneLine(reason);
  const at = section.toLowerCase().indexOf(address.toLowerCase());
  if (at < 0) return null;
  const rest = toOneLine(section.slice(at + address.length).replace(/^[>"')]*[\s:.]*/, ""));
  return rest === "" ? null : rest;
}
