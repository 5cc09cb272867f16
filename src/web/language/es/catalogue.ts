/** The pages in Spanish. */
import type { Catalogue } from "../en/catalogue.ts";
import { SPANISH_COMPARE } from "./compare.ts";
import { SPANISH_AUDIT } from "./audit.ts";
import { SPANISH_PEOPLE } from "./people.ts";
import { SPANISH_VIEWS } from "./views.ts";
import { SPANISH_FRAME } from "./frame.ts";
import { SPANISH_INCIDENTS } from "./incidents.ts";
import { SPANISH_OVERVIEW } from "./overview.ts";
import { SPANISH_RATES } from "./rates.ts";
import { SPANISH_SUBJECTS } from "./subjects.ts";
import { SPANISH_LOG } from "./log.ts";
import { SPANISH_EVENT } from "./event.ts";
import { SPANISH_SUPPRESSIONS } from "./suppressions.ts";
import { SPANISH_CODES } from "./codes.ts";
import { SPANISH_RULES } from "./rules.ts";
import { SPANISH_RECLASSIFY } from "./reclassify.ts";
import { SPANISH_OUTPUTS } from "./outputs.ts";
import { SPANISH_OPERATING } from "./operating.ts";
import { SPANISH_TERMS } from "./terms.ts";

export const SPANISH_PAGES: Catalogue = {
  ...SPANISH_FRAME,
  compare: SPANISH_COMPARE,
  views: SPANISH_VIEWS,
  overview: SPANISH_OVERVIEW,
  rates: SPANISH_RATES,
  subjects: SPANISH_SUBJECTS,
  log: SPANISH_LOG,
  event: SPANISH_EVENT,
  suppressions: SPANISH_SUPPRESSIONS,
  codes: SPANISH_CODES,
  rules: SPANISH_RULES,
  reclassify: SPANISH_RECLASSIFY,
  outputs: SPANISH_OUTPUTS,
  operating: SPANISH_OPERATING,
  audit: SPANISH_AUDIT,
  people: SPANISH_PEOPLE,
  incidents: SPANISH_INCIDENTS,
  terms: SPANISH_TERMS,
};
