/** What no rule decided, trying rules on the past, and the log under the rules of today. */
import { z } from "zod";
import { REASONS } from "../../core/event.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { filterOf, filterSchema, filterShape } from "../query.ts";
import { reclassify, tryRules, unmatchedGroups } from "../unmatched.ts";
import { authorOf } from "./suppressions.ts";

const tags = ["classification"];

export function ruleRoutes(app: App, context: HttpContext): void {
  app.get(
    "/v1/unmatched",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "Diagnostics that no rule decided, grouped, each with a rule to copy",
        querystring: z.strictObject({
          ...filterShape,
          limit: z.coerce.number().int().min(1).max(500).default(50).describe("groups"),
          atMost: z.coerce.number().int().min(1).max(200_000).default(20_000).describe("newest events to look at"),
        }),
        response: {
          200: z.object({
            events: z.number(),
            cut: z.boolean().describe("older events were left out"),
            groups: z
              .array(
                z.object({
                  text: z.string(),
                  count: z.number(),
                  example: z.object({
                    text: z.string(),
                    reason: z.string(),
                    status: z.string().nullable(),
                    replyCode: z.number().nullable(),
                    provider: z.string().nullable(),
                  }),
                  providers: z.array(z.string()).readonly(),
                  rule: z.string().describe("YAML"),
                }),
              )
              .readonly(),
          }),
        },
      },
    },
    ({ query: { limit, atMost, ...filter } }) => unmatchedGroups(context, filterOf(filter), { limit, atMost }),
  );
  app.post(
    "/v1/rules/test",
    {
      config: { access: "operator" },
      schema: {
        tags,
        summary: "What rules would decide of the newest diagnostics; nothing is written",
        body: z.strictObject({
          rules: z.string().min(1).max(200_000).describe("text of a rule file, YAML"),
          filter: filterSchema.default({}),
          atMost: z.number().int().min(1).max(20_000).default(2000),
        }),
        response: {
          200: z.object({
            rules: z.number(),
            findings: z
              .array(z.object({ level: z.enum(["error", "warning"]), rule: z.string(), problem: z.string() }))
              .readonly(),
            tried: z.number(),
            decided: z.number(),
            moves: z
              .array(
                z.object({
                  from: z.enum(REASONS),
                  to: z.enum(REASONS),
                  count: z.number(),
                  examples: z.array(z.string()).readonly(),
                }),
              )
              .readonly(),
          }),
        },
      },
    },
    ({ body: { rules, filter, atMost } }) => tryRules(context, rules, filterOf(filter), atMost),
  );
  app.post(
    "/v1/reclassify",
    {
      config: { access: "operator" },
      schema: {
        tags,
        summary: "The log under the rules of today: what would change, or changing it",
        description: "With `apply` the new verdicts are written, the old ones kept, and the suppression list follows.",
        body: z.strictObject({
          filter: filterSchema.default({}),
          apply: z.boolean().default(false),
          atMost: z.number().int().min(1).max(100_000).default(5000).describe("newest events"),
        }),
        response: {
          200: z.object({
            events: z.number(),
            changed: z.number(),
            unreadable: z.number().describe("cannot be read again"),
            cut: z.boolean().describe("older events were left out"),
            applied: z.number(),
            listChanges: z.number().describe("of the suppression list"),
            moves: z
              .array(
                z.object({ from: z.string(), to: z.string(), count: z.number(), ids: z.array(z.string()).readonly() }),
              )
              .readonly(),
          }),
        },
      },
    },
    async (request) => {
      const { filter, apply, atMost } = request.body;
      return reclassify(context, filterOf(filter), { atMost, actor: apply ? authorOf(request).actor : null });
    },
  );
}
