/** The pages in Japanese. */
import type { Catalogue } from "../en/catalogue.ts";
import { JAPANESE_FRAME } from "./frame.ts";
import { JAPANESE_TERMS } from "./terms.ts";

export const JAPANESE_PAGES: Catalogue = {
  ...JAPANESE_FRAME,
  terms: JAPANESE_TERMS,
};
