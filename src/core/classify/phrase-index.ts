/**
 * All phrases of all rules in one trie over words, so that a text is read once however many rules there are.
 *
 * A phrase is words in a row. `(a|b c|)` is a choice, the last one here of nothing; `exceed*` any word that begins so;
 * ` ... ` a gap of at most 12 words, ` ~ ` one of at most 4. The work for a text is bounded: from each word at most the longest phrase's
 * words are walked, and no step is ever taken back.
 */
import { foldText, splitWords } from "./words.ts";

export const MAX_GAP = 12;
export const SHORT_GAP = 4;
const MAX_CHOICES = 2000;
/** Node and word in one number: 2^17 words, beyond any rule set. */
const WORDS = 131_072;

interface Span {
  readonly start: number;
  readonly end: number;
  /** Words that matched: those in a gap do not count. */
  readonly words: number;
}

/** Which phrases stand in a text, and where: phrase id to the span of words it covers. */
export interface PhraseHits {
  readonly words: readonly string[];
  readonly spans: ReadonlyMap<number, Span>;
  /** Steps taken through the trie: what a test bounds, where wall-clock would flicker. */
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
  /** Phrases known, and nodes in the trie. */
  readonly size: { readonly phrases: number; readonly nodes: number };
}

export interface PhraseIndexBuilder {
  /** Id of the phrase; the same text gives the same id. Throws on a phrase without words or with too many choices. */
  add(phrase: string): number;
  build(): PhraseIndex;
}

/** `a (b|c) d*` -> rows of choices, each choice its words. */
function choicesOf(part: string): readonly (readonly (readonly string[])[])[] {
  const rows: (readonly (readonly string[])[])[] = [];
  for (const [piece] of part.matchAll(/\([^()]*\)|[^()]+/g)) {
    if (piece.startsWith("(")) rows.push(piece.slice(1, -1).split("|").map(phraseWords));
    else rows.push([phraseWords(piece)]);
  }
  return rows;
}

function phraseWords(piece: string): readonly string[] {
  return piece.split(/\s+/).flatMap((chunk) => {
    const words = [...splitWords(foldText(chunk))];
    const last = words.pop();
    return last === undefined ? [] : [...words, chunk.endsWith("*") ? `${last}*` : last];
  });
}

export function phraseIndexBuilder(): PhraseIndexBuilder {
  const wordIds = new Map<string, number>();
  const prefixes = new Map<string, { readonly prefix: string; readonly id: number }[]>();
  const edges = new Map<number, number>();
  const endsAt = new Map<number, number[]>();
  const partIds = new Map<string, number>();
  const phraseIds = new Map<string, number>();
  /** Phrases of one part, by that part; phrases with gaps, by their first part. */
  const wholeOf = new Map<number, number>();
  const gapped = new Map<number, Gapped[]>();
  let nodes = 1;
  let longest = 0;

  const wordId = (word: string): number => {
    const known = wordIds.get(word);
    if (known !== undefined) return known;
    const id = wordIds.size + 1;
    wordIds.set(word, id);
    if (word.endsWith("*")) {
      const prefix = word.slice(0, -1);
      const list = prefixes.get(prefix.slice(0, 3)) ?? [];
      list.push({ prefix, id });
      prefixes.set(prefix.slice(0, 3), list);
    }
    return id;
  };
  const step = (node: number, word: string): number => {
    const key = node * WORDS + wordId(word);
    const known = edges.get(key);
    if (known !== undefined) return known;
    edges.set(key, nodes);
    return nodes++;
  };
  const addPart = (part: string, phrase: string): number => {
    const known = partIds.get(part);
    if (known !== undefined) return known;
    let frontier: readonly { readonly node: number; readonly depth: number }[] = [{ node: 0, depth: 0 }];
    for (const row of choicesOf(part)) {
      frontier = frontier.flatMap(({ node, depth }) =>
        row.map((words) => ({ node: words.reduce(step, node), depth: depth + words.length })),
      );
      if (frontier.length > MAX_CHOICES) throw new Error(`too many choices in the phrase "${phrase}"`);
    }
    const id = partIds.size;
    for (const { node, depth } of frontier) {
      if (depth === 0) throw new Error(`the phrase "${phrase}" can match nothing at all`);
      longest = Math.max(longest, depth);
      const ends = endsAt.get(node);
      if (!ends) endsAt.set(node, [id]);
      else if (!ends.includes(id)) ends.push(id);
    }
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
      else gapped.set(first, [...(gapped.get(first) ?? []), { phrase: id, parts: ids, gaps }]);
      return id;
    },
    build: () => ({ find, size: { phrases: phraseIds.size, nodes } }),
  };

  function idsOf(word: string): readonly number[] {
    const id = wordIds.get(word);
    const ids = id === undefined ? [] : [id];
    for (const { prefix, id: prefixId } of prefixes.get(word.slice(0, 3)) ?? [])
      if (word.startsWith(prefix)) ids.push(prefixId);
    return ids;
  }

  function find(words: readonly string[]): PhraseHits {
    const ids = words.map(idsOf);
    const found = new Map<number, Span[]>();
    let steps = 0;
    const walk = (node: number, start: number, at: number): void => {
      for (const id of ids[at] ?? []) {
        steps++;
        const next = edges.get(node * WORDS + id);
        if (next === undefined) continue;
        for (const part of endsAt.get(next) ?? []) {
          const spans = found.get(part);
          const span = { start, end: at + 1, words: at + 1 - start };
          if (!spans) found.set(part, [span]);
          else if (spans.length < 32) spans.push(span);
        }
        if (at + 1 - start < longest) walk(next, start, at + 1);
      }
    };
    for (let start = 0; start < words.length; start++) walk(0, start, start);

    const spans = new Map<number, Span>();
    for (const [part, [first]] of found) {
      const whole = wholeOf.get(part);
      if (whole !== undefined && first) spans.set(whole, first);
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
