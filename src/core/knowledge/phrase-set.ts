/** Many phrases at once: a text is read once, whatever their number. */
import { plain } from "./plain.ts";

export interface PhraseSet {
  /** Whether the text, in `plain` form, holds one of the phrases. */
  isIn(text: string): boolean;
  /** The longest phrase that begins at this place of the text, or null. */
  at(text: string, index: number): string | null;
}

/** Phrases of at least two characters, found wherever they stand; shorter ones are left out. */
export const phraseSet = (phrases: readonly string[]): PhraseSet => setOf(phrases.map(plain), () => true);

/** The same, as whole words; `loma*` is any word that begins so. */
export function wordSet(words: readonly string[]): PhraseSet {
  const stems = new Set(words.filter((word) => word.endsWith("*")).map((word) => plain(word.slice(0, -1))));
  return setOf(
    words.map((word) => plain(word.replace(/\*$/, ""))),
    (text, start, word) => startsWord(text, start) && (stems.has(word) || endsWord(text, start + word.length)),
  );
}

/** Scripts that put no blanks between words. */
const JOINED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
/** Scripts that write articles and prepositions into the word. */
const PREFIXED = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const LETTER = /[\p{L}\p{M}\p{N}]/u;

const isLetterAt = (text: string, at: number): boolean => {
  const letter = text[at] ?? " ";
  return LETTER.test(letter) && !JOINED.test(letter);
};
const startsWord = (text: string, at: number): boolean =>
  !isLetterAt(text, at) || PREFIXED.test(text[at]!) || !isLetterAt(text, at - 1);
const endsWord = (text: string, end: number): boolean => !isLetterAt(text, end - 1) || !isLetterAt(text, end);

/** Characters that tell a phrase from most others; a shorter phrase is told by fewer. */
const LONG = 4;
const SHORT = 2;

function setOf(phrases: readonly string[], fits: (text: string, index: number, phrase: string) => boolean): PhraseSet {
  const sorted = [...new Set(phrases)].toSorted((one, other) => other.length - one.length);
  const long = slotsOf(sorted.filter(({ length }) => length >= LONG).map((phrase) => [longKey(phrase, 0), phrase]));
  const short = slotsOf(
    sorted.filter(({ length }) => length >= SHORT && length < LONG).map((phrase) => [shortKey(phrase, 0), phrase]),
  );
  const hasShort = short.isFull.includes(1);
  const firstOf = (listed: readonly string[], text: string, index: number): string | null => {
    for (const phrase of listed) if (text.startsWith(phrase, index) && fits(text, index, phrase)) return phrase;
    return null;
  };
  const among = ({ lists, shift }: Slots, key: number, text: string, index: number): string | null => {
    const { longer, shorter } = lists[Math.imul(key, SPREAD) >>> shift]!;
    const listed = longer?.get(longKey(text, index + LONG));
    return (listed && firstOf(listed, text, index)) ?? firstOf(shorter, text, index);
  };
  return {
    at: (text, index) =>
      among(long, longKey(text, index), text, index) ?? among(short, shortKey(text, index), text, index),
    isIn(text) {
      // Every character is looked at once.
      let [first, second, third] = [codeAt(text, 0), codeAt(text, 1), codeAt(text, 2)];
      let key = (first << 16) ^ (second << 8) ^ third;
      for (let index = 0; index + 1 < text.length; index++) {
        const next = codeAt(text, index + LONG - 1);
        key = (key << 8) ^ next;
        if (long.isFull[Math.imul(key, SPREAD) >>> long.shift] === 1 && among(long, key, text, index) !== null)
          return true;
        if (hasShort) {
          const pair = (first << 16) ^ second;
          if (short.isFull[Math.imul(pair, SPREAD) >>> short.shift] === 1 && among(short, pair, text, index) !== null)
            return true;
          first = second;
          second = third;
          third = next;
        }
      }
      return false;
    },
  };
}

const codeAt = (text: string, index: number): number => (index < text.length ? text.charCodeAt(index) : 0);

/** Of four characters. Shifted on by one, it is that of the next place: what stood before is shifted out. */
const longKey = (text: string, index: number): number =>
  (codeAt(text, index) << 24) ^
  (codeAt(text, index + 1) << 16) ^
  (codeAt(text, index + 2) << 8) ^
  codeAt(text, index + 3);
const shortKey = (text: string, index: number): number => (codeAt(text, index) << 16) ^ codeAt(text, index + 1);

/** Phrases whose key leads to one slot, the longest first. */
interface Listed {
  /** By the key of their next four characters: many phrases begin with `your` or `mail`. */
  readonly longer: Map<number, string[]> | null;
  /** Phrases that have no four more. */
  readonly shorter: string[];
}

interface Slots {
  readonly lists: readonly Listed[];
  /** Whether there are any: most places of a text end here. */
  readonly isFull: Uint8Array;
  /** Of the spread key, to the number of the slot. */
  readonly shift: number;
}

/** Slots for each phrase. */
const SPARSE = 8;
const SPREAD = 0x9e3779b1;
const NONE: Listed = { longer: null, shorter: [] };

function slotsOf(phrases: readonly (readonly [key: number, phrase: string])[]): Slots {
  const bits = Math.ceil(Math.log2(Math.max(2, phrases.length * SPARSE)));
  const shift = 32 - bits;
  const lists: Listed[] = Array.from({ length: 2 ** bits }, () => NONE);
  const isFull = new Uint8Array(2 ** bits);
  for (const [key, phrase] of phrases) {
    const slot = Math.imul(key, SPREAD) >>> shift;
    if (isFull[slot] === 0) lists[slot] = { longer: null, shorter: [] };
    isFull[slot] = 1;
    if (phrase.length < 2 * LONG) lists[slot]!.shorter.push(phrase);
    else {
      const { longer, shorter } = lists[slot]!;
      const byNext = longer ?? new Map<number, string[]>();
      const next = longKey(phrase, LONG);
      byNext.set(next, [...(byNext.get(next) ?? []), phrase]);
      lists[slot] = { longer: byNext, shorter };
    }
  }
  return { lists, isFull, shift };
}
