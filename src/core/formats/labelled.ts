/**
 * Reports made of `Label: value` lines in prose, in any language: Sun, iPlanet and Oracle Messaging Server, MailEnable,
 * LISTSERV's LSMTP, MailMarshal, MDaemon, InterMail, Haraka's text, Zoho, Verizon's MMS gateways, SurfControl,
 * MailScanner, Barracuda, the system mails of many providers and others.
 *
 *     Recipient address: user@example.org          Empfänger: user@example.org
 *     Original address: alias@example.com          Betreff:   Ihre Rechnung
 *     Reason: Rejection greeting returned.         Grund:     550 5.1.1 Postfach unbekannt
 *     Remote system: dns;mx.example.org
 *
 * `To:` and its kin stand in the header of every mail as well: they count where a daemon writes, beside a reason or a
 * subject, and only where no better label names a recipient.
 */
import { hasReversePath, isFromDaemon, isMailSystem } from "../mime/sender.ts";
import { addressesIn } from "../fields/address.ts";
import { isAddress } from "../../addresses/is-address.ts";
import { parseMta } from "../fields/remote-mta.ts";
import { plain } from "../knowledge/plain.ts";
import type { Mail } from "../mime/mail.ts";
import type { Block } from "../notice/blocks.ts";
import { isConversation, isReply } from "../notice/conversation.ts";
import { type LabelledLine, readLabel } from "../notice/labels.ts";
import { isAboutMail } from "../notice/goods.ts";
import type { Notice } from "../notice/notice.ts";
import { reportOf } from "../notice/notice-report.ts";
import { FAILURE_WORDS, REASON_WORDS, SUCCESSES, TROUBLE_WORDS, holdsOneOf } from "../notice/phrases.ts";
import { weightOf } from "../notice/reply.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { isToRecipient } from "./answers/second-hand.ts";
import { type Format } from "./format.ts";
import { notMine, type Reading } from "../report/reading.ts";

interface Group {
  address: string | null;
  derivedFrom: string | null;
  remote: string | null;
  reason: string[];
}

interface Groups {
  readonly intro: readonly string[];
  readonly groups: readonly Group[];
  /** What stands above, for every group without a reason of its own. */
  readonly early: readonly string[];
}

export const labelled: Format = {
  id: "labelled",
  read(mail, notice) {
    if (!isNotice(mail, notice) || !(isMailSystem(mail) || isAboutMail(notice))) return notMine;
    const { intro, groups: named, early } = readGroups(notice);
    const groups = named.length > 0 && notice.isDaemon ? [...namedAlone(notice, named), ...named] : named;
    const isSaid = weightOf(notice.lines) >= 2 || speaksOfFailure(notice);
    // A machine that is no mail system labels what it likes: then the reason, too, must be one of failed mail.
    const isReasoned = isFromDaemon(mail) ? groups.some(hasReason) : groups.some(fails);
    if (groups.length === 0 || !(isSaid || isReasoned)) return notMine;
    // One list for all that share their words: they are read once.
    const shared = [early];
    const blocks = groups.map(({ address, derivedFrom, reason }): Block => ({
      address,
      derivedFrom,
      paragraphs: reason === early ? shared : [reason],
    }));
    const reading = reportOf({ mail, notice, software: softwareOfNotice(mail, notice), blocks, common: intro });
    return withRemote(reading, groups);
  },
};

/** InterMail: what its own server refused stands as `<user@example.org>` alone, below the sentence that says why. */
function namedAlone({ lines, sentTo, sender }: Notice, named: readonly Group[]): readonly Group[] {
  const known = new Set([...named.map(({ address }) => address?.toLowerCase()), ...sentTo, sender]);
  let above = "";
  return lines.flatMap((line): Group[] => {
    const address = ALONE.exec(line)?.[1];
    if (address === undefined) {
      if (line !== "") above = line.trim();
      return [];
    }
    if (!isAddress(address) || known.has(address.toLowerCase()) || !holdsOneOf(plain(above), REASON_WORDS)) return [];
    known.add(address.toLowerCase());
    return [{ address, derivedFrom: null, remote: null, reason: [above] }];
  });
}
const ALONE = /^\s{0,8}<([^<>\s]{3,400})>$/;

/** `Status: delivered`, between recipients that failed. */
const isSuccess = (reason: string): boolean => {
  const words = plain(reason);
  return SUCCESSES.at(words, 0) === words;
};
const hasReason = (group: Group): boolean => group.reason.length > 0;
const fails = ({ reason }: Group): boolean => holdsOneOf(plain(reason.join(" ")), TROUBLE_WORDS);

/** MailScanner has no label for the reason. */
const speaksOfFailure = (notice: Notice): boolean =>
  notice.isDaemon &&
  !isReply(notice) &&
  (holdsOneOf(plain(notice.subject), FAILURE_WORDS) || holdsOneOf(notice.words, FAILURE_WORDS));

function isNotice(mail: Mail, notice: Notice): boolean {
  if (isToRecipient(mail, notice)) return false;
  if (notice.isMachineSender) return true;
  if (!notice.isFailureSubject || isConversation(mail, notice) || hasReversePath(mail)) return false;
  return holdsOneOf(notice.words.slice(0, 1_000), FAILURE_WORDS);
}

function withRemote(reading: Reading, groups: readonly Group[]): Reading {
  if (reading.kind !== "report") return reading;
  const remotes = new Map(groups.map(({ address, remote }) => [address, remote]));
  const recipients = reading.report.recipients.map((recipient) => ({
    ...recipient,
    remoteMta: recipient.remoteMta ?? parseMta(remotes.get(recipient.finalRecipient) ?? ""),
  }));
  return { ...reading, report: { ...reading.report, recipients } };
}

/** A recipient label begins a group; labels of reason, remote host and original address add to it. */
function readGroups(notice: Notice): Groups {
  const read = notice.lines.map(readLabel);
  const names = recipientLabels(notice, read);
  const groups: Group[] = [];
  const intro: string[] = [];
  const early: string[] = [];
  let open: Group | null = null;
  let inReason = false;
  let inRecipients = false;
  const add = (addresses: readonly string[]): void => {
    for (const address of addresses) groups.push((open = { address, derivedFrom: null, remote: null, reason: [] }));
  };
  const reason = (): string[] => open?.reason ?? early;
  for (const [index, line] of notice.lines.entries()) {
    const { label = null, value = "" } = read[index] ?? {};
    const isName = label !== null && names.has(label);
    const addresses = isName || (inRecipients && label === null) ? addressesIn(isName ? value : line) : [];
    if (addresses.length > 0) {
      add(addresses);
      inReason = false;
      inRecipients = isName && value === "" ? true : inRecipients && !isName;
    } else if (isName) {
      inReason = false;
      inRecipients = value === "";
    } else if (label === "original" && open) {
      (open as Group).derivedFrom = addressesIn(value)[0] ?? null;
      inReason = false;
    } else if (label === "remote" && open) {
      (open as Group).remote = value.replace(/^<|>$/g, "");
      inReason = false;
    } else if (label === "reason") {
      inReason = true;
      inRecipients = false;
      if (value !== "" && !/^\d{1,2}$/.test(value)) reason().push(value);
    } else if (line.trim() === "" || read[index]) {
      inReason = inReason && line.trim() === "" && reason().length === 0;
      if (read[index]) inRecipients = false;
    } else if (inReason) reason().push(line.trim());
    else if (!open) intro.push(line);
  }
  // MMS gateways and some filters say why before they say who.
  if (early.length === 0)
    early.push(...notice.lines.filter((line) => weightOf([line]) >= 2).map((line) => line.trim()));
  const unique = new Map<string | null, Group>();
  for (const group of groups) if (!unique.has(group.address)) unique.set(group.address, group);
  const failed = [...unique.values()].filter(({ reason: said }) => !said.some(isSuccess));
  for (const group of failed) if (group.reason.length === 0) group.reason = early;
  return { intro, groups: failed, early };
}

/** Which labels name a recipient here. */
function recipientLabels(notice: Notice, read: readonly (LabelledLine | null)[]): ReadonlySet<string> {
  const strong = new Set(["recipient"]);
  const namesRecipient = read.some((line, index) => {
    if (line?.label !== "recipient") return false;
    return addressesIn(line.value === "" ? (notice.lines[index + 1] ?? "") : line.value, 1).length > 0;
  });
  if (namesRecipient || !notice.isDaemon || isReply(notice)) return strong;
  const named = read.flatMap((line) => (line?.label === "to" ? addressesIn(line.value.toLowerCase(), 20) : []));
  const own = [...notice.sentTo, notice.sender];
  // MailScanner quotes the header of the mail and says what became of it in a sentence.
  const isBeside = read.some((line) => line?.label === "reason" || line?.label === "subject");
  const isOthers = named.length > 0 && !named.some((address) => own.includes(address));
  return isBeside && isOthers && speaksOfFailure(notice) ? new Set(["recipient", "to"]) : strong;
}
