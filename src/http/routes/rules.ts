/** What no rule decided; rules tried on the past; rules saved here. */
import { z } from "zod";
import { ruleSchema } from "../../core/index.ts";
import { REASONS } from "../../event/event.ts";
import { readOwnRules } from "../../rules/load-rules.ts";
import { readRuleHistory, readSavedRules } from "../../rules/saved-rules.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { filterOf, filterSchema, filterShape } from "../query.ts";
import { MAX_RULES_TEXT, tryRules } from "../rule-trial.ts";
import { removeRule, saveRules } from "../save-rules.ts";
import { signalOf } from "../signal-of.ts";
import { unmatchedGroups } from "../../store/log/unmatched.ts";
import { authorOf } from "./suppressions.ts";

const tags = ["rules"];
const findings = z
  .array(z.object({ level: z.enum(["error", "warning"]), rule: z.string(), problem: z.string() }))
  .readonly();
const text = z.string().min(1).max(MAX_RULES_TEXT).describe("text of a rule file, YAML");
const version = z.string().max(64).optional().describe("of GET /v1/rules: refused where they changed since");
// Described loosely: docs/rules.md says what a rule is, and what comes out was checked when it came in.
const rule = z.looseObject({ id: z.string(), reason: z.enum(REASONS) });
const change = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.string(),
  action: z.enum(["added", "changed", "removed"]),
  rule: z.string().describe("its id"),
  before: rule.nullable(),
  after: rule.nullable(),
});

export function ruleRoutes(
  app: App,
  context: Pick<HttpContext, "config" | "now" | "reading" | "reloadRules" | "store">,
): void {
  app.get(
    "/v1/unmatched",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "Diagnostics that no rule decided, grouped, each with a rule to begin with",
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
    (request) => {
      const { limit, atMost, ...filter } = request.query;
      return unmatchedGroups(context.store, filterOf(filter), { limit, atMost, signal: signalOf(request) });
    },
  );
  app.post(
    "/v1/rules/test",
    {
      config: { access: "operator" },
      schema: {
        tags,
        summary: "What rules would decide of the newest diagnostics; nothing is written",
        body: z.strictObject({
          rules: text,
          filter: filterSchema.default({}),
          atMost: z.number().int().min(1).max(20_000).default(2000),
        }),
        response: {
          200: z.object({
            rules: z.number(),
            findings,
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
    (request) => {
      const { rules, filter, atMost } = request.body;
      return tryRules(context, rules, filterOf(filter), atMost, signalOf(request));
    },
  );
  app.get(
    "/v1/rules",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "The installation's own rules: those of BOUNCED_RULES, and those saved here",
        response: {
          200: z.object({
            version: z.string().describe("of the saved ones"),
            saved: z.array(rule).readonly(),
            files: z.array(rule).readonly().describe("of BOUNCED_RULES; not changed from here"),
          }),
        },
      },
    },
    () => {
      const { rules, version: now } = readSavedRules(context.config.dataDir);
      return { version: now, saved: rules, files: readOwnRules(context.config).files };
    },
  );
  app.put(
    "/v1/rules",
    {
      config: { access: "operator", audit: "rule-change" },
      schema: {
        tags,
        summary: "Save rules",
        description:
          "Adds them to the saved ones, or puts them in place of those of the same id. Checked like `bounced rules check`; with an error nothing is saved. In effect within seconds.",
        body: z.strictObject({ rules: text, version }),
        response: { 200: z.object({ changes: z.array(change).readonly(), warnings: findings }) },
      },
    },
    (request) =>
      saveRules(context, request.body.rules, { version: request.body.version, actor: authorOf(request).actor }),
  );
  app.delete(
    "/v1/rules",
    {
      config: { access: "operator", audit: "rule-change" },
      schema: {
        tags,
        summary: "Remove a saved rule; the history keeps it",
        querystring: z.strictObject({ id: ruleSchema.shape.id, version }),
        response: { 200: z.object({ changes: z.array(change).readonly() }) },
      },
    },
    (request) => ({
      changes: removeRule(context, request.query.id, {
        version: request.query.version,
        actor: authorOf(request).actor,
      }),
    }),
  );
  app.get(
    "/v1/rules/history",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "Who saved and removed rules, with every earlier version; newest first",
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
        response: { 200: z.object({ changes: z.array(change).readonly() }) },
      },
    },
    ({ query: { limit } }) => ({ changes: readRuleHistory(context.config.dataDir).slice(0, limit) }),
  );
}
