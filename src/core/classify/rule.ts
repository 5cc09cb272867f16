/** The schema of a rule: one known wording or code, what it means, and the refusals it must win. docs/rules.md. */
import { z } from "zod";
import { REASONS } from "../../event/event.ts";
import { SMTP_COMMANDS } from "../../event/smtp.ts";

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).min(1)]) as unknown as z.ZodType<readonly z.infer<T>[]>;

const id = z.string().regex(/^[a-z0-9][a-z0-9.-]*\/[a-z0-9][a-z0-9.-]*$/, "expected theme/name or provider/name");
const phrase = z.string().trim().min(1).max(2000);
const host = z.string().min(1).max(253).toLowerCase();
/** `5.1.1`, `x.7.26` (any class), `5.7.x` (any detail), `5.7.606-649` (a range of details). */
const statusPattern = z
  .string()
  .regex(/^[245x]\.(?:\d{1,3}|x)\.(?:\d{1,3}(?:-\d{1,3})?|x)$/, "expected 5.1.1, x.1.1, 5.7.x or 5.7.606-649");
/** `550`, `5xx`, or a range `500-504`. */
const replyPattern = z
  .union([z.number().int().min(100).max(999).transform(String), z.string()])
  .pipe(z.string().regex(/^(?:[1-6]xx|\d{3}(?:-\d{3})?)$/, "expected 550, 5xx or 500-504"));

export const conditionSchema = z
  .strictObject({
    provider: oneOrMore(z.string()).optional(),
    remoteMta: oneOrMore(host).optional(),
    reportingMta: oneOrMore(host).optional(),
    recipientDomain: oneOrMore(host).optional(),
    software: oneOrMore(z.string()).optional(),
    status: oneOrMore(statusPattern).optional(),
    replyCode: oneOrMore(replyPattern).optional(),
    command: oneOrMore(z.enum(SMTP_COMMANDS)).optional(),
    /** At least one of these phrases. */
    any: oneOrMore(phrase).optional(),
    /** Every one of these. */
    all: oneOrMore(phrase).optional(),
    /** None of these. */
    not: oneOrMore(phrase).optional(),
    /** Regular expression over the lower-case text; a user's runs in a linear-time engine. */
    pattern: z.string().min(1).max(500).optional(),
  })
  .refine((when) => Object.keys(when).some((key) => key !== "not"), "a rule needs a condition");

export const exampleSchema = z.strictObject({
  text: z.string().min(1).max(2000),
  remoteMta: z.string().optional(),
  reportingMta: z.string().optional(),
  recipientDomain: z.string().optional(),
  software: z.string().optional(),
  status: z.string().optional(),
  replyCode: z.number().int().optional(),
  command: z.enum(SMTP_COMMANDS).optional(),
});

export const ruleSchema = z.strictObject({
  id,
  when: conditionSchema,
  reason: z.enum(REASONS),
  /** What else the words say: the verdict's `secondaryReason`, unless the message expired in a queue. */
  also: z.enum(REASONS).optional(),
  /** One line, for the evidence and for whoever asks why. */
  because: z.string().min(10).max(200),
  source: z.string().min(2),
  /** ISO 639-1 of the wording; informs readers, does not decide. */
  language: z
    .string()
    .regex(/^[a-z]{2}(-[A-Za-z]{2,4})?$/)
    .optional(),
  /** Files of earlier versions have one. It decides nothing: of two rules the one with more words wins. */
  rank: z.number().int().min(1).max(99).optional(),
  confidence: z.number().min(0.05).max(1).optional(),
  /** Refusals that this rule must win against all others. */
  examples: z.array(exampleSchema).min(1),
});

export type Rule = z.infer<typeof ruleSchema>;
export type Condition = z.infer<typeof conditionSchema>;
export type RuleExample = z.infer<typeof exampleSchema>;

/** A provider and how to know it. `kind` decides who is named as the refuser where several are recognised. */
export const providerSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  name: z.string(),
  kind: z.enum(["mailbox", "gateway", "sender", "blocklist", "software"]),
  /** Suffixes of the remote MTA's name. */
  hosts: z.array(host).optional(),
  /** Mail domains that are always theirs. */
  domains: z.array(host).optional(),
  /** Phrases only they write. */
  phrases: z.array(phrase).optional(),
  source: z.string().optional(),
});
export type Provider = z.infer<typeof providerSchema>;

/** Words that stand for each other, by the name a phrase uses: `{user}`. */
export const vocabularySchema = z.record(z.string().regex(/^\w+$/), z.array(z.string()).min(1));
