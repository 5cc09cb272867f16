import type { ExplanationLanguage } from "../../explanations/shape.ts";
import { FRENCH_CAUSES } from "./fr.ts";
import { GERMAN_CAUSES } from "./de.ts";
import { JAPANESE_CAUSES } from "./ja.ts";
import { SPANISH_CAUSES } from "./es.ts";

const CAUSES: Readonly<Record<Exclude<ExplanationLanguage, "en">, Readonly<Record<string, string>>>> = {
  de: GERMAN_CAUSES,
  es: SPANISH_CAUSES,
  fr: FRENCH_CAUSES,
  ja: JAPANESE_CAUSES,
};

/** The usual cause of a code, written in English, in another language; null where there is none. */
export const causeIn = (english: string, language: ExplanationLanguage): string | null =>
  english === "" ? null : language === "en" ? english : (CAUSES[language][english] ?? null);
