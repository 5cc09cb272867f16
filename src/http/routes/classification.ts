/** Classifies what is posted: the text of a refusal, or a whole message. Nothing is stored. */
import { z } from "zod";
import { SPOKEN_LANGUAGES } from "../../config/config.ts";
import { classifyAndExplain, emptyRefusal } from "../../core/index.ts";
import { ADVICES, codesSchema, eventSchema, evidenceSchema, FAULTS, REASONS, SEVERITIES } from "../../event/event.ts";
import { SMTP_COMMANDS } from "../../event/smtp.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { takeRawMessages } from "../raw-message.ts";

const MAX_MESSAGE = 50 * 1024 * 1024;
const tags = ["classification"];
const verdictSchema = z.object({
  reason: z.enum(REASONS),
  secondaryReason: z.enum(REASONS).nullable(),
  severity: z.enum(SEVERITIES),
  fault: z.enum(FAULTS),
  advice: z.enum(ADVICES),
  confidence: z.number(),
  evidence: z.array(evidenceSchema).readonly(),
  provider: z.string().nullable(),
  derivedStatus: z.string().nullable(),
  explanation: z.string(),
  codes: codesSchema,
});
const host = z.string().max(253).nullable().default(null);

export function classificationRoutes(
  app: App,
  context: Pick<HttpContext, "failureCodes" | "language" | "readMessage" | "reading">,
): void {
  takeRawMessages(app, MAX_MESSAGE);
  app.post(
    "/v1/classify",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "What a refusal means",
        body: z.strictObject({
          text: z.string().min(1).max(20_000).describe("550 5.1.1 No such user"),
          status: z
            .string()
            .regex(/^[245]\.\d{1,3}\.\d{1,3}$/, "expected 5.1.1")
            .nullable()
            .default(null),
          replyCode: z.number().int().min(100).max(999).nullable().default(null),
          smtpCommand: z.enum(SMTP_COMMANDS).nullable().default(null),
          remoteMta: host,
          reportingMta: host,
          recipientDomain: host,
          language: z.enum(SPOKEN_LANGUAGES).optional(),
        }),
        response: { 200: verdictSchema },
      },
    },
    ({ body: { language, ...refusal } }) =>
      classifyAndExplain(
        { ...emptyRefusal, ...refusal },
        { rules: context.reading().rules, language: language ?? context.language, failureCodes: context.failureCodes },
      ),
  );
  app.post(
    "/v1/classify/message",
    {
      config: { access: "viewer" },
      bodyLimit: MAX_MESSAGE,
      schema: {
        tags,
        summary: "The events of a message, without storing any",
        consumes: ["message/rfc822"],
        body: z.instanceof(Buffer, { error: "expected message/rfc822" }).meta({ override: { type: "string" } }),
        response: { 200: z.object({ events: z.array(eventSchema).readonly() }) },
      },
    },
    async ({ body }) => ({ events: await context.readMessage(body) }),
  );
}
