/** Blocks and words of a notice -> a report. */
import { addressesIn, sameAddress } from "../fields/address.ts";
import { parseDate } from "../fields/date.ts";
import { readTranscript, refusalsIn, type Exchange, type Refusals } from "../fields/transcript.ts";
import type { Reading } from "../report/reading.ts";
import { plain } from "../knowledge/plain.ts";
import type { Mail } from "../mime/mail.ts";
import type { OriginalMessage, RecipientReport } from "../report/report.ts";
import type { Warning } from "../fields/warning.ts";
import type { Action } from "../../event/smtp.ts";
import type { Block } from "./blocks.ts";
import type { Notice } from "./notice.ts";
import { sharedWords, withinShare } from "./shared-words.ts";
import { identityOf, receivedAtIn } from "./quoted-identity.ts";
import {
  COURTESIES,
  DELAY_SURE,
  DELAY_WORDS,
  FAILURE_WORDS,
  FINAL_WORDS,
  REASON_WORDS,
  TITLES,
  holdsOneOf,
} from "./phrases.ts";
import { fromExchange, hostIn, readReason, reasonReader, weightOf, type ReasonReader } from "./reply.ts";

export interface NoticeReport {
  readonly mail: Mail;
  readonly notice: Notice;
  readonly software: string | null;
  readonly blocks: readonly Block[];
  /** Words about all recipients, used where a block has none of its own. */
  readonly common: readonly string[];
  readonly reportingMta?: string | null;
}

/** Rules, times and quoted subjects beside a reason: no part of it. */
const DECORATION =
  /^[-=*_#+~.\s]{3,}$|^-{3,}|^[*=#]{2,}.*[*=#]{2,}$|^subject\s?:|^\d{1,2}:\d{2}:\d{2}\s?[+-]?\d{0,4}$/iu;

/** `Diagnostic information for administrators:`, a title above a reason. */
function isTitle(line: string): boolean {
  if (DECORATION.test(line)) return true;
  const words = plain(line).replace(/\s?[:：]$/, "");
  return TITLES.at(words, 0) === words;
}

/** A courtesy around the reason, as servers write it. */
const isCourtesy = (line: string): boolean => COURTESIES.at(plain(line.slice(0, 200)), 0) !== null;

/** `Hello news@example.com,` in any language. */
const isGreeting = (lines: readonly string[]): boolean =>
  lines.length === 1 && /^.{1,80}(?:[,!،、]|様)$/u.test(lines[0]!);

/** Announces only: `The following recipients did not receive your message:`. */
const isAnnouncement = (lines: readonly string[]): boolean => {
  const words = plain(lines.join(" "));
  if (holdsOneOf(words, REASON_WORDS) || weightOf(lines) > 0) return false;
  // `because :`, `car :`
  if (lines.length === 1 && words.length < 40 && /[:：]$/.test(words)) return true;
  const speaks = holdsOneOf(words, FAILURE_WORDS) || holdsOneOf(words, DELAY_SURE);
  return speaks && (words.endsWith(":") || /\b(?:following|these) (?:recipient|address)/.test(words));
};

/** Of several paragraphs the one with a reply, else the first that gives a reason. */
export function reasonLines(paragraphs: readonly (readonly string[])[]): readonly string[] {
  const useful = paragraphs
    .map((lines) => lines.filter((line) => !isTitle(line.trim())).map((line) => line.replace(/^-{1,2}>?\s+/, "")))
    .filter((lines) => lines.length > 0 && !isAnnouncement(lines));
  const weights = useful.map(weightOf);
  const most = Math.max(0, ...weights);
  if (most > 0) return useful[weights.indexOf(most as 1 | 2 | 3)]!;
  return useful.find((lines) => !isCourtesy(lines[0]!) && !isGreeting(lines)) ?? [];
}

const paragraphsOf = (lines: readonly string[]): readonly (readonly string[])[] => {
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    if (line === "") paragraphs.push([]);
    else paragraphs.at(-1)!.push(line.trim());
  }
  return paragraphs;
};

/** Failed, unless the notice says that the server goes on trying. */
export function actionOf(notice: Notice, intro: string): Action {
  // Sendmail's return receipt, its delivery status lost.
  if (/had successful delivery notifications/.test(notice.words) && !/had (?:permanent|transient)/.test(notice.words))
    return /relayed to/.test(notice.words) ? "relayed" : "delivered";
  const subject = plain(notice.subject);
  if (holdsOneOf(notice.words, FINAL_WORDS) && !holdsOneOf(subject, DELAY_WORDS)) return "failed";
  if (holdsOneOf(notice.words, DELAY_SURE)) return "delayed";
  return holdsOneOf(subject, DELAY_WORDS) || holdsOneOf(plain(intro), DELAY_WORDS) ? "delayed" : "failed";
}

/** Up to the first reply: what a remote server calls delayed is not what the notice reports. */
function aboveReply(lines: readonly string[]): readonly string[] {
  const reply = lines.findIndex((line) => weightOf([line]) === 3);
  return reply < 0 ? lines : lines.slice(0, reply);
}

interface OwnReason {
  readonly weight: number;
  readonly read: ReasonReader;
}

/** Of several recipients, one whom no exchange names shares only what was said to a command for all. */
const exchangeFor = (refusals: Refusals, address: string | null, alone: boolean): Exchange | null =>
  (address === null ? null : refusals.naming(address)) ?? (alone ? refusals.last : refusals.shared);

export function reportOf(input: NoticeReport): Reading {
  const { mail, notice, software, blocks, common } = input;
  const original = identityOf(mail, notice);
  const action = actionOf(notice, aboveReply(common).join(" "));
  const wholeText = notice.lines.join("\n");
  const refusals = refusalsIn(readTranscript(wholeText));
  const host = refusals.last ? hostIn(wholeText) : null;
  const last = blocks.at(-1);
  const introduced = reasonLines(paragraphsOf(common));
  const behind = last ? reasonLines(last.paragraphs) : [];
  const shared = behind.length > 0 ? behind : introduced;
  const warnings: Warning[] = [];
  const introducedWeight = weightOf(introduced);
  const ofAll = sharedWords(shared, blocks);
  const introduces = sharedWords(introduced, blocks);
  // Words about many are read once.
  const readers = new Map<readonly unknown[], OwnReason>();
  const reasonIn = (
    key: readonly unknown[],
    lines: readonly string[],
    around: readonly string[],
    weight: () => number,
  ): OwnReason => {
    const known = readers.get(key);
    if (known) return known;
    const kept = withinShare(lines, blocks.length);
    const made = { weight: weight(), read: reasonReader(kept, software, withinShare(around, blocks.length)) };
    readers.set(key, made);
    return made;
  };
  const ownReason = ({ paragraphs, address }: Block): OwnReason => {
    const known = readers.get(paragraphs);
    if (known) return known;
    const near = reasonLines(paragraphs);
    const weight = weightOf(near);
    // Nothing right below the address, and the reply stands above the list.
    const isApart = (paragraphs[0]?.length ?? 0) === 0 && weight === 0 && introducedWeight > 1;
    if (!isApart && near.length > 0) return reasonIn(paragraphs, near, paragraphs.flat(), () => weight);
    const lines = isApart ? introduces(address) : ofAll(address);
    return reasonIn(lines, lines, [], () => (isApart ? weightOf(lines) : 0));
  };
  const reports = blocks.map((block): RecipientReport => {
    const own = ownReason(block);
    const exchange = refusals.last && own.weight < 3 ? exchangeFor(refusals, block.address, blocks.length === 1) : null;
    const reason = exchange ? fromExchange(exchange, host) : own.read(block.address);
    const named = exchange ?? (refusals.last && exchangeFor(refusals, block.address, blocks.length === 1));
    const isSame = named !== null && reason.replyCode !== null && named.reply.startsWith(String(reason.replyCode));
    return {
      finalRecipient: block.address,
      originalRecipient: block.derivedFrom,
      action,
      ...reason,
      smtpCommand: reason.smtpCommand ?? (isSame ? named.command : null),
      remoteMta: reason.remoteMta ?? (isSame ? named.host : null),
      lastAttemptDate: null,
      willRetryUntil: null,
    };
  });
  const recipients = reports.length > 0 ? reports : [nobody(input, original, action, warnings)];
  return {
    kind: "report",
    report: {
      kind: "delivery",
      recipients,
      reportingMta: input.reportingMta ?? null,
      receivedFromMta: null,
      envelopeId: null,
      arrivalDate: parseDate(receivedAtIn(notice) ?? ""),
      software,
      feedback: null,
      original,
    },
    warnings,
  };
}

/** Whom the returned message can only have been for: its one recipient, unless words or trace name somebody else. */
function onlyRecipient(notice: Notice, original: OriginalMessage | null): string | null {
  const only = original?.to.length === 1 ? original.to[0]! : null;
  if (only === null || notice.sentTo.some((own) => sameAddress(own, only))) return null;
  const ours = new Set([only.toLowerCase(), notice.sender, ...notice.sentTo]);
  const others = addressesIn(notice.lines.join("\n").toLowerCase(), 20).filter(
    (one) => !ours.has(one) && !/^(?:postmaster|mailer-daemon)@/.test(one),
  );
  const traced = /\bfor <([^<>\s]{3,300})>/.exec(original?.headers.get("received") ?? "")?.[1] ?? only;
  return others.length === 0 && sameAddress(traced, only) ? only : null;
}

/** The notice names nobody. */
function nobody(
  { notice, common, software }: NoticeReport,
  original: OriginalMessage | null,
  action: Action,
  warnings: Warning[],
): RecipientReport {
  const known = onlyRecipient(notice, original);
  warnings.push({
    code: known === null ? "no-recipient" : "recipient-from-original",
    ...(known === null ? {} : { value: known }),
  });
  return {
    finalRecipient: null,
    originalRecipient: known,
    action,
    ...readReason(reasonLines(paragraphsOf(common)), known, software),
    lastAttemptDate: null,
    willRetryUntil: null,
  };
}
