/** Many phrases at once: a text is read once, whatever their number. */
import { plain } from "./plain.ts";

export interface PhraseSet {
  /** Whether the text, in `plain` form, holds one of the phrases. */
  isIn(text: string): boolean;
  /** The longest phrase that begins at this place of the text, or null. */
  at(text: string, index: number): string | null;
}

const SLOTS = 8_192;
const slotOf = (text: string, at: number): number => (text.charCodeAt(at) * 131 + text.charCodeAt(at + 1)) % SLOTS;

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

function setOf(phrases: readonly string[], fits: (text: string, index: number, phrase: string) => boolean): PhraseSet {
  const slots: (string[] | undefined)[] = Array.from({ length: SLOTS });
  const sorted = [...new Set(phrases)].toSorted((one, other) => other.length - one.length);
  for (const phrase of sorted) if (phrase.length > 1) (slots[slotOf(phrase, 0)] ??= []).push(phrase);
  const at = (text: string, index: number): string | null =>
    (index + 1 < text.length ? slots[slotOf(text, index)] : undefined)?.find(
      (one) => text.startsWith(one, index) && fits(text, index, one),
    ) ?? null;
  return {
    at,
    isIn(text) {
      for (let index = 0; index + 1 < text.length; index++) if (at(text, index) !== null) return true;
      return false;
    },
  };
}
