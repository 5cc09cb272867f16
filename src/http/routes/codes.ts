/** The dictionary of codes, ours and everybody's. */
import { z } from "zod";
import { SPOKEN_LANGUAGES } from "../../config/config.ts";
import { allCodes, frequentCodes, lookUp } from "../../dictionary/dictionary.ts";
import { sentencesFor } from "../../explanations/explanation.ts";
import { REASON_TABLE } from "../../event/reasons.ts";
import { ADVICES, codesSchema, FAULTS, REASONS, SEVERITIES } from "../../event/event.ts";
import { codesFor } from "../../vendors/codes.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { Problem } from "../problems.ts";

const tags = ["codes"];
const languageShape = { language: z.enum(SPOKEN_LANGUAGES).optional().describe("of the sentences") };
const entrySchema = z.object({
  code: z.string(),
  kind: z.enum(["enhanced", "reply", "provider"]),
  title: z.string(),
  meaning: z.string(),
  cause: z.string().nullable(),
  nextStep: z.string(),
  reason: z.enum(REASONS),
  severity: z.enum(SEVERITIES),
  fault: z.enum(FAULTS),
  advice: z.enum(ADVICES),
  strength: z.enum(["strong", "medium", "weak"]).nullable().describe("how far the code alone may be trusted"),
  reference: z.string(),
  replyCodes: z.array(z.string()).readonly(),
  deviations: z
    .array(z.object({ provider: z.string(), code: z.string(), when: z.string(), reason: z.enum(REASONS) }))
    .readonly(),
});

export function codeRoutes(app: App, context: Pick<HttpContext, "failureCodes" | "language">): void {
  app.get(
    "/v1/codes",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags,
        summary: "The dictionary: frequent codes first, then all",
        querystring: z.strictObject({ ...languageShape, list: z.enum(["frequent", "all"]).default("all") }),
        response: { 200: z.object({ codes: z.array(entrySchema).readonly() }) },
      },
    },
    ({ query }) => {
      const language = query.language ?? context.language;
      return { codes: query.list === "all" ? allCodes({ language }) : frequentCodes({ language }) };
    },
  );
  app.get(
    "/v1/codes/:code",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags,
        summary: "What one code means: 5.7.26, x.1.1 or 552",
        params: z.object({
          code: z.string().regex(/^(?:\d{3}|[245xX]\.\d{1,3}\.\d{1,3})$/, "expected 5.7.26, x.1.1 or 552"),
        }),
        querystring: z.strictObject(languageShape),
        response: { 200: entrySchema },
      },
    },
    ({ params, query }) => {
      const entry = lookUp(params.code, { language: query.language ?? context.language });
      if (!entry) throw new Problem("notFound", `${params.code} is in no list.`);
      return entry;
    },
  );
  app.get(
    "/v1/failure-codes",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags,
        summary: "This installation's four-digit failure codes",
        response: {
          200: z.object({
            failureCodes: z
              .array(
                z.object({
                  code: z.number(),
                  text: z.string(),
                  family: z.string(),
                  reasons: z.array(z.enum(REASONS)).readonly(),
                  rules: z.array(z.string()).readonly(),
                  custom: z.boolean(),
                }),
              )
              .readonly(),
          }),
        },
      },
    },
    () => ({ failureCodes: context.failureCodes.all }),
  );
  app.get(
    "/v1/reasons",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags,
        summary: "Every reason with its severity, advice and other products' codes",
        querystring: z.strictObject(languageShape),
        response: {
          200: z.object({
            reasons: z.array(
              z.object({
                reason: z.enum(REASONS),
                severity: z.enum(SEVERITIES),
                fault: z.enum(FAULTS),
                advice: z.enum(ADVICES),
                status: z.string().nullable(),
                meaning: z.string(),
                whatHappened: z.string(),
                whatToDo: z.string(),
                codes: codesSchema,
              }),
            ),
          }),
        },
      },
    },
    ({ query }) => ({
      reasons: REASONS.map((reason) => {
        const { severity, fault, advice, status, meaning } = REASON_TABLE[reason];
        const [whatHappened, whatToDo] = sentencesFor(reason, { language: query.language ?? context.language });
        const codes = codesFor(reason, { severity, failureCodes: context.failureCodes });
        return { reason, severity, fault, advice, status, meaning, whatHappened, whatToDo, codes };
      }),
    }),
  );
}
