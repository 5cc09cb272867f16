/** What is said in a clause: predicates, words that are denied, and those that only suggest one. */
import type { Predicate, Subject } from "../../knowledge/facts.ts";
import type { Item } from "./lexicon.ts";

export interface Said {
  readonly name: Predicate;
  readonly start: number;
  readonly end: number;
  /** A single word that only suggests it. */
  readonly hint: boolean;
  /** `no such header` names what it is about. */
  readonly of?: Subject;
}

/** How far before, or behind, a word its negation may stand. */
const NEGATION_BEFORE = 4;
const NEGATION_BEHIND = 2;
const NONE_BEFORE = 2;

/** Longer phrases explain the words in them. A subject in a predicate's phrase stays: it is what the phrase is about. */
export function withoutCovered(items: Item[]): readonly Item[] {
  const sorted = items.sort((a, b) => a.start - b.start || b.end - a.end);
  /** Those that reach as far as the next one begins. */
  let open: Item[] = [];
  return sorted.filter((item) => {
    let isHidden = false;
    let closed = false;
    for (const other of open) {
      if (other.end <= item.start) closed = true;
      else if (other.end >= item.end && other.end - other.start > item.end - item.start && hides(other, item))
        isHidden = true;
    }
    if (closed) open = open.filter(({ end }) => end > item.start);
    if (item.end - item.start > 1) open.push(item);
    return !isHidden;
  });
}

function hides(longer: Item, shorter: Item): boolean {
  if (shorter.kind === "passing") return false;
  switch (longer.kind) {
    case "ignored":
      return true;
    case "predicate":
      // What stands in a gap is not explained by the words around it.
      if (longer.words < longer.end - longer.start) return shorter.kind === "hint" || shorter.kind === "negation";
      return shorter.kind !== "subject";
    case "subject":
      return shorter.kind === "subject" || shorter.kind === "hint";
    case "hint":
      return shorter.kind !== "subject";
    case "negation":
    case "none":
      return shorter.kind === longer.kind;
    default:
      return false;
  }
}

/** What a clause says. */
export function saidIn(items: readonly Item[]): readonly Said[] {
  const said: Said[] = [];
  const negations = items.filter(({ kind }) => kind === "negation");
  for (const item of items)
    switch (item.kind) {
      case "predicate": {
        const { name, start, end } = item;
        if (!negations.some((word) => word.end === start && word.language === item.language))
          said.push({ name, start, end, hint: false });
        break;
      }
      case "hint":
        said.push({ name: item.name, start: item.start, end: item.end, hint: true });
        break;
      case "denied": {
        const denial = negations.find(
          (word) =>
            word.language === item.language &&
            ((word.end <= item.start && item.start - word.end <= NEGATION_BEFORE) ||
              (word.start >= item.end && word.start - item.end <= NEGATION_BEHIND)),
        );
        if (denial)
          said.push({
            name: item.name,
            start: Math.min(denial.start, item.start),
            end: Math.max(denial.end, item.end),
            hint: false,
          });
        break;
      }
      case "none": {
        const named = items.find(
          (other) => other.kind === "subject" && other.start >= item.end && other.start - item.end <= NONE_BEFORE,
        );
        if (named?.kind === "subject")
          said.push({ name: "unknown", start: item.start, end: named.end, hint: false, of: named.name });
        break;
      }
      default:
    }
  return said;
}
