/** Counts of sends and their rates as the API gives them. */
import { z } from "zod";
import { RATE_MEASURES, rateOf, sendsOf, type RateMeasure, type SendCounts } from "../tallies/rates.ts";

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
