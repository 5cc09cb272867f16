/** Section `policy` of bounced.yaml: what a mail server gets told of a suppressed recipient. */
import { z } from "zod";

/** RFC 5321 section 4.2, RFC 3463: a code of three digits, an enhanced status of the same class, and text. */
const REPLY = /^([45])\d\d \1\.\d{1,3}\.\d{1,3} [\x20-\x7e]{1,300}$/;
const PLACEHOLDER = /\{(\w+)\}/g;
export const PLACEHOLDERS = ["date", "reason", "cause", "id"] as const;

const words = z.array(z.string().trim().toLowerCase().min(1)).default([]);

export const policySettingsSchema = z.strictObject({
  /** Null: `550 5.1.1` for an address that bounces, `550 5.7.1` for one that asked for no mail, each with since when and why. */
  reply: z
    .string()
    .regex(REPLY, "expected one line such as `550 5.7.1 suppressed since {date}: {reason}`")
    .refine(
      (text) => [...text.matchAll(PLACEHOLDER)].every(([, name]) => PLACEHOLDERS.some((one) => one === name)),
      `expected no other placeholders than ${PLACEHOLDERS.map((name) => `{${name}}`).join(", ")}`,
    )
    .nullable()
    .default(null),
  /** While the list cannot be read: `send` lets all mail pass, `defer` asks the mail server to try again later. */
  whenUnavailable: z.enum(["send", "defer"]).default("send"),
  /** The list counts as unavailable after so many seconds without a successful look for changes. */
  staleSeconds: z.number().int().min(5).max(86_400).default(300),
  /** Each refusal becomes an event of kind `not_sent`. */
  record: z.boolean().default(true),
  /** Mail that people need, such as receipts: complaints and unsubscribes do not stop it, bounces do. */
  transactional: z
    .strictObject({
      /** Of the return path. */
      tags: words,
      /** Addresses and domains of the envelope sender. */
      senders: words,
    })
    .prefault({}),
});
export type PolicySettings = z.infer<typeof policySettingsSchema>;
