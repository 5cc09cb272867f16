/**
 * Parcels and orders fail to be delivered in the words of mail, with a recipient and a reason, and shops send such news
 * with the null reverse-path. What failed tells them apart: the sentence that says so names goods, and no mail.
 */
import { plain } from "../knowledge/plain.ts";
import type { Mail } from "../mime/mail.ts";
import { hasReversePath, isFromDaemon } from "../mime/sender.ts";
import type { Notice } from "./notice.ts";
import { DELAY_SURE, FAILURE_WORDS, GOODS, MAILS, holdsOneOf, opensWithOneOf } from "./phrases.ts";
import { weightOf } from "./reply.ts";

/** Characters in which a notice says what failed. */
const HEAD = 2_000;
const SENTENCE_END = /(?<=[.!?。！？])\s|\n/u;

/** Only of mail that a daemon with the null reverse-path did not send: a server has no parcels. */
export function isAboutGoods(mail: Mail, notice: Notice): boolean {
  if (!notice.isMachineSender || (isFromDaemon(mail) && !hasReversePath(mail))) return false;
  if (!opensWithOneOf(notice, GOODS, HEAD)) return false;
  if (weightOf(notice.lines) > 1) return false;
  const said = notice.lines.join("\n").slice(0, HEAD).split(SENTENCE_END).map(plain).filter(speaksOfFailure);
  // A title may quote that of a mail, behind a colon.
  const failing = said.length > 0 ? said : notice.subject.split(/[:：]/).map(plain).filter(speaksOfFailure);
  return (
    failing.some((sentence) => holdsOneOf(sentence, GOODS)) && !failing.some((sentence) => holdsOneOf(sentence, MAILS))
  );
}

const speaksOfFailure = (text: string): boolean => holdsOneOf(text, FAILURE_WORDS) || holdsOneOf(text, DELAY_SURE);

/** What a machine that is no mail system reports must be mail: it says so, or quotes a server's reply. */
export const isAboutMail = (notice: Notice): boolean =>
  opensWithOneOf(notice, MAILS, HEAD) || weightOf(notice.lines) > 1;
