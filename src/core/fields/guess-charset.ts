/**
 * Which charset octets are in that nobody labelled, or that the label belies: replies in Chinese, Japanese, Korean or
 * Russian inside a report that calls itself ASCII. Judged by the pairs and runs that a language makes, never by one
 * octet; Western European is what is left.
 */

/** Octets looked at. */
const MAX_OCTETS = 8_192;
/** Fewer octets beyond ASCII tell nothing. */
const MIN_HIGH = 4;

interface Counts {
  /** Octets beyond ASCII. */
  high: number;
  /** In runs of at least three: whole words of another script. */
  inRuns: number;
  /** 0x80 to 0xa0: no letters in the ISO charsets. */
  c1: number;
  /** 0xa1 to 0xbf: signs, not letters, in the charsets of one octet. */
  signs: number;
  /** 0xe0 to 0xff: small letters in windows-1251, capitals in KOI8-R. */
  upper: number;
}

function count(octets: Uint8Array): Counts {
  const counts: Counts = { high: 0, inRuns: 0, c1: 0, signs: 0, upper: 0 };
  let run = 0;
  const endRun = (): void => {
    if (run >= 3) counts.inRuns += run;
    run = 0;
  };
  for (const octet of octets) {
    if (octet < 0x80) {
      endRun();
      continue;
    }
    run++;
    counts.high++;
    if (octet <= 0xa0) counts.c1++;
    else if (octet <= 0xbf) counts.signs++;
    else if (octet >= 0xe0) counts.upper++;
  }
  endRun();
  return counts;
}

/** Of pairs that begin at 0xa1 to 0xfe: how many, by what they are in the EUC family; null where they do not pair. */
function pairsOf(octets: Uint8Array): { pairs: number; kana: number; hangul: number; hanzi: number } | null {
  const found = { pairs: 0, kana: 0, hangul: 0, hanzi: 0 };
  for (let at = 0; at < octets.length; at++) {
    const lead = octets[at]!;
    if (lead < 0x80) continue;
    const trail = octets[at + 1];
    // The reply may have been cut within its last character.
    if (trail === undefined) break;
    if (lead < 0xa1 || trail < 0xa1 || trail > 0xfe || lead > 0xfe) return null;
    found.pairs++;
    if (lead === 0xa4 || lead === 0xa5) found.kana++;
    else if (lead >= 0xb0 && lead <= 0xc8) found.hangul++;
    else if (lead >= 0xc9) found.hanzi++;
    at++;
  }
  return found;
}

/** Shift_JIS pairs, and how many of them are kana; null where they do not pair. */
function shiftJisOf(octets: Uint8Array): { pairs: number; kana: number } | null {
  const found = { pairs: 0, kana: 0 };
  for (let at = 0; at < octets.length; at++) {
    const lead = octets[at]!;
    if (lead < 0x80 || (lead >= 0xa1 && lead <= 0xdf)) continue;
    const trail = octets[at + 1];
    if (trail === undefined) break;
    if (lead === 0x80 || lead === 0xa0 || lead > 0xfc || trail < 0x40 || trail === 0x7f || trail > 0xfc) return null;
    found.pairs++;
    if (lead === 0x82 || lead === 0x83) found.kana++;
    at++;
  }
  return found;
}

/** Label of a decoder: `shift_jis`, `euc-jp`, `euc-kr`, `gbk`, `windows-1251`, `koi8-r`, else `windows-1252`. */
export function guessCharset(octets: Uint8Array): string {
  const sample = octets.subarray(0, MAX_OCTETS);
  const { high, inRuns, c1, signs, upper } = count(sample);
  if (high < MIN_HIGH) return "windows-1252";
  if (c1 > 0) {
    const japanese = shiftJisOf(sample);
    if (japanese && japanese.pairs >= 2 && japanese.kana * 4 >= japanese.pairs) return "shift_jis";
    return "windows-1252";
  }
  // In Western words letters beyond ASCII stand one by one.
  if (inRuns * 2 < high) return "windows-1252";
  const euc = signs > 0 ? pairsOf(sample) : null;
  if (euc && euc.pairs >= 2) {
    if (euc.kana * 4 >= euc.pairs) return "euc-jp";
    if (euc.hangul === euc.pairs && euc.pairs >= 4) return "euc-kr";
    if (euc.hangul + euc.hanzi > 0) return "gbk";
  }
  // Small letters are most of any text.
  return upper * 2 > high ? "windows-1251" : "koi8-r";
}
