/** What was sent, what returned of it, and the rates of both. */
import { z } from "zod";
import { PUBLISHED_LINES, RATE_MEASURES } from "../../../tallies/rates.ts";
import { SEND_DIMENSIONS } from "../../../store/tallies/sends.ts";
import type { App } from "../../app.ts";
import type { HttpContext } from "../../context.ts";
import { countsShape, ratesOf, ratesShape, sendsPeriodOf, sendsShape } from "../../sends.ts";
import { signalOf } from "../../signal-of.ts";

export function rateRoutes(app: App, { store, now }: Pick<HttpContext, "store" | "now">): void {
  app.get(
    "/v1/stats/rates",
    {
      config: { access: "viewer" },
      schema: {
        tags: ["stats"],
        summary: "Rates of bounces, blocks, deferrals and complaints, of what was sent",
        description:
          "Sends are what your sending systems report (docs/rates.md); without them the list is empty. Beside `provider`, one of the other dimensions can be asked for. Counts whole hours, and credible events only.",
        querystring: z.strictObject({
          ...sendsShape,
          by: z.enum(SEND_DIMENSIONS).optional().describe("a row for each value, those with the most sends first"),
          limit: z.coerce.number().int().min(1).max(500).default(20),
        }),
        response: {
          200: z.object({
            from: z.iso.datetime(),
            to: z.iso.datetime(),
            rows: z.array(z.object({ value: z.string(), ...countsShape, rates: z.object(ratesShape) })),
            lines: z
              .array(z.object({ measure: z.enum(RATE_MEASURES), rate: z.number(), by: z.string() }))
              .describe("published by providers; a rate above one costs reputation there"),
          }),
        },
      },
    },
    async (request) => {
      const { from: _from, to: _to, by, limit, ...filter } = request.query;
      const period = sendsPeriodOf(request.query, now());
      // Trust: only credible events are counted, and what sending systems of ours report.
      const rows = await store.sends({ ...filter, ...period, by, limit }, signalOf(request));
      return {
        from: new Date(period.from).toISOString(),
        to: new Date(period.to).toISOString(),
        rows: rows.map((row) => ({ ...row, ...ratesOf(row) })),
        lines: [...PUBLISHED_LINES],
      };
    },
  );
}
