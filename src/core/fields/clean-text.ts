/**
 * Text from a message, fit for a log line, a header or a page of plain text: control characters (RFC 2047 can encode
 * CR LF and NUL) become blanks, runs of white space one blank, lone surrogates U+FFFD; null stays null.
 */
export function cleanText(value: string | null, maxLength = 2000): string | null {
  if (value === null) return null;
  if (!UNCLEAN.test(value) && value.length <= maxLength) return value === "" ? null : value;
  const clean = value
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ")
    .replace(/ {2,}/g, " ")
    .trim()
    .toWellFormed();
  return clean === "" ? null : clean.slice(0, maxLength).toWellFormed();
}

/** What is changed; most texts hold none of it. */
const UNCLEAN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]| {2}|^\s|\s$/;

/** The same for a mapping of names to values; entries whose value is blank are dropped. */
export function cleanRecord(record: Iterable<readonly [string, string]>): Record<string, string> {
  const clean: [string, string][] = [];
  for (const [name, value] of record) {
    const text = cleanText(value);
    if (text !== null) clean.push([name, text]);
  }
  return Object.fromEntries(clean);
}

/** White space that is not one blank. */
const UNEVEN = / \s+|[^\S ]\s*/g;

/** Runs of white space become one blank, none at either end. */
export const singleBlanks = (text: string): string => text.replace(UNEVEN, " ").trim();
