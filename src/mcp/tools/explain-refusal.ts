import { z } from "zod";
import { SPOKEN_LANGUAGES } from "../../config/config.ts";
import { classifyAndExplain, emptyRefusal, saysSomething } from "../../core/index.ts";
import { lookUp } from "../../dictionary/dictionary.ts";
import { ADVICES, FAULTS, REASONS, SEVERITIES } from "../../event/event.ts";
import { fromMail, quote, quoted } from "../from-mail.ts";
import { toolOf } from "../tool.ts";

export const explainRefusal = toolOf({
  name: "explain_refusal",
  title: "Explain a refusal",
  description: "What a mail server's refusal or a code such as 5.7.26 or 550 means, whose fault it is and what to do.",
  input: z.strictObject({
    text: z.string().min(1).max(4000).describe("the refusal as the log has it, or a code"),
    remoteMta: z.string().max(253).optional().describe("host that refused"),
    recipientDomain: z.string().max(253).optional(),
    language: z.enum(SPOKEN_LANGUAGES).optional().describe("of the explanation"),
  }),
  output: z.object({
    known: z.boolean().describe("false: no code, rule or wording of it is known; the verdict is a guess at best"),
    reason: z.enum(REASONS),
    severity: z.enum(SEVERITIES),
    fault: z.enum(FAULTS),
    advice: z.enum(ADVICES),
    confidence: z.number(),
    provider: z.string().nullable(),
    explanation: z.string(),
    rule: z.string().nullable(),
    failureCode: z.number(),
    code: z
      .object({ code: z.string(), title: z.string(), meaning: z.string(), nextStep: z.string(), reference: z.string() })
      .nullable()
      .describe("the dictionary's entry of its code"),
    fromMail: fromMail({ words: quoted.describe("the words that decided") }),
  }),
  async run({ text, remoteMta = null, recipientDomain = null, language: asked }, { deps }) {
    const language = asked ?? deps.language;
    const verdict = classifyAndExplain(
      { ...emptyRefusal, text, remoteMta, recipientDomain },
      { rules: deps.reading().rules, language, failureCodes: deps.failureCodes },
    );
    const code = /^\s*(?:\d{3}|[245xX]\.\d{1,3}\.\d{1,3})\s*$/.test(text) ? text.trim() : verdict.derivedStatus;
    const entry = code === null ? null : lookUp(code, { language });
    const [evidence] = verdict.evidence;
    return {
      known: saysSomething(verdict) || entry !== null,
      reason: verdict.reason,
      severity: verdict.severity,
      fault: verdict.fault,
      advice: verdict.advice,
      confidence: verdict.confidence,
      provider: verdict.provider,
      explanation: verdict.explanation,
      rule: quote(evidence?.rule, 100),
      failureCode: verdict.codes.failureCode,
      code: entry && {
        code: entry.code,
        title: entry.title,
        meaning: entry.meaning,
        nextStep: entry.nextStep,
        reference: entry.reference,
      },
      fromMail: { words: quote(evidence?.text, 300) },
    };
  },
});
