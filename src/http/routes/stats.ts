/** Figures over the log: how many, of what, when. */
import { z } from "zod";
import { DIMENSIONS } from "../../store/log/log-query.ts";
import { countedBy } from "../../event/credible.ts";
import type { App } from "../app.ts";
import { logFilterFor } from "../access/keep-within.ts";
import type { HttpContext } from "../context.ts";
import { filterOf, filterShape } from "../query.ts";
import { mistypedDomains } from "../mistyped.ts";
import { QUERY_MS, signalOf } from "../signal-of.ts";

const dimensions = z.preprocess(
  (value) => (typeof value === "string" ? value.split(",") : value),
  z.array(z.enum(DIMENSIONS)).min(1).max(DIMENSIONS.length),
);
const countSchema = z.object({ value: z.string().describe("empty where the message did not say"), count: z.number() });

/** Said of every figure: the list of events below it shows all. */
const COUNTED =
  "Counts credible events (`proven`, `likely`) unless `authenticity` asks for others: anybody can send reports that nothing proves.";

export function statsRoutes(app: App, { store }: Pick<HttpContext, "store">): void {
  app.get(
    "/v1/stats/count",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags: ["stats"],
        summary: "Count the matches",
        description: COUNTED,
        querystring: z.strictObject({
          ...filterShape,
          atMost: z.coerce.number().int().min(1).optional().describe("stop counting there"),
        }),
        response: { 200: z.object({ count: z.number() }) },
      },
    },
    async (request) => {
      const { atMost, ...filter } = request.query;
      return {
        count: await store.count(countedBy(logFilterFor(request, filterOf(filter))), atMost, signalOf(request)),
      };
    },
  );
  app.get(
    "/v1/stats/facets",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags: ["stats"],
        summary: "The most frequent values of each dimension",
        description: COUNTED,
        querystring: z.strictObject({
          ...filterShape,
          dimensions: dimensions.describe("comma list"),
          limit: z.coerce.number().int().min(1).max(500).default(20).describe("values per dimension"),
          budgetMs: z.coerce
            .number()
            .int()
            .min(1)
            .max(QUERY_MS)
            .default(QUERY_MS)
            .describe("time to read events in, newest first; what is left is estimated from them"),
        }),
        response: {
          200: z.object({
            facets: z.partialRecord(z.enum(DIMENSIONS), z.array(countSchema)),
            share: z.number().describe("of the period's events, how many were read; below 1 the counts are estimates"),
          }),
        },
      },
    },
    async (request) => {
      const { dimensions: wanted, limit, budgetMs, ...filter } = request.query;
      const signal = signalOf(request);
      const query = {
        filter: countedBy(logFilterFor(request, filterOf(filter))),
        dimensions: wanted,
        limit,
        budgetMs,
        signal,
      };
      const { facets, share } = await store.figures(query);
      return { facets: facets as Record<string, never>, share };
    },
  );
  app.get(
    "/v1/stats/mistyped-domains",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags: ["stats"],
        summary: "Recipient domains that are probably typing mistakes",
        description: `Domains that do not exist or take no mail, and are one edit from a common one. ${COUNTED}`,
        querystring: z.strictObject({
          ...filterShape,
          limit: z.coerce.number().int().min(1).max(500).default(200).describe("domains"),
          atMost: z.coerce.number().int().min(1).max(200_000).default(20_000).describe("newest events to look at"),
        }),
        response: {
          200: z.object({
            events: z.number().describe("events of unknown domains that were looked at"),
            cut: z.boolean().describe("older events were left out"),
            domains: z
              .array(
                z.object({
                  domain: z.string(),
                  suggestion: z.string().describe("the most common domain that is one edit away"),
                  events: z.number(),
                  addresses: z.number().describe("different addresses"),
                  lastAt: z.iso.datetime().nullable(),
                }),
              )
              .readonly(),
          }),
        },
      },
    },
    (request) => {
      const { limit, atMost, ...filter } = request.query;
      const within = logFilterFor(request, filterOf(filter));
      return mistypedDomains({ store }, within, { limit, atMost, signal: signalOf(request) });
    },
  );
  app.get(
    "/v1/stats/series",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags: ["stats"],
        summary: "Counts per hour or day",
        description: `${COUNTED} Hours and days without events are left out.`,
        querystring: z.strictObject({
          ...filterShape,
          by: z.enum(["hour", "day"]).default("day").describe("width of a step"),
          dimension: z.enum(DIMENSIONS).optional().describe("one series per value of it"),
          offsetMinutes: z.coerce.number().int().min(-840).max(840).default(0).describe("of your days, east of UTC"),
        }),
        response: {
          200: z.object({ points: z.array(z.object({ at: z.iso.datetime(), value: z.string(), count: z.number() })) }),
        },
      },
    },
    async (request) => {
      const { by, dimension, offsetMinutes, ...filter } = request.query;
      const query = { ...countedBy(logFilterFor(request, filterOf(filter))), by, dimension, offsetMinutes };
      return { points: [...(await store.series(query, signalOf(request)))] };
    },
  );
}
