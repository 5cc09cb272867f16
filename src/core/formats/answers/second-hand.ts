/**
 * Mail about a bounce that is none itself: a list warns its subscriber and attaches an old bounce, a gateway tells the
 * recipient what it kept from him, a person forwards a bounce or asks about it. Nothing of ours failed just now, so no
 * reader of reports is asked about such mail.
 */
import { addressesIn } from "../../fields/address.ts";
import { areOfOneHouse } from "../../../addresses/domain.ts";
import { headerOf, type Mail } from "../../mime/mail.ts";
import { isReportInside } from "../../mime/wrapped.ts";
import { plain } from "../../knowledge/plain.ts";
import { isReply } from "../../notice/conversation.ts";
import { isAboutGoods } from "../../notice/goods.ts";
import { readLabel } from "../../notice/labels.ts";
import type { Notice } from "../../notice/notice.ts";
import { weightOf } from "../../notice/reply.ts";
import { failsForReader } from "../../notice/tied-addresses.ts";
import { FAILURE_WORDS, LIST_WARNINGS, holdsOneOf } from "../../notice/phrases.ts";
import { looksLikeReport } from "./answer.ts";
import { hasReversePath, isFromDaemon, isFromNobody, reversePathOf, senderOf } from "../../mime/sender.ts";

const LIST_HEADERS: ReadonlySet<string> = new Set([
  "list-id",
  "list-post",
  "list-help",
  "mailing-list",
  "x-mailman-version",
  "x-mailinglist",
  "x-list-administrivia",
  "x-listar-version",
]);
/** Addresses of list programs: `users-help@`, `users+owner@`, `users-return-warn-…@`, `sympa@`. */
const LIST_ADDRESS =
  /(?:[-+_](?:help|owner|request|bounces?|return|warn|probe|admin|confirm)|^(?:mailman|sympa|listserv|majordomo|ezmlm|listmaster))(?:[-+=_.][^@]*)?@/i;

export function isSecondHand(mail: Mail, notice: Notice): boolean {
  // A typed report in the mail of a person, not the mail itself: somebody passes it on.
  if (looksLikeReport(mail)) return isPassedOn(mail, notice);
  if (isToAdministrator(notice) || isAnswerOfPerson(mail, notice)) return true;
  if (isAboutGoods(mail, notice) || isQuoting(mail, notice)) return true;
  if (isFromNobody(mail) || isFromDaemon(mail)) return false;
  return isListWarning(mail, notice) || isFromPerson(mail, notice);
}

/** `Re:` with a reverse-path that takes answers, and nothing attached: a postmaster may be a person too. */
const isAnswerOfPerson = (mail: Mail, notice: Notice): boolean =>
  isReply(notice) &&
  mail.parts.length === 0 &&
  hasReversePath(mail) &&
  headerOf(mail, "in-reply-to") !== null &&
  !/^auto/i.test(headerOf(mail, "auto-submitted") ?? "");

/** A daemon tells the recipient, not the sender: `A message to you was blocked`. */
export function isToRecipient(mail: Mail, notice: Notice): boolean {
  // A list hands on what others were told.
  if (headerOf(mail, "list-id") !== null) return false;
  const named = (label: "to" | "recipient" | "sender"): readonly string[] =>
    notice.lines.flatMap((line) => {
      const read = line.includes("@") ? readLabel(line) : null;
      return read?.label === label ? addressesIn(read.value.toLowerCase(), 5) : [];
    });
  const recipients = [...named("recipient"), ...named("to")];
  const senders = named("sender");
  const isOurs = (address: string): boolean => notice.sentTo.includes(address);
  // A bounce returns the mail or quotes a reply; that may name us as well: `sender verify failed for <us>`.
  const isBare = notice.returned.length === 0 && !mail.parts.some(({ contentType }) => /rfc822/.test(contentType));
  if (isBare && weightOf(notice.lines) < 3 && failsForReader(notice)) return true;
  return recipients.length > 0 && recipients.every(isOurs) && senders.length > 0 && !senders.some(isOurs);
}

/** Who looks after a server; bounces go to whoever sent. */
const ROLE =
  /^(?:post-?master|host-?master|abuse|root|admin|administrator|security|it|virus-?\w*|spam-?\w*|quarantine)@/;
const SENDER_NAMED =
  /^(?:return-path|sender|from|envelope[- ]sender|mail[- ]from)\s?[:=]\s?<?([^<>\s]{1,256}@[^<>\s]{1,255})/;

/**
 * A filter tells who looks after the server what it did to mail of others: `VIRUS in mail FROM <a@b>`. The notice goes
 * to an address of the house, and the sender that it names is of another.
 */
function isToAdministrator(notice: Notice): boolean {
  const { sentTo } = notice;
  // Asked about every mail: its words are read for few.
  if (sentTo.length === 0 || !sentTo.every((address) => ROLE.test(address)) || notice.returned.length > 0) return false;
  const senders = notice.lines.flatMap((line) => SENDER_NAMED.exec(line.trim().toLowerCase())?.[1] ?? []);
  return senders.length > 0 && !senders.some((sender) => sentTo.some((own) => areOfOneHouse(sender, own)));
}

const isListWarning = (mail: Mail, notice: Notice): boolean => {
  const isList =
    mail.headers.some(({ name }) => LIST_HEADERS.has(name)) ||
    LIST_ADDRESS.test(senderOf(mail) ?? "") ||
    LIST_ADDRESS.test(reversePathOf(mail) ?? "");
  return isList && (attachesBounce(mail) || holdsOneOf(notice.words.slice(0, 2_000), LIST_WARNINGS));
};

/** A bounce, whole, as an attachment. */
const attachesBounce = (mail: Mail): boolean =>
  mail.parts.some(({ contentType, content }) => contentType === "message/rfc822" && isReportInside(content));

/** Characters that a person writes at least; a signature or a disclaimer is set off by a rule. */
const MIN_WORDS = 20;

/** Sent by hand: an own reverse-path, no mark of a machine, and words above what it carries. */
function isFromPerson(mail: Mail, notice: Notice): boolean {
  const path = reversePathOf(mail);
  const sender = senderOf(mail)?.toLowerCase();
  if (path === null || path !== sender || MACHINE.test(sender)) return false;
  if (/^auto/i.test(headerOf(mail, "auto-submitted") ?? "") || MARKS.some((name) => headerOf(mail, name) !== null))
    return false;
  const { lines, isMachineSender } = notice;
  const end = lines.findIndex((line) => /^(?:-- ?|[-_=]{5,})$/.test(line));
  const words = (end < 0 ? lines : lines.slice(0, end)).join(" ").trim();
  if (isMachineSender || words.length < MIN_WORDS) return false;
  // Forwarded in the text, with the header of the bounce in the words of the mail program.
  if (mail.parts.length === 0) return isReply(notice) && lines.some((line) => readLabel(line)?.label === "sender");
  return isReply(notice) || !holdsOneOf(plain(words.slice(0, 1_000)), FAILURE_WORDS);
}

/** A forum or a ticket system says what people wrote: the server's reply stands in what they quote, nowhere else. */
function isQuoting(mail: Mail, { lines, isMachineSender }: Notice): boolean {
  if (!isMachineSender || isFromDaemon(mail)) return false;
  const quoted = lines.filter((line) => /^\s{0,3}>/.test(line));
  return quoted.length > 0 && weightOf(quoted) === 3 && weightOf(lines.filter((line) => !/^\s{0,3}>/.test(line))) < 2;
}

const isPassedOn = (mail: Mail, notice: Notice): boolean =>
  !/^\s*multipart\/report/i.test(headerOf(mail, "content-type") ?? "") &&
  headerOf(mail, "x-failed-recipients") === null &&
  hasReversePath(mail) &&
  !isFromDaemon(mail) &&
  isFromPerson(mail, notice);

const MACHINE =
  /^(?:no-?reply|do-?not-?reply|system|admin|root|journal|archive|abuse|fbl|bounces?|daemon|smtp|mail)[^a-z]/;
const MARKS = ["precedence", "x-failed-recipients", "x-auto-response-suppress", "x-ms-journal-report", "x-spam-flag"];
