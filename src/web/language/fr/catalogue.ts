/** The pages in French. */
import type { Catalogue } from "../en/catalogue.ts";
import { ENGLISH_COMPARE } from "../en/compare.ts";
import { FRENCH_FRAME } from "./frame.ts";
import { FRENCH_TERMS } from "./terms.ts";

export const FRENCH_PAGES: Catalogue = {
  ...FRENCH_FRAME,
  compare: ENGLISH_COMPARE,
  terms: FRENCH_TERMS,
};
