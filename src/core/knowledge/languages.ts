/** The language packs, in order of their codes: languages/*.yaml, checked and packed by `npm run pack-rules`. */
import type { LanguagePack } from "./language-pack.ts";
import packed from "./languages.json" with { type: "json" };

export const LANGUAGES = packed as readonly LanguagePack[];

/** One list of words, of all languages: `allWords(({ notices }) => notices?.delays)`. Each word once. */
export function allWords(listOf: (pack: LanguagePack) => readonly string[] | undefined): readonly string[] {
  return [...new Set(LANGUAGES.flatMap((pack) => listOf(pack) ?? []))];
}
