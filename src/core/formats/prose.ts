/**
 * The last resort: free text. Two of three marks are asked for - a daemon or null sender, a subject about failed
 * delivery, words of failure at the very beginning - and an address that the text ties to the failure: on a line of
 * its own below an announcement, or as the recipient in a sentence. Without such an address it is no report.
 */
import { unwrapAddress } from "../fields/address.ts";
import { isAddress } from "../../addresses/is-address.ts";
import { headerOf, type Mail } from "../mime/mail.ts";
import { isConversation, isReply } from "../notice/conversation.ts";
import type { Block } from "../notice/blocks.ts";
import { isAboutMail } from "../notice/goods.ts";
import { readListed } from "../notice/listed.ts";
import { saysWhyRefused } from "../notice/refusal-said.ts";
import type { Notice } from "../notice/notice.ts";
import { reportOf } from "../notice/notice-report.ts";
import { plain } from "../knowledge/plain.ts";
import { DELAY_SURE, FAILURE_WORDS, OWNED, TO_READER, holdsOneOf, opensWithOneOf } from "../notice/phrases.ts";
import { readTied } from "../notice/tied-addresses.ts";
import { weightOf } from "../notice/reply.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { looksLikeReport } from "./answers/answer.ts";
import { isFromDaemon, isFromNobody, isMailSystem, hasReversePath } from "../mime/sender.ts";
import { isToRecipient } from "./answers/second-hand.ts";
import { type Format } from "./format.ts";
import { notMine, type Reading } from "../report/reading.ts";

/** Lines that say something, of which the first must speak of failure. */
const FIRST_LINES = 4;

export const prose: Format = {
  id: "prose",
  read(mail, notice) {
    const opens = opensWithFailure(notice);
    if (isPosted(mail) && !announcesFailure(notice)) return notMine;
    const marks = Number(notice.isMachineSender) + Number(notice.isFailureSubject) + Number(opens);
    if (marks < 2) return readUntranslated(mail, notice);
    const isSpoken = isConversation(mail, notice) || hasReversePath(mail);
    if (!notice.isMachineSender && isSpoken && !isNothingElse(notice)) return notMine;
    if (isToRecipient(mail, notice)) return notMine;
    if (notice.isMachineSender && !notice.isFailureSubject && !isFromDaemon(mail) && !isPlainlyReport(mail, notice))
      return notMine;
    if (!isMailSystem(mail) && !looksLikeReport(mail) && !isAboutMail(notice)) return notMine;
    const listed = readListed(notice);
    const blocks = listed.blocks.length > 0 ? listed.blocks : readTied(notice);
    if (blocks.length > 0 && opensToReader(mail, notice)) return notMine;
    if (blocks.length === 0) {
      const untranslated = readUntranslated(mail, notice);
      if (untranslated.kind === "report") return untranslated;
    }
    // All three marks of a daemon make a report even where it names nobody, but for what says nothing of any mail of
    // ours: a full mailbox warns its owner in the same words.
    const isWarning = !returnsMail(mail) && holdsOneOf(notice.words, TO_READER);
    const isSure = marks === 3 && notice.isDaemon && isPlainlyReport(mail, notice) && !isWarning;
    if (blocks.length === 0 && (!isSure || isReply(notice))) return notMine;
    return reportOf({ mail, notice, software: softwareOfNotice(mail, notice), blocks, common: listed.intro });
  },
};

/**
 * A list distributed it: whoever may write to the list chose its sender and its subject. A server's reply alone, below
 * them, is no report; a bounce that the list hands on to its owner announces the failure in words.
 */
const isPosted = (mail: Mail): boolean => headerOf(mail, "list-id") !== null && hasReversePath(mail);

/** Characters in which a notice to the reader says so. */
const OPENING = 300;

/**
 * `A message to you was held`: its first words speak of mail to the reader, and no server's reply stands beside. A
 * forwarding service quotes one: that of the reader's own server, to the owner of the alias.
 */
const opensToReader = (mail: Mail, notice: Notice): boolean =>
  !returnsMail(mail) &&
  notice.returned.length === 0 &&
  (opensWithOneOf(notice, OWNED, OPENING) ||
    (opensWithOneOf(notice, TO_READER, OPENING) && weightOf(notice.lines) < 2));

/** In a language that we have no words of: a daemon's list of addresses with a server's reply beside them. */
function readUntranslated(mail: Mail, notice: Notice): Reading {
  if (!notice.isDaemon || !isFromDaemon(mail) || isReply(notice)) return notMine;
  const { intro, blocks } = readListed(notice, { announced: true });
  const others = blocks.filter(({ address }) => address === null || !isOurs(notice, address.toLowerCase()));
  const answered = others.some(({ paragraphs }) => paragraphs.some((lines) => weightOf(lines) === 3));
  const found = answered ? others : readSpoken(mail, notice, others);
  if (found.length === 0) return notMine;
  return reportOf({ mail, notice, software: softwareOfNotice(mail, notice), blocks: found, common: intro });
}

/** Sentences of a daemon's notice that are understood. */
const MAX_SPOKEN = 12;

/**
 * From a daemon with the null reverse-path: the address in a sentence that says why, or beside one, whatever the words
 * that announce the failure. A notice to the reader about his own mailbox is none.
 */
function readSpoken(mail: Mail, notice: Notice, listed: readonly Block[]): readonly Block[] {
  if (!isFromNobody(mail) || isToRecipient(mail, notice) || headerOf(mail, "list-id") !== null) return [];
  if (opensWithOneOf(notice, TO_READER, OPENING) || opensWithOneOf(notice, OWNED, OPENING)) return [];
  let left = MAX_SPOKEN;
  const tied = readTied(notice, (text, isBeside) => left-- > 0 && saysWhyRefused(text, isBeside));
  if (tied.length > 0) return tied;
  const isReason = (lines: readonly string[]): boolean => left-- > 0 && saysWhyRefused(lines.join(" "), false);
  return listed.length > 0 && listed.every(({ paragraphs }) => paragraphs.some(isReason)) ? listed : [];
}

const isOurs = (notice: Notice, address: string): boolean =>
  address === notice.sender || notice.sentTo.includes(address);

/** `Could not be delivered to: <user@example.org>`. */
const NAMES_AT_ONCE =
  /\b(?:not (?:be |been )?delivered|n't (?:be |been )?delivered|unable to deliver|failed to deliver)[^@]{0,40} to:? ["'<]?[^\s<>]{1,200}@|^.{0,80}\byour (?:e-?mail|message)(?: sent)? to:? ["'<]?[^\s<>]{1,200}@/;

const returnsMail = (mail: Mail): boolean =>
  mail.parts.some(({ contentType }) => /^(?:message|text)\/rfc822/.test(contentType));

/** Any machine may send with the null reverse-path; one without a title for it names the recipient or returns the mail. */
const isPlainlyReport = (mail: Mail, notice: Notice): boolean =>
  looksLikeReport(mail) ||
  notice.returned.length > 0 ||
  returnsMail(mail) ||
  (!isReply(notice) && NAMES_AT_ONCE.test(notice.words.slice(0, 500)));

/** In two languages that it could not be delivered, and to whom: a person or a shop says more, and says it once. */
function isNothingElse({ lines, sentTo }: Notice): boolean {
  const said = lines.map((line) => line.trim()).filter((line) => /[\p{L}\p{N}]/u.test(line));
  if (said.length > MAX_SAID) return false;
  const isBare = (line: string): boolean => isAddress(unwrapAddress(line));
  const addresses = said.filter(isBare).map((line) => unwrapAddress(line).toLowerCase());
  const [first] = addresses;
  return (
    first !== undefined &&
    addresses.length > 1 &&
    addresses.every((address) => address === first) &&
    !sentTo.includes(first) &&
    said.every((line) => isBare(line) || holdsOneOf(plain(line), FAILURE_WORDS))
  );
}
const MAX_SAID = 12;

const firstLines = (notice: Notice): readonly string[] =>
  notice.lines.filter((line) => /[\p{L}\p{N}]{2}/u.test(line)).slice(0, FIRST_LINES);

function speakOfFailure(lines: readonly string[]): boolean {
  const words = plain(lines.join(" "));
  return holdsOneOf(words, FAILURE_WORDS) || holdsOneOf(words, DELAY_SURE);
}

const opensWithFailure = (notice: Notice): boolean => speakOfFailure(firstLines(notice));

/** Says so itself, beside the replies that it quotes. */
const announcesFailure = (notice: Notice): boolean =>
  speakOfFailure(firstLines(notice).filter((line) => weightOf([line]) < 3));
