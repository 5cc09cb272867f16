/** The pages in English: the texts that every other language has as well. */
import { ENGLISH_COMPARE } from "./compare.ts";
import { ENGLISH_AUDIT } from "./audit.ts";
import { ENGLISH_PEOPLE } from "./people.ts";
import { ENGLISH_VIEWS } from "./views.ts";
import { ENGLISH_FRAME } from "./frame.ts";
import { ENGLISH_INCIDENTS } from "./incidents.ts";
import { ENGLISH_OVERVIEW } from "./overview.ts";
import { ENGLISH_RATES } from "./rates.ts";
import { ENGLISH_SUBJECTS } from "./subjects.ts";
import { ENGLISH_LOG } from "./log.ts";
import { ENGLISH_EVENT } from "./event.ts";
import { ENGLISH_SUPPRESSIONS } from "./suppressions.ts";
import { ENGLISH_CODES } from "./codes.ts";
import { ENGLISH_RULES } from "./rules.ts";
import { ENGLISH_RECLASSIFY } from "./reclassify.ts";
import { ENGLISH_OUTPUTS } from "./outputs.ts";
import { ENGLISH_OPERATING } from "./operating.ts";
import { ENGLISH_TERMS } from "./terms.ts";

export const ENGLISH_PAGES = {
  ...ENGLISH_FRAME,
  compare: ENGLISH_COMPARE,
  views: ENGLISH_VIEWS,
  overview: ENGLISH_OVERVIEW,
  rates: ENGLISH_RATES,
  subjects: ENGLISH_SUBJECTS,
  log: ENGLISH_LOG,
  event: ENGLISH_EVENT,
  suppressions: ENGLISH_SUPPRESSIONS,
  codes: ENGLISH_CODES,
  rules: ENGLISH_RULES,
  reclassify: ENGLISH_RECLASSIFY,
  outputs: ENGLISH_OUTPUTS,
  operating: ENGLISH_OPERATING,
  audit: ENGLISH_AUDIT,
  people: ENGLISH_PEOPLE,
  incidents: ENGLISH_INCIDENTS,
  terms: ENGLISH_TERMS,
};
export type Catalogue = typeof ENGLISH_PAGES;
