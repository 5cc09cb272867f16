/** The catalogues of all languages. English is the type: a text that another language lacks does not compile. */
import type { Language } from "../../config/config.ts";
import { GERMAN_PAGES } from "./de/catalogue.ts";
import { ENGLISH_PAGES, type Catalogue } from "./en/catalogue.ts";
import { SPANISH_PAGES } from "./es/catalogue.ts";
import { FRENCH_PAGES } from "./fr/catalogue.ts";
import { JAPANESE_PAGES } from "./ja/catalogue.ts";
import { speechOf, type Speech } from "./speech.ts";

const CATALOGUES: Readonly<Record<Language, Catalogue>> = {
  en: ENGLISH_PAGES,
  de: GERMAN_PAGES,
  fr: FRENCH_PAGES,
  es: SPANISH_PAGES,
  ja: JAPANESE_PAGES,
};

/** As each calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  ja: "日本語",
};

/** The texts of a language, and how it writes numbers and times. */
export type Texts = Catalogue & Speech;

const texts = new Map<Language, Texts>();

export function textsIn(language: Language): Texts {
  const known = texts.get(language);
  if (known) return known;
  const made = { ...CATALOGUES[language], ...speechOf(language) };
  texts.set(language, made);
  return made;
}
