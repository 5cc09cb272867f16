/** Section `providerWebhooks` of bounced.yaml, docs/provider-webhooks.md. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { REFUSAL_ACTIONS } from "../event/smtp.ts";
import { SECRETS } from "../machine/secrets.ts";

export const PROVIDERS = [
  "ses",
  "sendgrid",
  "postmark",
  "mailgun",
  "sparkpost",
  "resend",
  "brevo",
  "mailjet",
  "kumomta",
] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** The last part of the address. Letters that need no escaping in it. */
const secret = z
  .string()
  .regex(/^[A-Za-z0-9_-]{24,128}$/, "expected 24 to 128 letters, digits, - and _, e.g. of `openssl rand -hex 24`")
  .register(SECRETS);
const key = z.string().min(8, "expected the key that the provider shows").register(SECRETS);
const pointer = z.string().regex(/^(?:\/(?:[^~/]|~[01])*)*$/, "expected a JSON pointer, e.g. /data/recipient");

/** P-256, as SendGrid shows it (base64), or PEM. */
export function readPublicKey(written: string): KeyObject | null {
  try {
    const made = written.includes("-----BEGIN")
      ? createPublicKey(written)
      : createPublicKey({ key: Buffer.from(written, "base64"), format: "der", type: "spki" });
    return made.asymmetricKeyType === "ec" ? made : null;
  } catch {
    return null;
  }
}

/** Last part of the address but one, if it is not the source's name: for a second account. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected a short name in lower-case letters, digits and hyphens");
const common = {
  name: name.optional(),
  secret,
  /** `user:password`, if the provider sends them as HTTP Basic. */
  basicAuth: z
    .string()
    .regex(/^[^:]+:.+$/s, "expected user:password")
    .register(SECRETS)
    .optional(),
};

const mapSchema = z.strictObject({
  /** The list of events, or one event; default: the whole body. */
  events: pointer.default(""),
  recipient: pointer,
  type: pointer,
  /** Their word for what happened -> ours. `ignored`: not to be counted as unknown. */
  types: z.record(z.string(), z.enum([...REFUSAL_ACTIONS, "ignored"])),
  /** What must be where, else the event is ignored. */
  only: z.record(pointer, z.string()).default({}),
  label: pointer.optional(),
  diagnostic: pointer.optional(),
  status: pointer.optional(),
  replyCode: pointer.optional(),
  remoteMta: pointer.optional(),
  messageId: pointer.optional(),
  queueId: pointer.optional(),
  attempt: pointer.optional(),
  at: pointer.optional(),
  tag: pointer.optional(),
  returnPath: pointer.optional(),
  from: pointer.optional(),
  subject: pointer.optional(),
});
export type CustomMap = z.infer<typeof mapSchema>;

const endpointSchema = z.discriminatedUnion("source", [
  z.strictObject({
    source: z.literal("ses"),
    ...common,
    /** ARNs of the SNS topics that are accepted; default: every topic that knows the secret. */
    topics: z.array(z.string().startsWith("arn:")).optional(),
    /** Refuse what is not signed: raw message delivery. */
    signed: z.boolean().default(false),
  }),
  z.strictObject({
    source: z.literal("sendgrid"),
    ...common,
    publicKey: z
      .string()
      .refine((written) => readPublicKey(written) !== null, "expected the verification key that SendGrid shows")
      .optional(),
  }),
  z.strictObject({ source: z.literal("mailgun"), ...common, signingKey: key.optional() }),
  z.strictObject({
    source: z.literal("resend"),
    ...common,
    signingSecret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/=_-]{20,}$/, "expected the signing secret that Resend shows, whsec_…")
      .register(SECRETS)
      .optional(),
  }),
  z.strictObject({ source: z.literal("postmark"), ...common }),
  z.strictObject({ source: z.literal("sparkpost"), ...common }),
  z.strictObject({ source: z.literal("brevo"), ...common }),
  z.strictObject({ source: z.literal("mailjet"), ...common }),
  z.strictObject({ source: z.literal("kumomta"), ...common }),
  z.strictObject({
    source: z.literal("custom"),
    ...common,
    name,
    map: mapSchema,
    /** A signature over the body: HMAC-SHA256, hex or base64, in a header. */
    hmac: z.strictObject({ header: z.string().regex(/^[A-Za-z0-9-]+$/), key }).optional(),
  }),
]);
export type ProviderEndpoint = z.infer<typeof endpointSchema>;

export const endpointName = ({ name: given, source }: ProviderEndpoint): string => given ?? source;

export const providerWebhooksSchema = z
  .array(endpointSchema)
  .default([])
  .refine(
    (endpoints) => new Set(endpoints.map(endpointName)).size === endpoints.length,
    "two provider webhooks have the same name: give one of them a `name`",
  );
