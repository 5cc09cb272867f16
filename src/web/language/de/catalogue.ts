/** The pages in German. */
import type { Catalogue } from "../en/catalogue.ts";
import { GERMAN_COMPARE } from "./compare.ts";
import { GERMAN_AUDIT } from "./audit.ts";
import { GERMAN_PEOPLE } from "./people.ts";
import { GERMAN_VIEWS } from "./views.ts";
import { GERMAN_FRAME } from "./frame.ts";
import { GERMAN_INCIDENTS } from "./incidents.ts";
import { GERMAN_OVERVIEW } from "./overview.ts";
import { GERMAN_RATES } from "./rates.ts";
import { GERMAN_SUBJECTS } from "./subjects.ts";
import { GERMAN_LOG } from "./log.ts";
import { GERMAN_EVENT } from "./event.ts";
import { GERMAN_SUPPRESSIONS } from "./suppressions.ts";
import { GERMAN_CODES } from "./codes.ts";
import { GERMAN_RULES } from "./rules.ts";
import { GERMAN_RECLASSIFY } from "./reclassify.ts";
import { GERMAN_OUTPUTS } from "./outputs.ts";
import { GERMAN_OPERATING } from "./operating.ts";
import { GERMAN_TERMS } from "./terms.ts";

export const GERMAN_PAGES: Catalogue = {
  ...GERMAN_FRAME,
  compare: GERMAN_COMPARE,
  views: GERMAN_VIEWS,
  overview: GERMAN_OVERVIEW,
  rates: GERMAN_RATES,
  subjects: GERMAN_SUBJECTS,
  log: GERMAN_LOG,
  event: GERMAN_EVENT,
  suppressions: GERMAN_SUPPRESSIONS,
  codes: GERMAN_CODES,
  rules: GERMAN_RULES,
  reclassify: GERMAN_RECLASSIFY,
  outputs: GERMAN_OUTPUTS,
  operating: GERMAN_OPERATING,
  audit: GERMAN_AUDIT,
  people: GERMAN_PEOPLE,
  incidents: GERMAN_INCIDENTS,
  terms: GERMAN_TERMS,
};
