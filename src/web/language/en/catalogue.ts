/** The pages in English: the texts that every other language has as well. */
import { ENGLISH_COMPARE } from "./compare.ts";
import { ENGLISH_FRAME } from "./frame.ts";
import { ENGLISH_TERMS } from "./terms.ts";

export const ENGLISH_PAGES = {
  ...ENGLISH_FRAME,
  compare: ENGLISH_COMPARE,
  terms: ENGLISH_TERMS,
};
export type Catalogue = typeof ENGLISH_PAGES;
