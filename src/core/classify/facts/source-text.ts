/** The words that matched, as they stand in the text: what a person checks a verdict against. */
import { foldText } from "../words.ts";

/** How far apart two neighbouring words may stand: marks, and the codes in front of each reply line. */
const REACH = 40;
const MAX_LENGTH = 300;

/** Quotes words from a text. Where folding changed them too much to be found again, the words themselves. */
export function quoterOf(text: string): (words: readonly string[]) => string {
  let place: Folded | null = null;
  return (words) => quoted(text, (place ??= foldInPlace(text)), words);
}

function quoted(text: string, { folded, at: places }: Folded, words: readonly string[]): string {
  const spelled = words.filter((word) => !["@", "#ip", "¶"].includes(word));
  const [first] = spelled;
  if (first !== undefined)
    for (let start = folded.indexOf(first), tries = 0; start >= 0 && tries < 64; tries++) {
      const end = endOf(folded, spelled, start);
      if (end !== null)
        return text
          .slice(places?.[start] ?? start, places?.[end] ?? end)
          .trimEnd()
          .slice(0, MAX_LENGTH);
      start = folded.indexOf(first, start + 1);
    }
  return spelled.join(" ").slice(0, MAX_LENGTH);
}

// oxlint-disable-next-line no-control-regex -- the range is what "ASCII" means
const FOLDS_TO_ITSELF = /^[\u0000-\u0026\u0028-\u005f\u0061-\u007f]*$/;

/** Folded text (words.ts), and for each of its characters and its end where it stands in the original; null: there. */
interface Folded {
  readonly folded: string;
  readonly at: readonly number[] | null;
}

function foldInPlace(text: string): Folded {
  if (FOLDS_TO_ITSELF.test(text)) return { folded: text.toLowerCase(), at: null };
  let folded = "";
  const at: number[] = [];
  let place = 0;
  for (const character of text) {
    const plain = FOLDS_TO_ITSELF.test(character) ? character.toLowerCase() : foldText(character);
    for (let index = 0; index < plain.length; index++) at.push(place);
    folded += plain;
    place += character.length;
  }
  at.push(place);
  return { folded, at };
}

function endOf(folded: string, words: readonly string[], start: number): number | null {
  let at = start;
  for (const [index, word] of words.entries()) {
    const found = folded.slice(at, at + word.length + (index === 0 ? 0 : REACH)).indexOf(word);
    if (found < 0) return null;
    at += found + word.length;
  }
  return at;
}
