/**
 * Sendmail's words without delivery status fields, from version 5 on, and of those who copied its sections: Smail,
 * Biglobe, Mail2000, Active!hunter, McAfee, old Exchange gateways.
 *
 *        ----- The following addresses had permanent fatal errors -----
 *     <user@example.org>
 *         (reason: 550 5.1.1 <user@example.org>... User unknown)
 *         (expanded from: <alias@example.com>)
 *
 *        ----- Transcript of session follows -----
 *     ... while talking to mx.example.org.:
 *     >>> RCPT To:<user@example.org>
 *     <<< 550 5.1.1 <user@example.org>... User unknown
 *
 * Version 5 has the transcript alone: `550 <user@example.org>... User unknown`.
 */
import { isReportLike } from "../notice/conversation.ts";
import { unwrapAddress } from "../fields/address.ts";
import { isAddress } from "../../addresses/is-address.ts";
import { domainOf } from "../../addresses/domain.ts";
import { type Block, readBlocks } from "../notice/blocks.ts";
import { identityOf } from "../notice/quoted-identity.ts";
import { reportOf } from "../notice/notice-report.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import type { OriginalMessage } from "../report/report.ts";
import { type Format } from "./format.ts";
import { notMine } from "../report/reading.ts";

const RULE = /^-{2,}/;
const OPEN_TITLE =
  /^\s*\|?-{2,}\s*((?:failed addresses|failed recipients|message not delivered|the following)\b[^\n]{0,60}?):?\s*-{0,}\|?\s*$/i;
const ADDRESSES = /address|recipient|not delivered to/i;
const TRANSCRIPT = /transcript/i;
/** `550 <user@example.org>... User unknown`, `user@example.org... Deferred: Connection refused by mx.example.org`. */
const VERDICT = /^(?:([45]\d\d)\s)?\s?(<[^<>\s]{3,400}>|[^\s<>]{1,200}@[^\s<>]{1,255}?)\s?\.\.\.\s*(\S.*)$/;
const EMPTY_VERDICT = /service unavailable|unknown mailer error|cannot open mail/i;
const SENT_RCPT = /^\s*>>> RCPT TO:\s?<([^<>\s]{3,400})>/i;

interface Section {
  readonly title: string;
  readonly lines: string[];
}

export const sendmailText: Format = {
  id: "sendmail-text",
  read(mail, notice) {
    if (!isReportLike(mail, notice)) return notMine;
    const sections = sectionsOf(notice.lines);
    const listed = sections.filter(({ title }) => ADDRESSES.test(title));
    const transcript = sections.filter(({ title }) => TRANSCRIPT.test(title)).flatMap(({ lines }) => lines);
    if (listed.length === 0 && transcript.length === 0) return notMine;
    const blocks = listed.flatMap(({ lines }) => readBlocks(lines, (head) => !head.loose && head.indent < 12).blocks);
    const verdicts = verdictsIn([...transcript, ...listed.flatMap(({ lines }) => lines)]);
    const byAddress = new Map(verdicts.map((verdict) => [verdict.address?.toLowerCase() ?? "", verdict]));
    const found = blocks.length > 0 ? blocks.map((block) => withVerdict(block, byAddress)) : verdicts;
    const named = found.length > 0 ? found : hostVerdict(transcript, onlyRecipient(identityOf(mail, notice)));
    if (named.length === 0) return notMine;
    const others = sections.filter((section) => !listed.includes(section) && !TRANSCRIPT.test(section.title));
    const common = transcript.length > 0 ? transcript : others.flatMap(({ lines }) => lines);
    return reportOf({ mail, notice, software: softwareOfNotice(mail, notice), blocks: named, common });
  },
};

/** `   ----- Transcript of session follows -----` -> the words between the rules, or null. */
function ruledTitle(line: string): string | null {
  const ruled = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  if (!RULE.test(ruled) || !ruled.endsWith("--")) return null;
  let [start, end] = [0, ruled.length];
  while (ruled[start] === "-") start++;
  while (end > start && ruled[end - 1] === "-") end--;
  const title = ruled.slice(start, end).trim().replace(/:$/, "").trimEnd();
  return title.length >= 3 && title.length <= 81 ? title : null;
}

/** Text below each ruled-off title; what stands above the first is left out. */
function sectionsOf(lines: readonly string[]): readonly Section[] {
  const sections: Section[] = [];
  for (const line of lines) {
    const title = line.includes("--") ? (ruledTitle(line) ?? OPEN_TITLE.exec(line)?.[1] ?? null) : null;
    if (title !== null) sections.push({ title, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

/** Addresses the transcript passes a verdict on, each with the lines about it. */
function verdictsIn(transcript: readonly string[]): readonly Block[] {
  const blocks = new Map<string, Block>();
  const say = (address: string, line: string): void => {
    const key = address.toLowerCase();
    if (!blocks.has(key)) blocks.set(key, { address, derivedFrom: null, paragraphs: [[line]] });
  };
  let asked: string | null = null;
  let free = "";
  for (const line of transcript) {
    const verdict = VERDICT.exec(line);
    const address = unwrapAddress(verdict?.[2] ?? "");
    const sent = SENT_RCPT.exec(line)?.[1];
    if (sent !== undefined) asked = isAddress(sent) ? sent : null;
    else if (verdict && isAddress(address))
      say(address, EMPTY_VERDICT.test(line) && free !== "" ? `${line}: ${free}` : line);
    else if (asked !== null && /^\s*<<< [45]\d\d/.test(line)) say(asked, line.replace(/^\s*<<< /, ""));
    // What a local mailer printed stands above the verdict: `mail.local: unknown user: jane`.
    free = verdict || /^(?:$|\s*(?:<<<|>>>|\.\.\. ))/.test(line) ? "" : line.trim();
  }
  return [...blocks.values()];
}

/** `421 example.org (smtp)... Deferred: Connection timed out`: version 5 names the host alone. */
const HOST_VERDICT = /^([45]\d\d)\s([\w.-]{3,255})\s\([\w-]{1,20}\)\s?\.\.\.\s*\S/;

const onlyRecipient = (original: OriginalMessage | null): string | null =>
  original?.to.length === 1 ? original.to[0]! : null;

/** Where it is the host of the one whom the returned message was for. */
function hostVerdict(transcript: readonly string[], only: string | null): readonly Block[] {
  if (only === null) return [];
  const line = transcript.find((one) => HOST_VERDICT.exec(one)?.[2]?.toLowerCase() === domainOf(only)?.toLowerCase());
  return line === undefined ? [] : [{ address: only, derivedFrom: null, paragraphs: [[line]] }];
}

/** `(unrecoverable error)` says less than the transcript. */
function withVerdict(block: Block, verdicts: ReadonlyMap<string, Block>): Block {
  const own = block.paragraphs.flat().join(" ");
  const said = verdicts.get(block.address?.toLowerCase() ?? "");
  const isEmpty = own === "" || /^\(?(?:unrecoverable error|transient failure|permanent failure)\)?$/i.test(own);
  return said && isEmpty ? { ...block, paragraphs: said.paragraphs } : block;
}
