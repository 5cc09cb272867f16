/** Local parts of addresses, wherever they stand in a text, a page or JSON: plain, in a URL, quoted, as markup writes them. */

/** Stands where a local part stood that nothing is known of. */
export const HIDDEN = "***";
/** One that pseudonyms.ts made stays as it is. */
export const MADE = /^masked-[a-z2-7]{8}$/;

const MAX_LOCAL = 320;
const DELIMITERS = new Set(['"', "<", ">", "(", ")", "[", "]", ",", ";", ":", "\\", "@", "\u007f"]);
/** What markup writes for characters that a local part may have. */
const ENTITY = /&(?:#39|#x27|amp|apos);$/;
const MARK = /@|%40|&#64;|&#x40;|&commat;/gi;

/** `name` gives what stands for the local part of an address; by default three asterisks. */
export function hideAddresses(text: string, name: (address: string) => string = () => HIDDEN): string {
  if (text.search(MARK) < 0) return text;
  let out = "";
  let done = 0;
  for (const match of text.matchAll(MARK)) {
    const [mark] = match;
    const at = match.index;
    const isInUrl = mark === "%40";
    const domain = /^[\p{L}\p{M}\p{N}_.-]+|^\[[0-9A-Fa-f:.]+\]/u.exec(
      text.slice(at + mark.length, at + mark.length + 255),
    )?.[0];
    if (domain === undefined) continue;
    const start = startOf(text, at, done, isInUrl);
    if (start >= at) continue;
    const local = text.slice(start, at);
    const plain = isInUrl ? decoded(local) : local;
    if (MADE.test(plain)) continue;
    out += text.slice(done, start) + name(`${plain}@${domain}`);
    done = at;
  }
  return out + text.slice(done);
}

/** Never before `from`, which is done already. */
function startOf(text: string, at: number, from: number, isInUrl: boolean): number {
  const first = Math.max(from, at - MAX_LOCAL);
  const quote = /(?:\\?"|&quot;)$/.exec(text.slice(first, at))?.[0];
  if (!isInUrl && quote !== undefined) {
    const opening = text.lastIndexOf(quote, at - quote.length - 1);
    return opening >= first ? opening : first;
  }
  let start = at;
  for (;;) {
    const entity = ENTITY.exec(text.slice(Math.max(first, start - 6), start))?.[0];
    if (entity !== undefined) {
      start -= entity.length;
      continue;
    }
    const before = start > first ? text[start - 1] : undefined;
    if (before === undefined || !(isInUrl ? /[\w.~!*'()%+-]/ : isLocal).test(before)) return start;
    start--;
  }
}

const isLocal = { test: (char: string): boolean => char > " " && !DELIMITERS.has(char) };

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
