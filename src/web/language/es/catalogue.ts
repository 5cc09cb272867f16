/** The pages in Spanish. */
import type { Catalogue } from "../en/catalogue.ts";
import { ENGLISH_COMPARE } from "../en/compare.ts";
import { SPANISH_FRAME } from "./frame.ts";
import { SPANISH_TERMS } from "./terms.ts";

export const SPANISH_PAGES: Catalogue = {
  ...SPANISH_FRAME,
  compare: ENGLISH_COMPARE,
  terms: SPANISH_TERMS,
};
