/** The pages in German. */
import type { Catalogue } from "../en/catalogue.ts";
import { ENGLISH_COMPARE } from "../en/compare.ts";
import { GERMAN_FRAME } from "./frame.ts";
import { GERMAN_TERMS } from "./terms.ts";

export const GERMAN_PAGES: Catalogue = {
  ...GERMAN_FRAME,
  compare: ENGLISH_COMPARE,
  terms: GERMAN_TERMS,
};
