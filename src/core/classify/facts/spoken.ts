/**
 * Which language a clause is in. Stems of one language begin words of another (`conta` is an account in Lisbon and the
 * beginning of `contains` in London), so words of a language count only where it explains enough of the text, and
 * more of the clause than English does. What is written in a script of its own needs no such proof.
 */
import { PAUSE, STOP } from "./clauses.ts";
import type { Item } from "./lexicon.ts";

/** Share of a text's words that a language must explain. */
const ENOUGH = 0.2;
const ASCII_WORD = /^[a-z0-9]+$/;
// oxlint-disable-next-line no-control-regex -- the range is what "ASCII" means
const NOT_ASCII = /[^\u0000-\u007f]/;

/** Items in languages that are spoken here, one of each meaning, in order. */
export function spokenItems(items: readonly Item[], words: readonly string[]): Item[] {
  const foreign = items.some(({ language }) => !isCommon(language));
  if (!foreign) return unique(items);
  const plain = words.map((word) => ASCII_WORD.test(word));
  const ownScript = words.map((word) => NOT_ASCII.test(word) && word !== STOP && word !== PAUSE);
  const count = plain.filter(Boolean).length;
  const covered = coverage(items, plain, 0, words.length);
  const allowed = new Set([...covered].filter(([, size]) => size >= count * ENOUGH).map(([language]) => language));
  const spoken: Item[] = [];
  let start = 0;
  for (let at = 0; at <= words.length; at++) {
    if (at < words.length && words[at] !== STOP && words[at] !== PAUSE) continue;
    const inside = items.filter((item) => item.start >= start && item.end <= at);
    const here = coverage(inside, plain, start, at);
    const english = here.get("en") ?? 0;
    for (const item of inside)
      if (
        isCommon(item.language) ||
        item.kind === "maybe" ||
        (allowed.has(item.language) && (here.get(item.language) ?? 0) > english) ||
        ownScript.slice(item.start, item.end).some(Boolean)
      )
        spoken.push(item);
    start = at + 1;
  }
  for (const item of items)
    if (crosses(item, words) && (isCommon(item.language) || allowed.has(item.language))) spoken.push(item);
  return unique(spoken);
}

const isCommon = (language: string): boolean => language === "en" || language === "mul";

/** A phrase with a gap may reach over a comma. */
function crosses({ start, end }: Item, words: readonly string[]): boolean {
  for (let at = start; at < end; at++) if (words[at] === STOP || words[at] === PAUSE) return true;
  return false;
}

/** Words that each language explains. */
function coverage(items: readonly Item[], plain: readonly boolean[], from: number, to: number): Map<string, number> {
  const places = new Map<string, Set<number>>();
  for (const { language, start, end, words } of items) {
    const known = places.get(language) ?? new Set<number>();
    // What stands in a gap is not explained by the words around it.
    const step = words < end - start ? Math.max(1, end - start - 1) : 1;
    for (let at = Math.max(start, from); at < Math.min(end, to); at += step) if (plain[at]) known.add(at);
    places.set(language, known);
  }
  return new Map([...places].map(([language, found]) => [language, found.size]));
}

function unique(items: readonly Item[]): Item[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const name = "name" in item ? item.name : "";
    const needsLanguage = item.kind === "denied" || item.kind === "negation" || item.kind === "none";
    const key = `${item.kind} ${name} ${item.start} ${item.end} ${needsLanguage ? item.language : ""}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
