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

/** What a part of a phrase is to the phrases. */
interface Role {
  /** The phrase of which it is all. */
  whole: number | null;
  /** It is a part of a phrase with gaps. */
  isGapped: boolean;
  /** Phrases with gaps of which it is the first part. */
  readonly gapped: Gapped[];
}

type Report = (phrase: number, start: number, end: number, words: number) => void;

export interface PhraseIndex {
  find(words: readonly string[]): PhraseHits;
  /** Every place of every phrase; of a phrase with gaps, the first. Returns the steps it took. */
  each(words: readonly string[], report: Report): number;
}

export interface PhraseIndexBuilder {
  /** Id of the phrase; the same text gives the same id. Throws on a phrase that can match nothing at all. */
  add(phrase: string): number;
  build(): PhraseIndex;
}

const CHOICES = /[(){}]/;

/** `a (b|c) d*` -> rows of choices, each choice its words. */
function choicesOf(part: string, vocabulary: Vocabulary): readonly (readonly (readonly string[])[])[] {
  if (!CHOICES.test(part)) return [[phraseWords(part)]];
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

/** Words as they are looked for; most phrases are written so. */
const PLAIN_WORDS = /^[a-z0-9]+\*?(?: [a-z0-9]+\*?)*$/;

function phraseWords(piece: string): readonly string[] {
  if (PLAIN_WORDS.test(piece)) return piece.split(" ");
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
  /** By part. */
  const roles: Role[] = [];
  const addPart = (part: string, phrase: string): number => {
    const known = partIds.get(part);
    if (known !== undefined) return known;
    if (/[()]/.test(part.replaceAll(/\([^()]*\)/g, "")))
      throw new Error(`"${phrase}" has a gap or a bracket inside a choice`);
    const id = partIds.size;
    if (!automaton.add(choicesOf(part, vocabulary), id))
      throw new Error(`the phrase "${phrase}" can match nothing at all`);
    partIds.set(part, id);
    roles.push({ whole: null, isGapped: false, gapped: [] });
    return id;
  };

  return {
    add(phrase) {
      const text = PLAIN_WORDS.test(phrase) ? phrase : phrase.replaceAll("...", " ... ").trim().replaceAll(/\s+/g, " ");
      const parts = text.split(/ (?:\.\.\.|~) /);
      const gaps = [...text.matchAll(/ (\.\.\.|~) /g)].map(([, gap]) => (gap === "~" ? SHORT_GAP : MAX_GAP));
      const known = phraseIds.get(text);
      if (known !== undefined) return known;
      const ids = parts.map((part) => addPart(part, phrase));
      const id = phraseIds.size;
      phraseIds.set(text, id);
      const [first = 0] = ids;
      if (ids.length === 1) roles[first]!.whole = id;
      else {
        roles[first]!.gapped.push({ phrase: id, parts: ids, gaps });
        for (const part of ids) roles[part]!.isGapped = true;
      }
      return id;
    },
    build: () => ({ find, each }),
  };

  function each(words: readonly string[], report: Report): number {
    const found = new Map<number, Span[]>();
    const steps = automaton.walk(words, (part, start, end) => {
      const { whole, isGapped } = roles[part]!;
      if (whole !== null) report(whole, start, end, end - start);
      if (isGapped) remember(found, part, start, end);
    });
    for (const part of found.keys())
      eachGapped(part, found, (phrase, { start, end, words: count }) => report(phrase, start, end, count));
    return steps;
  }

  function find(words: readonly string[]): PhraseHits {
    const found = new Map<number, Span[]>();
    const steps = automaton.walk(words, (part, start, end) => remember(found, part, start, end));
    const spans = new Map<number, Span>();
    for (const [part, places] of found) {
      const { whole } = roles[part]!;
      if (whole !== null) spans.set(whole, longestOf(places));
      eachGapped(part, found, (phrase, span) => spans.set(phrase, span));
    }
    return { words, spans, steps };
  }

  /** Phrases with gaps that begin with this part. */
  function eachGapped(
    part: number,
    found: ReadonlyMap<number, readonly Span[]>,
    report: (phrase: number, span: Span) => void,
  ): void {
    for (const { phrase, parts, gaps } of roles[part]!.gapped) {
      const span = chain(parts, found, gaps);
      if (span) report(phrase, span);
    }
  }
}

function remember(found: Map<number, Span[]>, part: number, start: number, end: number): void {
  const spans = found.get(part);
  const span = { start, end, words: end - start };
  if (!spans) found.set(part, [span]);
  else if (spans.length < MAX_SPANS) spans.push(span);
}

function longestOf(spans: readonly Span[]): Span {
  return spans.reduce((best, span) => (span.words > best.words ? span : best));
}

/** First way through the parts in order, each beginning at most its gap's words after the one before. */
function chain(
  parts: readonly number[],
  found: ReadonlyMap<number, readonly Span[]>,
  gaps: readonly number[],
): Span | null {
  for (const part of parts) if (!found.has(part)) return null;
  let open: readonly Span[] = found.get(parts[0]!)!;
  for (let index = 1; index < parts.length; index++) {
    const gap = gaps[index - 1] ?? MAX_GAP;
    if (open.length === 0) return null;
    open = found.get(parts[index]!)!.flatMap((span) => {
      const before = open.find(({ end }) => span.start >= end && span.start - end <= gap);
      return before ? [{ start: before.start, end: span.end, words: before.words + span.words }] : [];
    });
  }
  return open[0] ?? null;
}
