/** Enhanced status codes, RFC 3463: `class.subject.detail`. */

/** `x.y.z`, RFC 3463, as written. */
export type EnhancedStatus = `${number}.${number}.${number}`;

const AT_START = /^\s*"?([245])\s?\.\s?(\d{1,3})\s?\.\s?(\d{1,3})(?![\d.])/;

/** Value of a `Status:` field: a code, then anything (`5.1.1 (user unknown)`). Null for anything else, e.g. `5.1`. */
export function parseEnhancedStatus(value: string): EnhancedStatus | null {
  const match = AT_START.exec(value);
  return match ? statusOf(match) : null;
}

/** After a reply code (`550 5.1.1`, `550-5.1.1`), in `#5.1.1` or brackets, or free-standing: never inside an IP address, a version or an
 * address (`5.2.2-full@example.org`). */
const IN_TEXT = /(?<![\d.\w])([245])\.(\d{1,2})\.(\d{1,3})(?![\d.]*\d|\w)(?![^\s@<>]{0,64}@)/g;

const MAX_STATUSES = 8;

/** Every code in a piece of reply text, distinct, in order; at most eight. */
export function findStatuses(text: string): readonly EnhancedStatus[] {
  const found = new Set<EnhancedStatus>();
  if (text.includes("."))
    for (const match of text.matchAll(IN_TEXT)) if (found.size < MAX_STATUSES) found.add(statusOf(match));
  return [...found];
}

const statusOf = ([, first, second, third]: RegExpExecArray): EnhancedStatus =>
  `${first}.${second}.${third}` as EnhancedStatus;

/** Last code in a piece of reply text, which is the one that decides; null if there is none. */
export function findEnhancedStatus(text: string): EnhancedStatus | null {
  let found: EnhancedStatus | null = null;
  for (const match of text.matchAll(IN_TEXT)) {
    const status = statusOf(match);
    // `550 5.1.1 …` at the head of a reply is sure; later ones are often quoted from somewhere else.
    if (/(?:^|[\s:;])[245]\d\d[ -]$/.test(text.slice(Math.max(0, match.index - 6), match.index))) return status;
    found ??= status;
  }
  return found;
}
