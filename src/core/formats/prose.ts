/**
 * The last resort: free text. Two of three marks are asked for - a daemon or null sender, a subject about failed
 * delivery, words of failure at the very beginning - and an address that the text ties to the failure: on a line of
 * its own below an announcement, or as the recipient in a sentence. Without such an address it is no report.
 */
import type { Mail } from "../mail.ts";
import { readListed } from "../notice/listed.ts";
import { type Notice, readNotice } from "../notice/notice.ts";
import { reportOf } from "../notice/notice-report.ts";
import { DELAY_SURE, FAILURE_WORDS, holdsOneOf, plain } from "../notice/phrases.ts";
import { readTied } from "../notice/tied-addresses.ts";
import { softwareOfNotice } from "../notice/notice-software.ts";
import { notMine, type Format } from "./format.ts";

/** Lines that say something, of which the first must speak of failure. */
const FIRST_LINES = 4;

export const prose: Format = {
  id: "prose",
  read(mail) {
    const notice = readNotice(mail);
    const opens = opensWithFailure(notice);
    const marks = Number(notice.isMachineSender) + Number(notice.isFailureSubject) + Number(opens);
    if (marks < 2 || (isConversation(mail, notice) && !notice.isMachineSender)) return notMine;
    const listed = readListed(notice);
    const blocks = listed.blocks.length > 0 ? listed.blocks : readTied(notice);
    // All three marks make a report even where it names nobody.
    if (blocks.length === 0 && (marks < 3 || !notice.isDaemon || isReply(notice))) return notMine;
    return reportOf({ mail, notice, software: softwareOfNotice(mail, notice), blocks, common: listed.intro });
  },
};

function opensWithFailure(notice: Notice): boolean {
  const first = notice.lines.filter((line) => /[\p{L}\p{N}]{2}/u.test(line)).slice(0, FIRST_LINES);
  const words = plain(first.join(" "));
  return holdsOneOf(words, FAILURE_WORDS) || holdsOneOf(words, DELAY_SURE);
}

/** People quote reports when they answer; lists and newsletters talk about them. */
const isConversation = (mail: Mail, notice: Notice): boolean =>
  isReply(notice) ||
  mail.headers.some(({ name }) => name === "list-id" || name === "list-unsubscribe" || name === "references");

const isReply = (notice: Notice): boolean => /^(?:re|aw|fwd?|wg|sv|tr|rv)\s?:/i.test(notice.subject);
