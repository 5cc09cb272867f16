/**
 * Which language a clause is in. Stems of one language begin words of another (`conta` is an account in Lisbon and the
 * beginning of `contains` in London), so words of a language count only where it explains enough of the text, and
 * more of the clause than English does. What is written in a script of its own needs no such proof.
 */
import { PAUSE, STOP } from "./clauses.ts";
import { itemOf, type Hit, type Item } from "./lexicon.ts";

/** Share of a text's words that a language must explain. */
const ENOUGH = 0.2;
const ASCII_WORD = /^[a-z0-9]+$/;
// oxlint-disable-next-line no-control-regex -- the range is what "ASCII" means
const NOT_ASCII = /[^\u0000-\u007f]/;

/** Items in languages that are spoken here, one of each meaning. */
export function spokenItems(hits: readonly Hit[], words: readonly string[]): Item[] {
  const spans = new Map<string, number>();
  for (const { meaning, start, end } of hits)
    if (!isCommon(meaning.language)) spans.set(meaning.language, (spans.get(meaning.language) ?? 0) + end - start);
  if (spans.size === 0) return unique(hits);
  const text = textOf(words);
  let english: Explained | null = null;
  const spoken = new Map<string, Explained>();
  for (const [language, atMost] of spans) {
    // Most of them explain too little however their words lie.
    if (atMost < text.ascii * ENOUGH) continue;
    const explained = explainedBy(language, hits, text);
    if (explained.words >= text.ascii * ENOUGH) spoken.set(language, explained);
  }
  const most: number[] = [];
  for (const { inClause } of spoken.values())
    for (let clause = 0; clause < inClause.length; clause++)
      most[clause] = Math.max(most[clause] ?? 0, inClause[clause]!);
  return unique(
    hits.filter(({ meaning, start, end }) => {
      if (isCommon(meaning.language)) return true;
      const explained = spoken.get(meaning.language);
      const clause = clauseOf(text, start, end);
      // A phrase with a gap may reach over a comma.
      if (clause < 0) return explained !== undefined;
      return (
        meaning.kind === "maybe" ||
        (explained !== undefined &&
          // `kota` is a quota in Turkish and begins a box in Malay: who explains one word of four does not speak.
          explained.inClause[clause]! * 2 >= most[clause]! &&
          explained.inClause[clause]! > (english ??= explainedBy("en", hits, text)).inClause[clause]!) ||
        isInOwnScript(words, start, end)
      );
    }),
  );
}

const isCommon = (language: string): boolean => language === "en" || language === "mul";

interface Text {
  /** By word: whether it is written in plain letters, as words of any language may be. */
  readonly isAscii: readonly boolean[];
  readonly ascii: number;
  /** By word: the number of its clause. */
  readonly clauses: readonly number[];
}

function textOf(words: readonly string[]): Text {
  const isAscii: boolean[] = [];
  const clauses: number[] = [];
  let ascii = 0;
  let clause = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === STOP || word === PAUSE) clause++;
    const isPlain = ASCII_WORD.test(word);
    if (isPlain) ascii++;
    isAscii.push(isPlain);
    clauses.push(clause);
  }
  return { isAscii, ascii, clauses };
}

/** Negative for what reaches over a mark. */
const clauseOf = ({ clauses }: Text, start: number, end: number): number =>
  clauses[start] === clauses[end - 1] ? clauses[start]! : -1;

function isInOwnScript(words: readonly string[], start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (NOT_ASCII.test(words[at]!)) return true;
  return false;
}

/** How many words a language explains: in all, and in each clause. */
interface Explained {
  readonly words: number;
  readonly inClause: readonly number[];
}

function explainedBy(language: string, hits: readonly Hit[], text: Text): Explained {
  const { isAscii, clauses } = text;
  const seen = Array<boolean>(isAscii.length).fill(false);
  const inClause = Array<number>((clauses.at(-1) ?? 0) + 1).fill(0);
  let count = 0;
  const mark = ({ start, end, words }: Hit, clause: number): void => {
    // What stands in a gap is not explained by the words around it.
    const step = words < end - start ? Math.max(1, end - start - 1) : 1;
    for (let at = start; at < end; at += step)
      if (isAscii[at] && !seen[at]) {
        seen[at] = true;
        count++;
        if (clause >= 0) inClause[clause]!++;
      }
  };
  const reaching: Hit[] = [];
  for (const hit of hits) {
    if (hit.meaning.language !== language) continue;
    const clause = clauseOf(text, hit.start, hit.end);
    if (clause < 0) reaching.push(hit);
    else mark(hit, clause);
  }
  for (const hit of reaching) mark(hit, -1);
  return { words: count, inClause };
}

/** Longer than any text. */
const PLACES = 100_000;

function unique(hits: readonly Hit[]): Item[] {
  const seen = new Set<number>();
  const items: Item[] = [];
  for (const hit of hits) {
    const key = (hit.meaning.same * PLACES + hit.start) * PLACES + hit.end;
    if (seen.has(key)) continue;
    seen.add(key);
    items.push(itemOf(hit));
  }
  return items;
}
