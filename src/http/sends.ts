/** Sends: period and filter as query parameters, in the API and the pages; counts and rates as the API answers with them. */
import { z } from "zod";
import { RATE_MEASURES, rateOf, sendsOf, type RateMeasure, type SendCounts } from "../tallies/rates.ts";
import { orNothing } from "./list-parameter.ts";
import { filterOf, filterShape, type FilterQuery } from "./query.ts";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 7;

const value = (what: string) => z.preprocess(orNothing, z.string().trim().max(255).optional()).describe(what);

export const sendsShape = {
  from: filterShape.from,
  to: filterShape.to,
  provider: value("id of a provider"),
  domain: value("recipients' domain"),
  tag: value("your campaign or stream"),
  senderDomain: value("domain that you send from"),
  sendingAddress: value("IP address that you send from"),
} as const;

/** In ms. The last seven days where nothing is said. */
export function sendsPeriodOf(query: Pick<FilterQuery, "from" | "to">, now: number): { from: number; to: number } {
  const { from, to } = filterOf({ from: query.from, to: query.to });
  const end = Math.min(to === undefined ? now : Date.parse(to), now);
  return { from: from === undefined ? end - DEFAULT_DAYS * DAY_MS : Date.parse(from), to: end };
}

export const countsShape = {
  sends: z.number().int().describe("delivered, or refused for good in the SMTP dialogue"),
  delivered: z.number().int(),
  failed: z.number().int(),
  delayed: z.number().int().describe("attempts that were repeated"),
  bounced: z.number().int().describe("failures that are no block, returned messages among them"),
  hard: z.number().int().describe("of `bounced`"),
  blocked: z.number().int(),
  complained: z.number().int(),
} as const;

export const ratesShape = {
  bounce: z.number().describe("`bounced` of `sends`, 0 to 1"),
  hard: z.number().describe("`hard` of `sends`"),
  block: z.number().describe("`blocked` of `sends`"),
  deferral: z.number().describe("`delayed` of all attempts: `sends` and `delayed`"),
  complaint: z.number().describe("`complained` of `sends`"),
} as const satisfies Record<RateMeasure, z.ZodType>;

export function ratesOf(counts: SendCounts): {
  readonly sends: number;
  readonly rates: Record<RateMeasure, number>;
} {
  const rates = RATE_MEASURES.map((measure) => {
    const { part, whole } = rateOf(counts, measure);
    return [measure, whole === 0 ? 0 : Math.round((1e6 * part) / whole) / 1e6];
  });
  return { sends: sendsOf(counts), rates: Object.fromEntries(rates) as Record<RateMeasure, number> };
}
