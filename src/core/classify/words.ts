/**
 * Text -> words, once per refusal. Case, spacing, accents and punctuation carry no meaning in refusals and differ
 * between versions of the same server, so rules speak in words.
 *
 * An address becomes the one word `@`, an IP address `#ip`: what stands in them is an accident of the sample. Reply
 * codes and statuses in front of each line of a reply are dropped, they are read separately (fields/reply-code.ts). Scripts
 * without spaces between words (Chinese, Japanese, Korean, Thai, …) give one word per character.
 */

/** Longest text that is read; what follows is somebody's log. */
export const MAX_TEXT = 4096;

/** Local part and domain, each bounded. */
export const ADDRESS = /[^\s<>()[\]:;,"'=]{1,64}@[\p{L}\p{N}_.-]{1,253}/gu;
/** Becomes a word that no phrase has, so that none is found across it. `<jo@example.org>... User unknown` goes on. */
const SENTENCE_END = /(?<!\.)[.!?](?=\s)|\n\s*\n/g;
export const IPV4 = /(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.]\d)/g;
export const IPV6 = /(?<![\w:.])[0-9a-f]{1,4}:[0-9a-f:]{4,36}(?![\w:])/g;
export const CODES =
  /(?<![\w.,#])(?:[245]\d\d[ -])?#?[245]\.\d{1,3}\.\d{1,3}(?!\w|\.\d)|(?<![\w.,])[245]\d\d-(?=[^\d\s])|(?<![\w.,] ?)[245]\d\d (?=\S)/g;
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
/** What makes a word: a run of letters, or one sign of a script that writes no blanks. */
export const WORD_CHARACTERS = String.raw`@|¶|#(?:ip|host|dnsbl)\b|[${UNSPACED}]\p{Mn}*|(?:(?![${UNSPACED}])[\p{L}\p{M}\p{N}])+`;
const WORD = new RegExp(WORD_CHARACTERS, "gu");
const ASCII_WORD = /@|¶|#(?:ip|host|dnsbl)\b|[a-z0-9]+/g;
// oxlint-disable-next-line no-control-regex -- the range is what "ASCII" means
const ASCII = /^[\u0000-\u007f¶]*$/;

/** Letters that are no others with an accent, and that servers and people without them write so. */
const PLAIN: Readonly<Record<string, string>> = { ı: "i", ł: "l", ø: "o", đ: "d", ð: "d", æ: "ae", œ: "oe", ß: "ss" };
const SPECIAL = /[ıłøđðæœß]/g;

/** Lower case, full-width forms to plain ones, no accents; apostrophes vanish: `doesn't` is `doesnt`. */
export function foldText(text: string): string {
  if (ASCII.test(text)) {
    const lower = text.toLowerCase();
    return lower.includes("'") || lower.includes("`") ? lower.replaceAll(/['`]/g, "") : lower;
  }
  return text
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(SPECIAL, (letter) => PLAIN[letter] ?? letter)
    .replaceAll(/['’‘`´]/g, "");
}

/** The words of a refusal. */
export const wordsOf = (text: string): readonly string[] => wordsOfFolded(foldText(text.slice(0, MAX_TEXT)));

/** The same of text that is folded already. */
export function wordsOfFolded(folded: string): readonly string[] {
  let plain = folded;
  if (plain.includes("@")) plain = plain.replaceAll(ADDRESS, " @ ");
  plain = plain.replaceAll(SENTENCE_END, " ¶ ");
  if (plain.includes(".")) plain = plain.replaceAll(IPV4, " #ip ");
  if (plain.includes("::") || /:[0-9a-f]{1,4}:/.test(plain)) plain = plain.replaceAll(IPV6, " #ip ");
  return splitWords(plain.replaceAll(CODES, " "));
}

/** The words of folded text, nothing replaced. */
export function splitWords(folded: string): readonly string[] {
  return folded.match(ASCII.test(folded) ? ASCII_WORD : WORD) ?? [];
}
