/** Enhanced status codes, RFC 3463: `class.subject.detail`. */

/** `x.y.z`, RFC 3463, as written. */
export type EnhancedStatus = `${number}.${number}.${number}`;

const AT_START = /^\s*"?([245])\s?\.\s?(\d{1,3})\s?\.\s?(\d{1,3})(?![\d.])/;

/** Value of a `Status:` field: a code, then anything (`5.1.1 (user unknown)`). Null for anything else, e.g. `5.1`. */
export function parseEnhancedStatus(value: string): EnhancedStatus | null {
  const match = AT_START.exec(value);
  return match ? (`${match[1]}.${match[2]}.${match[3]}` as EnhancedStatus) : null;
}

/** After a reply code (`550 5.1.1`, `550-5.1.1`), in `#5.1.1` or brackets, or free-standing: never inside an IP or version. */
const IN_TEXT = /(?<![\d.\w])([245])\.(\d{1,2})\.(\d{1,3})(?![\d.]*\d|\w)/g;

/** Last code in a piece of reply text, which is the one that decides; null if there is none. */
export function findEnhancedStatus(text: string): EnhancedStatus | null {
  let found: EnhancedStatus | null = null;
  for (const match of text.matchAll(IN_TEXT)) {
    const status = `${match[1]}.${match[2]}.${match[3]}` as EnhancedStatus;
    // `550 5.1.1 …` at the head of a reply is sure; later ones are often quoted from somewhere else.
    if (/(?:^|[\s:;])[245]\d\d[ -]$/.test(text.slice(Math.max(0, match.index - 6), match.index))) return status;
    found ??= status;
  }
  return found;
}
