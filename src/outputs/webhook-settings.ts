/** The `webhooks` section of bounced.yaml, docs/webhooks.md. */
import { z } from "zod";
import { SECRETS } from "../machine/secrets.ts";
import { CHAT_SHAPES, isChat } from "./chat/messages.ts";
import { quietHoursSchema } from "./chat/quiet-hours.ts";
import { eventFilterSchema } from "./event-filter.ts";

/** Shapes of events. */
export const EVENT_SHAPES = [
  "native",
  "sendgrid",
  "ses",
  "postmark",
  "mailgun",
  "sparkpost",
  "listmonk",
  "cloudevents",
  "note",
] as const;
/** Chats and pagers get alerts alone. */
export const WEBHOOK_SHAPES = [...EVENT_SHAPES, ...CHAT_SHAPES] as const;
export type WebhookShape = (typeof WEBHOOK_SHAPES)[number];

const endpointSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected a short name in lower-case letters, digits and hyphens"),
    url: z.url({ protocol: /^https?$/, error: "expected an https:// address" }),
    shape: z.enum(WEBHOOK_SHAPES).default("native"),
    /** Signs the requests. `sendgrid`: a P-256 private key (PEM or base64 DER), else any long text or `whsec_…`. */
    secret: z.string().default("").register(SECRETS),
    filter: eventFilterSchema.prefault({}),
    /** Alerts too: jumps of blocks, unknowns, forgeries and complaints. `only`: nothing but alerts. */
    alerts: z.union([z.boolean(), z.literal("only")]).default(false),
    /** Changes of the suppression list too. `only`: no events. */
    suppressions: z.union([z.boolean(), z.literal("only")]).default(false),
    /** Events in one request, for shapes that are lists. */
    batch: z.number().int().min(1).max(500).default(100),
    /** This endpoint may be inside our own network. Names it exactly as in `url`. */
    allowPrivate: z.boolean().default(false),
    /** Further request headers, e.g. `authorization`. */
    headers: z
      .record(
        z.string().regex(/^[A-Za-z0-9-]+$/),
        z
          .string()
          .regex(/^[ -~]*$/)
          .register(SECRETS),
      )
      .default({}),
    /** Alerts and changes of the list that come in these hours wait for their end. */
    quietHours: quietHoursSchema.optional(),
    /** Where these web pages are, for the link in an alert: `https://bounced.example.com`. */
    pagesUrl: z.url({ protocol: /^https?$/, error: "expected the address of the web pages" }).optional(),
    timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
  })
  .refine(({ url, allowPrivate }) => url.startsWith("https:") || allowPrivate, {
    path: ["url"],
    error: "expected https://; plain http is for endpoints in your own network (allowPrivate: true)",
  })
  .refine(({ shape, suppressions }) => !isChat(shape) || suppressions === false, {
    path: ["suppressions"],
    error: "a chat or pager gets alerts alone; name a second webhook for changes of the list",
  })
  // Of the other chats the address is the secret.
  .refine(({ shape, secret }) => secret.length >= 16 || (isChat(shape) && shape !== "pagerduty"), {
    path: ["secret"],
    error: "expected at least 16 characters",
  })
  .transform((endpoint) => (isChat(endpoint.shape) ? { ...endpoint, alerts: "only" as const } : endpoint));
export type WebhookEndpoint = z.infer<typeof endpointSchema>;

export const webhooksSchema = z
  .array(endpointSchema)
  .default([])
  .refine(
    (endpoints) => new Set(endpoints.map(({ id }) => id)).size === endpoints.length,
    "two webhooks have the same id",
  );

/** False where the endpoint is for alerts or for changes of the list. */
export const wantsEvents = ({ alerts, suppressions }: Pick<WebhookEndpoint, "alerts" | "suppressions">): boolean =>
  alerts !== "only" && suppressions !== "only";
