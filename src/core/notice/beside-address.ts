/** What the words before and behind an address make of it, in any language. Texts in `plain` form. */
import { allWords } from "../knowledge/languages.ts";
import type { NoticeWords } from "../knowledge/notice-words.ts";
import { phraseSet } from "../knowledge/phrase-set.ts";
import { plain } from "../knowledge/plain.ts";

type Tied = NonNullable<NoticeWords["tied"]>;

interface LastWords {
  /** Whether the text ends in one of them, as whole words where the language has such. */
  endIn(text: string): boolean;
  /** Words of the longest that it ends in. */
  longestIn(text: string): number;
}

/** No entry has more words. */
const MAX_WORDS = 5;
const JOINED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]$/u;
const PUNCTUATION = /[\s:;,(<'"«»`[>„“”-]+$/u;

const tied = (listOf: (words: Tied) => readonly string[] | undefined): readonly string[] =>
  allWords(({ notices }) => notices?.tied && listOf(notices.tied)).map((word) => plain(word));

function lastWords(entries: readonly string[]): LastWords {
  const stems = entries.filter((entry) => entry.endsWith("*")).map((entry) => entry.slice(0, -1));
  const joined = entries.filter((entry) => JOINED.test(entry));
  const whole = new Set(entries);
  const longestIn = (text: string): number => {
    const words = text.split(/[\s'(]+/).slice(-MAX_WORDS);
    const at = words.findIndex((_, index) => whole.has(words.slice(index).join(" ")));
    if (at >= 0) return words.length - at;
    const last = words.at(-1) ?? "";
    return stems.some((stem) => last.startsWith(stem)) || joined.some((word) => text.endsWith(word)) ? 1 : 0;
  };
  return { longestIn, endIn: (text) => longestIn(text) > 0 };
}

const BEFORE = lastWords(tied(({ before }) => before));
const NOT_BEFORE = lastWords([
  ...tied(({ notBefore }) => notBefore),
  ...allWords(({ notices }) => notices?.labels?.sender).map(plain),
]);
const BETWEEN = lastWords(tied(({ between }) => between));
const AFTER = phraseSet(tied(({ after }) => after));
const JOINING: ReadonlySet<string> = new Set(tied(({ joining }) => joining));

const withoutLast = (text: string): string => text.replace(/[^\s']{1,80}$/u, "").replace(PUNCTUATION, "");

/** Names of header fields whose value looks like an address. */
const ID_FIELD = /(?:message-id|references|in-reply-to|feedback-id)\s?[:=]\s*<?$/;
/** `"Ann Example" <`, in front of the address that it names. */
const QUOTED_NAME = /["“„][^"“”„]{1,80}["”“]\s?<$/;

/** The codes of a reply, behind which the recipient stands: `550 5.1.1 <`. */
const CODES = /^[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3} )?(?=[<"']*$)/;

/**
 * `to the following recipients: `, `for user `; an address at the very beginning of a sentence, or of a server's reply,
 * is one as well.
 */
export function announcesRecipient(before: string): boolean {
  const text = before
    .replace(CODES, "")
    .replaceAll(/\((?:e?s|en)\)/g, "")
    .replace(QUOTED_NAME, "");
  if (/[:：]\s*[<("'«[]*\s*$/.test(text)) return true;
  let rest = text.replace(PUNCTUATION, "");
  if (rest === "" || BEFORE.endIn(rest)) return true;
  // `to Ann Example (ann@example.org)`
  if (/[(<]\s*$/.test(text))
    for (let name = rest, more = 0; more < 3; more++) {
      name = withoutLast(name);
      if (name === "") break;
      if (BEFORE.endIn(name) && !NOT_BEFORE.endIn(name)) return true;
    }
  if (/\(\s*$/.test(text)) rest = withoutLast(rest);
  for (let more = 0; more < 4 && BETWEEN.endIn(rest); more++) {
    rest = withoutLast(rest);
    if (rest === "") return false;
    if (BEFORE.endIn(rest)) return true;
  }
  return BEFORE.endIn(rest);
}

/** `contact `, `mail from `, `write to our `: the address is no recipient. */
export function announcesOther(before: string): boolean {
  if (ID_FIELD.test(before)) return true;
  const rest = before.replace(PUNCTUATION, "");
  // `de` alone is `from`, `buzón de` is `mailbox of`: the longer decides.
  const others = Math.max(NOT_BEFORE.longestIn(rest), NOT_BEFORE.longestIn(withoutLast(rest)));
  return others > 0 && BEFORE.longestIn(rest) <= Math.max(1, others);
}

/** `, `, ` and `, ` und <`, ` (550 user unknown), `: what stands between two addresses of one list. */
export function joinsAddresses(between: string): boolean {
  const words = between.replace(/\([^()]{1,200}\)/, "").replaceAll(/[\s<>"'(),;&/+]+/g, "");
  return words === "" ? /[,;&/+]/.test(between) : JOINING.has(words);
}

/** `宛`, `adresine`. */
export const confirmsRecipient = (behind: string): boolean => AFTER.at(behind.trimStart(), 0) !== null;

/** Words that end a clause rather than a name: `delivery to <user@example.org>`. */
export const endsClause = (text: string): boolean => BEFORE.endIn(plain(text)) || NOT_BEFORE.endIn(plain(text));
