import { singleBlanks } from "../fields/clean-text.ts";

// oxlint-disable-next-line no-control-regex -- the range is what "ASCII" means
const ASCII = /^[\u0000-\u007f]*$/;
/** Latin letters that Unicode does not divide into a letter and an accent. */
const UNDIVIDED: Readonly<Record<string, string>> = { ı: "i", ł: "l", ø: "o", đ: "d", æ: "ae", ß: "ss" };

/**
 * The form in which texts and word lists are compared: lower case, no accents, full-width forms and typographic
 * apostrophes plain, white space single.
 */
export function plain(text: string): string {
  const lower = text.toLowerCase();
  const folded = ASCII.test(lower)
    ? lower
    : lower
        .normalize("NFKD")
        .replaceAll(/[\u0300-\u036f\u00ad\u200b-\u200f]/g, "")
        .normalize("NFKC")
        .replaceAll(/[ıłøđæß]/g, (letter) => UNDIVIDED[letter]!)
        .replaceAll(/[’‘`´]/g, "'");
  return singleBlanks(folded);
}
