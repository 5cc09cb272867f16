/**
 * bounced.yaml: what does not fit an environment variable. One schema; each area adds its own section here with the
 * schema that its folder exports, so that a bad value is named with its path at start-up.
 */
import { z } from "zod";
import { canarySchema } from "../canary/canary.ts";
import { dkimSchema } from "../proof/dkim-settings.ts";
import { providerWebhooksSchema } from "../provider-webhooks/settings.ts";
import { unsubscribeSchema } from "../proof/unsubscribe-settings.ts";
import { failureCodesSchema } from "../vendors/failure-codes.ts";
import { mailboxesSchema } from "../sources/mailbox-settings.ts";
import { durabilitySchema } from "../intake/durability-settings.ts";
import { followSchema } from "../follow/settings.ts";
import { mailSchema } from "../outputs/view-mail/mail-settings.ts";
import { forwardSchema } from "../outputs/forward-settings.ts";
import { helpDesksSchema } from "../outputs/help-desks/settings.ts";
import { webhooksSchema } from "../outputs/webhook-settings.ts";
import { accessSchema } from "../masking/settings.ts";
import { oidcSchema } from "../oidc/settings.ts";
import { policySettingsSchema } from "../policy/settings.ts";
import { boundSchema } from "../queues/upkeep/bound.ts";
import { routesSchema, streamSchema } from "../queues/routes.ts";
import { SECRETS } from "../machine/secrets.ts";
import { smtpLimitsSchema } from "../smtp/limits.ts";
import { syncSchema } from "../sync/settings.ts";
import { alertSettingsSchema, logSettingsSchema, suppressionSettingsSchema } from "../store/settings.ts";
import { breakerSchema } from "../tallies/holds.ts";
import { auditSettingsSchema } from "../store/audit/audit.ts";
import { httpSettingsSchema } from "./http-settings.ts";

const sections = z.strictObject({
  returnPath: z
    .strictObject({
      prefix: z
        .string()
        .regex(/^[a-z0-9]{1,12}$/)
        .default("b"),
      maxAgeDays: z.number().int().min(1).max(365).default(30),
      /** Complaints and unsubscribes come later than bounces. */
      tokenMaxAgeDays: z.number().int().min(1).max(3650).default(400),
      verp: z
        .strictObject({ separator: z.string().length(1).default("+"), at: z.string().length(1).default("=") })
        .prefault({}),
      /** Keys of whoever writes `prvs=` and `SRS0=` addresses for us, to verify them. */
      batv: z.strictObject({ secrets: z.array(z.string().min(1)).default([]).register(SECRETS) }).prefault({}),
      srs: z
        .strictObject({
          secrets: z.array(z.string().min(1)).default([]).register(SECRETS),
          /** Exim's hashes too: four digits that do not sign the day. They let mail in, and prove nothing. */
          exim: z.boolean().default(false),
        })
        .prefault({}),
    })
    .prefault({}),
  dkim: dkimSchema.prefault({}),
  unsubscribe: unsubscribeSchema.prefault({}),
  /** Your own four-digit failure codes, docs/codes.md. */
  failureCodes: failureCodesSchema.prefault({}),
  routes: routesSchema.default([]),
  stream: streamSchema.prefault({}),
  bound: boundSchema.prefault({}),
  smtp: smtpLimitsSchema.prefault({}),
  durability: durabilitySchema.prefault({}),
  canary: canarySchema.prefault({}),
  mailboxes: mailboxesSchema.default([]),
  follow: followSchema.default([]),
  log: logSettingsSchema,
  audit: auditSettingsSchema,
  suppression: suppressionSettingsSchema,
  alerts: alertSettingsSchema,
  breaker: breakerSchema,
  policy: policySettingsSchema.prefault({}),
  webhooks: webhooksSchema,
  helpDesks: helpDesksSchema,
  sync: syncSchema,
  providerWebhooks: providerWebhooksSchema,
  forward: forwardSchema.optional(),
  mail: mailSchema.optional(),
  http: httpSettingsSchema.prefault({}),
  oidc: oidcSchema.optional(),
  access: accessSchema.prefault({}),
});

export const configFileSchema = sections.refine(({ oidc, http }) => !oidc || http.publicUrl !== undefined, {
  path: ["http", "publicUrl"],
  error: "expected the address of the pages, e.g. https://bounces.example.com: oidc sends people back there",
});
export type ConfigFile = z.infer<typeof configFileSchema>;
