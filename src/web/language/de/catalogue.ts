/** The pages in German. */
import type { Catalogue } from "../en/catalogue.ts";
import { GERMAN_FRAME } from "./frame.ts";
import { GERMAN_TERMS } from "./terms.ts";

export const GERMAN_PAGES: Catalogue = {
  ...GERMAN_FRAME,
  terms: GERMAN_TERMS,
};
