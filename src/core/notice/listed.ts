/** The common grammar of notices: words that announce a failure, then recipients, each on a line of its own. */
import { allWords } from "../knowledge/languages.ts";
import { plain } from "../knowledge/plain.ts";
import { wordSet } from "../knowledge/phrase-set.ts";
import { readBlocks, type Block } from "./blocks.ts";
import { type Head, parseHead } from "./head.ts";
import type { Notice } from "./notice.ts";
import { DELAY_SURE, TROUBLE_WORDS, holdsOneOf } from "./phrases.ts";
import { weightOf } from "./reply.ts";

export interface Listed {
  readonly intro: readonly string[];
  readonly blocks: readonly Block[];
}

export interface ListStyle {
  /** Lower-case addresses known to have failed, e.g. from X-Failed-Recipients: a line that begins with one is a head. */
  readonly known?: ReadonlySet<string>;
  /** The format is certain already, so a list needs no announcement in words we know. */
  readonly announced?: boolean;
  /** A narrower idea of a head line than the common one. */
  isHead?(head: Head, line: string): boolean;
}

/** Postmasters are named as contacts far more often than as recipients; so is whoever a line offers for help. */
const CONTACT = /^(?:postmaster|abuse|support|helpdesk)@/i;
const HELP = wordSet(allWords(({ notices }) => notices?.help));
/** Within the last words of a line, behind which nothing but a colon follows. */
const offersHelp = (words: string): boolean => HELP.isIn(words.slice(-120).replace(/^.*:(?=.)/, ""));

/** Exim: `A message sent by`, the address below, `could not be delivered …`. */
const SENDERS: ReadonlySet<string> = new Set(allWords(({ notices }) => notices?.senders).map(plain));

function namesSender(words: string): boolean {
  const last = words.replace(/\s?:$/, "").split(" ").slice(-3);
  return last.some((_, index) => SENDERS.has(last.slice(index).join(" ")));
}

function isRecipientHere(head: Head, above: string): boolean {
  const words = plain(above.slice(-300));
  if (namesSender(words)) return false;
  if (head.rest !== "" || head.introduces) return true;
  if (!above.includes("@") && offersHelp(words) && !holdsOneOf(words, TROUBLE_WORDS)) return false;
  return !CONTACT.test(head.address) || /[:-]\s*$/.test(above) || parseHead(above) !== null;
}

export function readListed(notice: Notice, style: ListStyle = {}): Listed {
  let column: number | null = null;
  // A title of such reports over a daemon's mail announces as well as a sentence does.
  let announced = style.announced === true || (notice.isDaemon && notice.isFailureSubject);
  let words = plain(notice.subject);
  let at = 0;
  const isAnnounced = (index: number): boolean => {
    if (announced) return true;
    // Phrases may be folded: the end of the last piece is looked at again.
    words = plain(`${words.slice(-100)} ${notice.lines.slice(at, index + 1).join(" ")}`);
    at = index + 1;
    announced = holdsOneOf(words, TROUBLE_WORDS) || holdsOneOf(words, DELAY_SURE);
    return announced;
  };
  return readBlocks(notice.lines, (head, line, index) => {
    const known = style.known?.has(head.address.toLowerCase()) === true;
    // Spam that plays a bounce names whom it was sent to.
    if (!known && !notice.isDaemon && notice.sentTo.includes(head.address.toLowerCase())) return false;
    if (!known && head.loose && weightOf([head.rest]) === 0) return false;
    if (!known && !isRecipientHere(head, previous(notice, index))) return false;
    if (!known && style.isHead && !style.isHead(head, line)) return false;
    // What is indented below a recipient is about it, even if it begins with an address.
    if (column !== null && head.indent > column + 1) return false;
    if (!known && !isAnnounced(index)) return false;
    column = column === null ? head.indent : Math.min(column, head.indent);
    return true;
  });
}

/** Last line above that is not blank. */
function previous(notice: Notice, index: number): string {
  for (let at = index - 1; at >= 0; at--) if (notice.lines[at] !== "") return notice.lines[at]!;
  return "";
}
