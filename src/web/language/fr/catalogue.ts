/** The pages in French. */
import type { Catalogue } from "../en/catalogue.ts";
import { FRENCH_COMPARE } from "./compare.ts";
import { FRENCH_AUDIT } from "./audit.ts";
import { FRENCH_PEOPLE } from "./people.ts";
import { FRENCH_VIEWS } from "./views.ts";
import { FRENCH_FRAME } from "./frame.ts";
import { FRENCH_INCIDENTS } from "./incidents.ts";
import { FRENCH_OVERVIEW } from "./overview.ts";
import { FRENCH_RATES } from "./rates.ts";
import { FRENCH_SUBJECTS } from "./subjects.ts";
import { FRENCH_LOG } from "./log.ts";
import { FRENCH_EVENT } from "./event.ts";
import { FRENCH_SUPPRESSIONS } from "./suppressions.ts";
import { FRENCH_CODES } from "./codes.ts";
import { FRENCH_RULES } from "./rules.ts";
import { FRENCH_RECLASSIFY } from "./reclassify.ts";
import { FRENCH_OUTPUTS } from "./outputs.ts";
import { FRENCH_OPERATING } from "./operating.ts";
import { FRENCH_TERMS } from "./terms.ts";

export const FRENCH_PAGES: Catalogue = {
  ...FRENCH_FRAME,
  compare: FRENCH_COMPARE,
  views: FRENCH_VIEWS,
  overview: FRENCH_OVERVIEW,
  rates: FRENCH_RATES,
  subjects: FRENCH_SUBJECTS,
  log: FRENCH_LOG,
  event: FRENCH_EVENT,
  suppressions: FRENCH_SUPPRESSIONS,
  codes: FRENCH_CODES,
  rules: FRENCH_RULES,
  reclassify: FRENCH_RECLASSIFY,
  outputs: FRENCH_OUTPUTS,
  operating: FRENCH_OPERATING,
  audit: FRENCH_AUDIT,
  people: FRENCH_PEOPLE,
  incidents: FRENCH_INCIDENTS,
  terms: FRENCH_TERMS,
};
