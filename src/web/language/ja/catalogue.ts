/** The pages in Japanese. */
import type { Catalogue } from "../en/catalogue.ts";
import { JAPANESE_COMPARE } from "./compare.ts";
import { JAPANESE_AUDIT } from "./audit.ts";
import { JAPANESE_PEOPLE } from "./people.ts";
import { JAPANESE_VIEWS } from "./views.ts";
import { JAPANESE_FRAME } from "./frame.ts";
import { JAPANESE_INCIDENTS } from "./incidents.ts";
import { JAPANESE_OVERVIEW } from "./overview.ts";
import { JAPANESE_RATES } from "./rates.ts";
import { JAPANESE_SUBJECTS } from "./subjects.ts";
import { JAPANESE_LOG } from "./log.ts";
import { JAPANESE_EVENT } from "./event.ts";
import { JAPANESE_SUPPRESSIONS } from "./suppressions.ts";
import { JAPANESE_CODES } from "./codes.ts";
import { JAPANESE_RULES } from "./rules.ts";
import { JAPANESE_RECLASSIFY } from "./reclassify.ts";
import { JAPANESE_OUTPUTS } from "./outputs.ts";
import { JAPANESE_OPERATING } from "./operating.ts";
import { JAPANESE_TERMS } from "./terms.ts";

export const JAPANESE_PAGES: Catalogue = {
  ...JAPANESE_FRAME,
  compare: JAPANESE_COMPARE,
  views: JAPANESE_VIEWS,
  overview: JAPANESE_OVERVIEW,
  rates: JAPANESE_RATES,
  subjects: JAPANESE_SUBJECTS,
  log: JAPANESE_LOG,
  event: JAPANESE_EVENT,
  suppressions: JAPANESE_SUPPRESSIONS,
  codes: JAPANESE_CODES,
  rules: JAPANESE_RULES,
  reclassify: JAPANESE_RECLASSIFY,
  outputs: JAPANESE_OUTPUTS,
  operating: JAPANESE_OPERATING,
  audit: JAPANESE_AUDIT,
  people: JAPANESE_PEOPLE,
  incidents: JAPANESE_INCIDENTS,
  terms: JAPANESE_TERMS,
};
