/** Which language a page speaks: the reader's choice, the setting, what the browser asks for, the service's own. */
import type { FastifyRequest } from "fastify";
import { SPOKEN_LANGUAGES, type Language } from "../../config/config.ts";

export const LANGUAGE_COOKIE = "bounced_language";
/** A browser names a handful; what comes after is not read. */
const MAX_RANGES = 20;

const languageNamed = (name: string): Language | null => SPOKEN_LANGUAGES.find((known) => known === name) ?? null;

/** `fr-CH, de;q=0.8` -> `fr`. Null where the header asks for none that the pages speak (RFC 9110 12.5.4). */
export function acceptedLanguage(header: string | undefined): Language | null {
  const ranges = (header ?? "").split(",", MAX_RANGES).map((range, order) => {
    const [tag = "", ...parameters] = range.trim().toLowerCase().split(";", 3);
    const weight = parameters.map((one) => /^\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/.exec(one)?.[1]).find(Boolean);
    return { language: languageNamed(tag.trim().split("-", 1)[0] ?? ""), weight: Number(weight ?? 1), order };
  });
  const wanted = ranges
    .filter(({ language, weight }) => language !== null && weight > 0)
    .toSorted((a, b) => b.weight - a.weight || a.order - b.order);
  return wanted[0]?.language ?? null;
}

export interface LanguageSettings {
  /** Of all pages, unless the reader chose another. */
  readonly fixed: Language | undefined;
  /** Where the browser asks for none that the pages speak. */
  readonly otherwise: Language;
}

export function pageLanguage(
  { cookies, headers }: Pick<FastifyRequest, "cookies" | "headers">,
  settings: LanguageSettings,
): Language {
  // A request that is refused early has no cookies yet.
  const chosen = (cookies as FastifyRequest["cookies"] | undefined)?.[LANGUAGE_COOKIE];
  return (
    languageNamed(chosen ?? "") ?? settings.fixed ?? acceptedLanguage(headers["accept-language"]) ?? settings.otherwise
  );
}
