/** The words of all language packs in one index: a text is read once, however many languages there are. */
import type { Predicate, Subject } from "../../knowledge/facts.ts";
import type { LanguagePack } from "../../knowledge/language-pack.ts";
import type { RefusalWords } from "../../knowledge/refusal-words.ts";
import { phraseIndexBuilder } from "../phrase-index.ts";

export type Meaning =
  | { readonly kind: "subject"; readonly name: Subject; readonly language: string }
  | { readonly kind: "predicate" | "denied" | "hint"; readonly name: Predicate; readonly language: string }
  | { readonly kind: "negation" | "none" | "ignored" | "passing" | "maybe"; readonly language: string };

/** A word or phrase of some pack, where it stands. */
export type Item = Meaning & { readonly start: number; readonly end: number; readonly words: number };

export interface Lexicon {
  /** All that is found, in no order. */
  itemsIn(words: readonly string[]): Item[];
  /** Steps that reading them takes. */
  stepsIn(words: readonly string[]): number;
}

export function compileLexicon(packs: readonly LanguagePack[]): Lexicon {
  const builder = phraseIndexBuilder();
  const meanings = new Map<number, Meaning[]>();
  const add = (phrases: readonly string[] | undefined, meaning: Meaning): void => {
    for (const phrase of phrases ?? []) {
      const id = builder.add(phrase);
      const known = meanings.get(id);
      if (!known) meanings.set(id, [meaning]);
      else known.push(meaning);
    }
  };
  for (const { code, refusals } of packs) if (refusals) addPack(refusals, code, add);
  const index = builder.build();
  return {
    stepsIn: (words) => index.each(words, () => undefined),
    itemsIn(words) {
      const items: Item[] = [];
      index.each(words, (phrase, span) => {
        for (const meaning of meanings.get(phrase) ?? []) items.push({ ...meaning, ...span });
      });
      return items;
    },
  };
}

function addPack(
  refusals: RefusalWords,
  language: string,
  add: (phrases: readonly string[] | undefined, meaning: Meaning) => void,
): void {
  for (const [name, phrases] of Object.entries(refusals.subjects ?? {}))
    add(phrases, { kind: "subject", name: name as Subject, language });
  for (const [section, kind] of [
    ["predicates", "predicate"],
    ["denied", "denied"],
    ["hints", "hint"],
  ] as const)
    for (const [name, phrases] of Object.entries(refusals[section] ?? {}))
      add(phrases, { kind, name: name as Predicate, language });
  for (const kind of ["negation", "none", "ignored", "passing", "maybe"] as const)
    add(refusals[kind], { kind, language });
}
