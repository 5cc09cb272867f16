/** The words that matched, as they stand in the text: what a person checks a verdict against. */

/** How far apart two neighbouring words may stand: marks, and the codes in front of each reply line. */
const REACH = 40;
const MAX_LENGTH = 300;

/** Falls back to the words themselves where folding changed them too much to be found again. */
export function sourceText(text: string, words: readonly string[]): string {
  const lowered = text.toLowerCase();
  const spelled = words.filter((word) => !["@", "#ip", "¶"].includes(word));
  const [first] = spelled;
  if (first !== undefined && lowered.length === text.length)
    for (let start = lowered.indexOf(first), tries = 0; start >= 0 && tries < 64; tries++) {
      const end = endOf(lowered, spelled, start);
      if (end !== null) return text.slice(start, end).slice(0, MAX_LENGTH);
      start = lowered.indexOf(first, start + 1);
    }
  return spelled.join(" ").slice(0, MAX_LENGTH);
}

function endOf(lowered: string, words: readonly string[], start: number): number | null {
  let at = start;
  for (const [index, word] of words.entries()) {
    const found = lowered.slice(at, at + word.length + (index === 0 ? 0 : REACH)).indexOf(word);
    if (found < 0) return null;
    at += found + word.length;
  }
  return at;
}
