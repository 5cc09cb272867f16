/** The words of all language packs in one index: a text is read once, however many languages there are. */
import type { Predicate, Subject } from "../../knowledge/facts.ts";
import type { LanguagePack } from "../../knowledge/language-pack.ts";
import { LANGUAGES } from "../../knowledge/languages.ts";
import type { RefusalWords } from "../../knowledge/refusal-words.ts";
import { phraseIndexBuilder } from "../phrase-index.ts";

export type Meaning =
  | { readonly kind: "subject"; readonly name: Subject; readonly language: string }
  | { readonly kind: "predicate" | "denied" | "hint"; readonly name: Predicate; readonly language: string }
  | { readonly kind: "negation" | "none" | "ignored" | "passing" | "maybe" | "or"; readonly language: string };

interface Place {
  readonly start: number;
  readonly end: number;
  /** Words that matched: those in a gap do not count. */
  readonly words: number;
}

/** A word or phrase of some pack, where it stands. */
export type Item = Meaning & Place;

/** The same as it was found: most hits are words of languages that nobody speaks here. */
export interface Hit extends Place {
  readonly meaning: KnownMeaning;
}

type KnownMeaning = Meaning & {
  /** The same number: the same meaning, in whichever language where that does not matter. */
  readonly same: number;
};

export interface Lexicon {
  /** All that is found, in no order. */
  hitsIn(words: readonly string[]): readonly Hit[];
  /** Steps that reading them takes. */
  stepsIn(words: readonly string[]): number;
}

export function itemOf({ meaning, start, end, words }: Hit): Item {
  const { kind, language } = meaning;
  const name = "name" in meaning ? meaning.name : undefined;
  return { kind, name, language, start, end, words } as Item;
}

export function compileLexicon(packs: readonly LanguagePack[]): Lexicon {
  const builder = phraseIndexBuilder();
  const meanings: KnownMeaning[][] = [];
  const numbers = new Map<string, number>();
  const known = (meaning: Meaning): KnownMeaning => {
    const { kind, language } = meaning;
    const needsLanguage = kind === "denied" || kind === "negation" || kind === "none";
    const key = `${kind} ${"name" in meaning ? meaning.name : ""} ${needsLanguage ? language : ""}`;
    const same = numbers.get(key) ?? numbers.size;
    numbers.set(key, same);
    return { ...meaning, same };
  };
  const add = (phrases: readonly string[] | undefined, said: Meaning): void => {
    const meaning = known(said);
    for (const phrase of phrases ?? []) (meanings[builder.add(phrase)] ??= []).push(meaning);
  };
  for (const { code, refusals } of packs) if (refusals) addPack(refusals, code, add);
  const index = builder.build();
  return {
    stepsIn: (words) => index.each(words, () => undefined),
    hitsIn(words) {
      const hits: Hit[] = [];
      index.each(words, (phrase, start, end, count) => {
        for (const meaning of meanings[phrase]!) hits.push({ meaning, start, end, words: count });
      });
      return hits;
    },
  };
}

let builtIn: Lexicon | null = null;

/** Of the packs that come along, compiled once for all of a process. */
export function builtInLexicon(): Lexicon {
  builtIn ??= compileLexicon(LANGUAGES);
  return builtIn;
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
  for (const kind of ["negation", "none", "ignored", "passing", "maybe", "or"] as const)
    add(refusals[kind], { kind, language });
}
