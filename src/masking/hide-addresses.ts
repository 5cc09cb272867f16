/** Local parts of addresses, wherever they stand in a text, a page or JSON: plain, in a URL, quoted, as markup writes them. */

/** Stands where a local part stood that nothing is known of. */
export const HIDDEN = "***";
/** One that pseudonyms.ts made stays as it is. */
export const MADE = /^masked-[a-z2-7]{8}$/;

const DELIMITERS = new Set(['"', "<", ">", "(", ")", "[", "]", ",", ";", ":", "\\", "@", "\u007f"]);
/** `<`, `:`, `,` and `;` in a URL, of a text that is no quoted local part. */
const ENCODED_DELIMITERS = /^(?!.*%22).*%(?:25)*(?:3C|3A|2C|3B)/i;
/** What markup writes for characters that a local part may have. */
const ENTITY = /&(?:#39|#x27|amp|apos);$/;
/** Of the mark, its domain and the blanks between. A mark with blanks beside it and `=40` (quoted-printable) or `+40` (xtext) mean something else in most texts. */
const MARK =
  /([\s\u200b-\u200d\u2060]{0,3})(?:([@\uff20\ufe6b]|&#0*64;|&#x0*40;|&commat;|[([{] ?at ?[)\]}])|(%(?:25){0,3}40)|([=+]40))([\s\u200b-\u200d\u2060]{0,3})/gi;
const DOMAIN = /^(?:[\p{L}\p{M}\p{N}_.-]|%[0-9A-Fa-f]{2})+|^\[[0-9A-Za-z:.]+\]/u;
const NAMED_DOMAIN = /^\p{L}[\p{L}\p{M}\p{N}_-]*\.\p{L}/u;
const CERTAIN_DOMAIN = /^(?![\d.]+(?:\s|$))[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*\.[\p{L}\p{N}]/u;

/**
 * `name` gives what stands for the local part of an address; by default three asterisks. In markup a quotation mark is the
 * markup's own.
 */
export function hideAddresses(
  text: string,
  name: (address: string) => string = () => HIDDEN,
  isMarkup = false,
): string {
  if (text.search(MARK) < 0) return text;
  let out = "";
  let done = 0;
  for (const match of text.matchAll(MARK)) {
    const [mark, before = "", , inUrl, quoted, after = ""] = match;
    const at = match.index;
    const rest = text.slice(at + mark.length, at + mark.length + 255);
    const domain = DOMAIN.exec(rest)?.[0];
    if (domain === undefined) continue;
    const isSpaced = before !== "" || after !== "";
    if (isSpaced && !CERTAIN_DOMAIN.test(rest)) continue;
    if (quoted !== undefined && (isSpaced || !NAMED_DOMAIN.test(rest))) continue;
    const isInUrl = inUrl !== undefined;
    const start = startOf(text, at, done, { isInUrl, isMarkup });
    if (start >= at) continue;
    const local = text.slice(start, at);
    const plain = isInUrl ? decoded(local) : local;
    if (MADE.test(plain)) continue;
    out += text.slice(done, start) + name(`${plain}@${domain}`);
    done = at;
  }
  return out + text.slice(done);
}

interface Place {
  readonly isInUrl: boolean;
  readonly isMarkup: boolean;
}

/** Never before `from`, which is done already. */
function startOf(text: string, at: number, from: number, { isInUrl, isMarkup }: Place): number {
  const quote = isInUrl
    ? undefined
    : (isMarkup ? /&quot;$/ : /(?:\\?"|&quot;)$/).exec(text.slice(Math.max(from, at - 6), at))?.[0];
  if (quote !== undefined) {
    const opening = text.lastIndexOf(quote, at - quote.length - 1);
    // Of a quotation that begins nowhere, or in another element, what stands before the mark.
    if (opening >= from && !(isMarkup && /[<>"]/.test(text.slice(opening, at)))) return opening;
  }
  // RFC 5322 allows a comment there: `ann(Smith)@example.org`.
  const comment = isInUrl ? undefined : /\([^()<>"]*\)$/.exec(text.slice(Math.max(from, at - 200), at))?.[0];
  const end = at - (quote ?? comment ?? "").length;
  let start = end;
  for (;;) {
    const entity = ENTITY.exec(text.slice(Math.max(from, start - 6), start))?.[0];
    if (entity !== undefined) {
      start -= entity.length;
      continue;
    }
    const before = start > from ? text[start - 1] : undefined;
    if (before === undefined || !(isInUrl ? /[\w.~!*'()%+-]/ : isLocal).test(before)) break;
    start--;
  }
  if (quote !== undefined && start === end) return at;
  return isInUrl ? start + (ENCODED_DELIMITERS.exec(text.slice(start, at))?.[0].length ?? 0) : start;
}

const isLocal = { test: (char: string): boolean => char > " " && !DELIMITERS.has(char) };

/** Texts in links may be encoded again. */
function decoded(text: string): string {
  try {
    const once = decodeURIComponent(text);
    return once.includes("%25") ? decodeURIComponent(once) : once;
  } catch {
    return text;
  }
}
