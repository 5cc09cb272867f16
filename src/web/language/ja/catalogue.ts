/** The pages in Japanese. */
import type { Catalogue } from "../en/catalogue.ts";
import { ENGLISH_COMPARE } from "../en/compare.ts";
import { JAPANESE_FRAME } from "./frame.ts";
import { JAPANESE_TERMS } from "./terms.ts";

export const JAPANESE_PAGES: Catalogue = {
  ...JAPANESE_FRAME,
  compare: ENGLISH_COMPARE,
  terms: JAPANESE_TERMS,
};
