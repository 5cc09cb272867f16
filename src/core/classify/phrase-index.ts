/**
 * All phrases of all rules in one automaton over words, so that a text is read once however many rules there are.
 *
 * A phrase is words in a row. `(a|b c|)` is a choice, the last one here of nothing; `{user}` a choice from the
 * vocabulary; `exceed*` any word that begins so; ` ... ` a gap of at most 12 words, ` ~ ` one of at most 4. The work
 * for a text is bounded: from each word at most the longest phrase's words are walked, each state once, and no step
 * is ever taken back.
 */
import { foldText, splitWords } from "./words.ts";

export const MAX_GAP = 12;
export const SHORT_GAP = 4;
const MAX_SPANS = 32;
/** An ordinary refusal takes some hundred steps. A hostile one is read so far and no further. */
export const MAX_STEPS = 20_000;
/** Words whose ids are remembered between texts. */
const MAX_REMEMBERED = 8192;
const NONE: readonly number[] = [];

/** Words that stand for each other: name to its words. */
export type Vocabulary = Readonly<Record<string, readonly string[]>>;

interface Span {
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
  readonly size: { readonly phrases: number; readonly states: number; readonly longest: number };
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
  const wordIds = new Map<string, number>();
  const prefixes = new Map<string, { readonly prefix: string; readonly id: number }[]>();
  /** Per state: word id to the states it leads to. */
  const edges: Map<number, number[]>[] = [new Map()];
  const endsAt = new Map<number, number>();
  const partIds = new Map<string, number>();
  const phraseIds = new Map<string, number>();
  /** Phrases of one part, by that part; phrases with gaps, by their first part. */
  const wholeOf = new Map<number, number>();
  const gapped = new Map<number, Gapped[]>();
  const remembered = new Map<string, readonly number[]>();
  /** Per state, the round it was last reached in: two ways to it are one. */
  const reachedIn: number[] = [];
  let round = 0;
  let states = 1;
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
  const connect = (from: number, word: string, to: number): void => {
    const id = wordId(word);
    const out = (edges[from] ??= new Map<number, number[]>());
    const next = out.get(id);
    if (next) next.push(to);
    else out.set(id, [to]);
  };
  /** Every choice of a row leads from all states before it to one state after it. */
  const addRow = (before: readonly number[], row: readonly (readonly string[])[]): readonly number[] => {
    const after = states++;
    for (const words of row) {
      let from = before;
      for (const [index, word] of words.entries()) {
        const to = index === words.length - 1 ? after : states++;
        for (const state of from) connect(state, word, to);
        from = [to];
      }
    }
    return row.some((words) => words.length === 0) ? [...before, after] : [after];
  };
  const addPart = (part: string, phrase: string): number => {
    const known = partIds.get(part);
    if (known !== undefined) return known;
    if (/[()]/.test(part.replaceAll(/\([^()]*\)/g, "")))
      throw new Error(`"${phrase}" has a gap or a bracket inside a choice`);
    const id = partIds.size;
    let frontier: readonly number[] = [0];
    let depth = 0;
    for (const row of choicesOf(part, vocabulary)) {
      frontier = addRow(frontier, row);
      depth += Math.max(...row.map((words) => words.length));
    }
    if (frontier.includes(0)) throw new Error(`the phrase "${phrase}" can match nothing at all`);
    for (const state of frontier) endsAt.set(state, id);
    longest = Math.max(longest, depth);
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
    build: () => ({ find, size: { phrases: phraseIds.size, states, longest } }),
  };

  /** The word itself, and every `prefix*` it begins with. */
  function idsOf(word: string): readonly number[] {
    const known = remembered.get(word);
    if (known) return known;
    const id = wordIds.get(word);
    const ids = id === undefined ? [] : [id];
    for (const { prefix, id: prefixId } of prefixes.get(word.slice(0, 3)) ?? [])
      if (word.startsWith(prefix)) ids.push(prefixId);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(word, ids.length === 0 ? NONE : ids);
    return ids;
  }

  function find(words: readonly string[]): PhraseHits {
    const ids = words.map(idsOf);
    const found = new Map<number, Span[]>();
    let steps = 0;
    const record = (part: number, start: number, end: number): void => {
      const spans = found.get(part);
      const span = { start, end, words: end - start };
      if (!spans) found.set(part, [span]);
      else if (spans.length < MAX_SPANS) spans.push(span);
    };
    for (let start = 0; start < words.length && steps < MAX_STEPS; start++) {
      let active: readonly number[] = [0];
      for (let at = start; at < words.length && active.length > 0; at++) {
        const here = ids[at] ?? NONE;
        if (here.length === 0) break;
        const reached: number[] = [];
        round++;
        for (const state of active) {
          const out = edges[state];
          if (!out) continue;
          for (const id of here) {
            steps++;
            for (const next of out.get(id) ?? NONE) {
              steps++;
              if (reachedIn[next] === round) continue;
              reachedIn[next] = round;
              reached.push(next);
            }
          }
        }
        for (const state of reached) {
          const part = endsAt.get(state);
          if (part !== undefined) record(part, start, at + 1);
        }
        active = reached;
      }
    }

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
