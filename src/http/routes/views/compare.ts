/** This week beside the last one, or any two periods, by any dimension. */
import { z } from "zod";
import { CHANGES } from "../../../store/compare/change.ts";
import type { ComparedRow } from "../../../store/compare/compared.ts";
import type { PeriodSpan } from "../../../store/compare/periods.ts";
import type { App } from "../../app.ts";
import { logFilterFor } from "../../access/keep-within.ts";
import type { HttpContext } from "../../context.ts";
import { QUERY_MS, signalOf } from "../../signal-of.ts";
import { compareQueryOf, compareShape } from "../../views/compare-query.ts";

const period = z.object({ from: z.iso.datetime(), to: z.iso.datetime().describe("not included") });
const figures = z.array(z.number()).readonly();
const row = z.object({
  value: z.string().describe("empty where the message did not say"),
  count: z.number(),
  before: z.number(),
  sends: z
    .object({ count: z.number(), before: z.number() })
    .nullable()
    .describe("null where they are not known in both"),
  change: z
    .enum(CHANGES)
    .describe("beyond chance, by sends where they are known, else by days; `same`: chance explains it"),
  growth: z.number().describe("in standard deviations, negative where it fell"),
  steps: z.object({ count: figures, before: figures }).nullable().describe("of each hour or day, from the first on"),
});

export function compareRoutes(app: App, { store, now }: Pick<HttpContext, "store" | "now">): void {
  app.get(
    "/v1/stats/compare",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags: ["stats"],
        summary: "Compare two periods",
        description:
          "Counts credible events unless `authenticity` asks for others. A period that goes on is counted to its last whole hour, or day where counts are kept for days, and the other one to the same point. Periods of different length are compared per day.",
        querystring: z.strictObject({
          ...compareShape,
          limit: z.coerce.number().int().min(1).max(200).default(50).describe("rows"),
          budgetMs: z.coerce
            .number()
            .int()
            .min(1)
            .max(QUERY_MS)
            .default(QUERY_MS)
            .describe("time to read events in, where no counts are kept for the filter; what is left is estimated"),
        }),
        response: {
          200: z.object({
            period,
            before: period,
            unit: z.enum(["hour", "day"]).describe("the periods end with a whole one"),
            step: z.enum(["hour", "day"]).describe("width of `steps`"),
            share: z.number().describe("of the events, how many were read; below 1 the counts are estimates"),
            keptFrom: z.iso.datetime().nullable().describe("the log has nothing from before; null: it has all"),
            leftOut: z.array(z.string()).readonly().describe("kinds of events that are not kept for both periods"),
            total: row,
            rows: z.array(row).readonly(),
            more: z.boolean().describe("there are values beyond the rows"),
          }),
        },
      },
    },
    async (request) => {
      const { limit, budgetMs, ...query } = request.query;
      const asked = compareQueryOf(query, now());
      const filter = logFilterFor(request, asked.filter);
      const found = await store.compare({ ...asked, filter, limit, budgetMs, signal: signalOf(request) });
      const { unit, step, leftOut, more, keptFrom, share } = found;
      return {
        period: answeredSpan(found.period),
        before: answeredSpan(found.before),
        unit,
        step,
        share: Math.min(share.now, share.before),
        keptFrom: keptFrom === null ? null : new Date(keptFrom).toISOString(),
        leftOut,
        total: answeredRow(found.total),
        rows: found.rows.map(answeredRow),
        more,
      };
    },
  );
}

const answeredSpan = ({ from, to }: PeriodSpan) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

const answeredRow = ({ value, count, sends, change, growth, steps }: ComparedRow) => ({
  value,
  count: count.now,
  before: count.before,
  sends: sends && { count: sends.now, before: sends.before },
  change,
  growth: Math.round(growth * 100) / 100,
  steps: steps && { count: steps.now, before: steps.before },
});
