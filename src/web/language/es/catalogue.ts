/** The pages in Spanish. */
import type { Catalogue } from "../en/catalogue.ts";
import { SPANISH_FRAME } from "./frame.ts";
import { SPANISH_TERMS } from "./terms.ts";

export const SPANISH_PAGES: Catalogue = {
  ...SPANISH_FRAME,
  terms: SPANISH_TERMS,
};
