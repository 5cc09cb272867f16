/**
 * All phrases of all rules in one automaton over words, so that a text is read once however many rules there are.
 *
 * A phrase is words in a row. `(a|b c|)` is a choice, the last one here of nothing; `{user}` a choice from the
 * vocabulary; `exceed*` any word that begins so; ` ... ` a gap of at most 12 words, ` ~ ` one of at most 4. The work
 * for a text is bounded: from each word at most the longest phrase's words are walked, and no step is ever taken back.
 */
import { wordAutomaton } from "./word-automaton.ts";
import { foldText, splitWords } from "./words.ts";

export const MAX_GAP = 12;
export const SHORT_GAP = 4;
const MAX_SPANS = 32;
/** Words that stand for each other: name to its words. */
export type Vocabulary = Readonly<Record<string, readonly string[]>>;

export interface Span {
  readonly start: number;
  readonly end: number;
  /** Words that matched: those in a gap do not count. */
  readonly words: number;
}

/** Which phrases stand in a text, and where: phrase id to the first span of words it covers. */
export interface PhraseHits {
  readonly words: readonly string[];
  readonly spans: ReadonlyMap<number, Span>;
  /** Steps taken: what a test bounds, where wall-clock would flicker. */
  readonly steps: number;
}

interface Gapped {
  readonly phrase: number;
  readonly parts: readonly number[];
  /** Longest gap before the second part, the third, … */
  readonly gaps: readonly number[];
}

export interface PhraseIndex {
  find(words: readonly string[]): PhraseHits;
  /** Every place of every phrase; of a phrase with gaps, the first. Returns the steps it took. */
  each(words: readonly string[], found: (phrase: number, span: Span) => void): number;
}

export interface PhraseIndexBuilder {
  /** Id of the phrase; the same text gives the same id. Throws on a phrase that can match nothing at all. */
  add(phrase: string): number;
  build(): PhraseIndex;
}

/** `a (b|c) d*` -> rows of choices, each choice its words. */
function choicesOf(part: string, vocabulary: Vocabulary): readonly (readonly (readonly string[])[])[] {
  const rows: (readonly (readonly string[])[])[] = [];
  for (const [piece] of part.matchAll(/\([^()]*\)|\{\w+\}|[^(){}]+/g)) {
    if (piece.startsWith("("))
      rows.push(
        piece
          .slice(1, -1)
          .split("|")
          .flatMap((choice) => alternatives(choice, vocabulary)),
      );
    else if (piece.startsWith("{")) rows.push(alternatives(piece, vocabulary));
    else rows.push([phraseWords(piece)]);
  }
  return rows;
}

/** `not {user}` -> one choice per word of the vocabulary. */
function alternatives(choice: string, vocabulary: Vocabulary): readonly (readonly string[])[] {
  const name = /\{(\w+)\}/.exec(choice);
  if (!name) return [phraseWords(choice)];
  const words = vocabulary[name[1] ?? ""];
  if (!words) throw new Error(`there is no vocabulary called ${name[0]}`);
  return words.map((word) => phraseWords(choice.replace(name[0], word)));
}

function phraseWords(piece: string): readonly string[] {
  return piece.split(/\s+/).flatMap((chunk) => {
    const words = [...splitWords(foldText(chunk))];
    const last = words.pop();
    return last === undefined ? [] : [...words, chunk.endsWith("*") ? `${last}*` : last];
  });
}

export function phraseIndexBuilder(vocabulary: Vocabulary = {}): PhraseIndexBuilder {
  const automaton = wordAutomaton();
  const partIds = new Map<string, number>();
  const phraseIds = new Map<string, number>();
  /** Phrases of one part, by that part; phrases with gaps, by their first part. */
  const wholeOf = new Map<number, number>();
  const gapped = new Map<number, Gapped[]>();
  const inGapped = new Set<number>();
  const addPart = (part: string, phrase: string): number => {
    const known = partIds.get(part);
    if (known !== undefined) return known;
    if (/[()]/.test(part.replaceAll(/\([^()]*\)/g, "")))
      throw new Error(`"${phrase}" has a gap or a bracket inside a choice`);
    const id = partIds.size;
    if (!automaton.add(choicesOf(part, vocabulary), id))
      throw new Error(`the phrase "${phrase}" can match nothing at all`);
    partIds.set(part, id);
    return id;
  };

  return {
    add(phrase) {
      const text = phrase.replaceAll("...", " ... ").trim().replaceAll(/\s+/g, " ");
      const parts = text.split(/ (?:\.\.\.|~) /);
      const gaps = [...text.matchAll(/ (\.\.\.|~) /g)].map(([, gap]) => (gap === "~" ? SHORT_GAP : MAX_GAP));
      const known = phraseIds.get(text);
      if (known !== undefined) return known;
      const ids = parts.map((part) => addPart(part, phrase));
      const id = phraseIds.size;
      phraseIds.set(text, id);
      const [first = 0] = ids;
      if (ids.length === 1) wholeOf.set(first, id);
      else {
        gapped.set(first, [...(gapped.get(first) ?? []), { phrase: id, parts: ids, gaps }]);
        for (const part of ids) inGapped.add(part);
      }
      return id;
    },
    build: () => ({ find, each }),
  };

  function each(words: readonly string[], report: (phrase: number, span: Span) => void): number {
    const found = new Map<number, Span[]>();
    const steps = automaton.walk(words, (part, start, end) => {
      const whole = wholeOf.get(part);
      const span = { start, end, words: end - start };
      if (whole !== undefined) report(whole, span);
      if (!inGapped.has(part)) return;
      const spans = found.get(part);
      if (!spans) found.set(part, [span]);
      else if (spans.length < MAX_SPANS) spans.push(span);
    });
    for (const part of found.keys())
      for (const { phrase, parts, gaps } of gapped.get(part) ?? []) {
        const span = chain(
          parts.map((id) => found.get(id)),
          gaps,
        );
        if (span) report(phrase, span);
      }
    return steps;
  }

  function find(words: readonly string[]): PhraseHits {
    const found = new Map<number, Span[]>();
    const steps = automaton.walk(words, (part, start, end) => {
      const spans = found.get(part);
      const span = { start, end, words: end - start };
      if (!spans) found.set(part, [span]);
      else if (spans.length < MAX_SPANS) spans.push(span);
    });
    const spans = new Map<number, Span>();
    for (const [part, places] of found) {
      const whole = wholeOf.get(part);
      if (whole !== undefined) spans.set(whole, longestOf(places));
      for (const { phrase, parts, gaps } of gapped.get(part) ?? []) {
        const span = chain(
          parts.map((id) => found.get(id)),
          gaps,
        );
        if (span) spans.set(phrase, span);
      }
    }
    return { words, spans, steps };
  }
}

function longestOf(spans: readonly Span[]): Span {
  return spans.reduce((best, span) => (span.words > best.words ? span : best));
}

/** First way through the parts in order, each beginning at most its gap's words after the one before. */
function chain(parts: readonly (readonly Span[] | undefined)[], gaps: readonly number[]): Span | null {
  let open: readonly Span[] = parts[0] ?? [];
  for (const [index, spans] of parts.slice(1).entries()) {
    const gap = gaps[index] ?? MAX_GAP;
    if (!spans || open.length === 0) return null;
    open = spans.flatMap((span) => {
      const before = open.find(({ end }) => span.start >= end && span.start - end <= gap);
      return before ? [{ start: before.start, end: span.end, words: before.words + span.words }] : [];
    });
  }
  return open[0] ?? null;
}
