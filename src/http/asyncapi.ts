/**
 * `/asyncapi.json` (AsyncAPI 3.0): what waits on which queue, on the stream and comes as a webhook, from the same
 * schemas as events, refusals and the API. Routes, prefix and stream are those of this installation.
 */
import { z } from "zod";
import { reportedRefusalSchema } from "../core/index.ts";
import { eventSchema } from "../event/event.ts";
import { OUTPUT_QUEUES, PUBLIC_QUEUES, REFUSALS_QUEUE } from "../queues/names.ts";
import { ALERT_DIMENSIONS, MEASURES, type Alert } from "../store/alerts/alerts.ts";
import { incidentAlertSchema } from "../store/alerts/incident-alerts.ts";
import type { App } from "./app.ts";
import type { HttpContext } from "./context.ts";
import { changeSchema } from "./routes/suppressions.ts";

const alertSchema = z.object({
  schema: z.literal("bounced.alert/1"),
  id: z.string(),
  state: z.enum(["open", "resolved"]),
  at: z.iso.datetime(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  measure: z.enum(MEASURES),
  dimension: z.enum(ALERT_DIMENSIONS),
  value: z.string(),
  count: z.number(),
  expected: z.number().describe("what the time before lets expect"),
  share: z.number().describe("of all events of this value, 0 to 1"),
  shareBefore: z.number(),
  explanation: z.string(),
  more: z.number().describe("further jumps that are not reported one by one"),
  incident: z.string().nullable().describe("where it is resolved because it became part of an incident: its id"),
  texts: z.array(z.object({ text: z.string(), count: z.number() })).readonly(),
}) satisfies z.ZodType<Alert>;

const webhookOf = (type: string, data: z.ZodType) =>
  z.object({ type: z.string().describe(type), timestamp: z.iso.datetime().nullable(), data });

/** Name -> schema, title and what it says. */
const MESSAGES = {
  event: [
    eventSchema,
    "Event",
    "One failed recipient of one message. Job name: `kind.reason`; job id: the event's id.",
  ],
  suppressionChange: [changeSchema, "Change of the suppression list", "Job name: the action."],
  alert: [
    alertSchema,
    "Alert",
    "Far more blocks, unknowns, forgeries or complaints than before. Job name: the measure.",
  ],
  incidentAlert: [
    incidentAlertSchema,
    "Alert of an incident",
    "An incident opened, or is over. Job name: `incident.open`, `incident.resolved`.",
  ],
  refusal: [reportedRefusalSchema, "Reported refusal", "One refusal of your own sending system."],
  refusals: [z.array(reportedRefusalSchema).min(1).max(1000), "Reported refusals", "Up to 1,000 in one job."],
  streamEntry: [
    z.object({ id: z.string(), event: z.string().describe("the event as JSON, schema `Event`") }),
    "Entry of the stream",
    "Fields of XREADGROUP.",
  ],
  eventWebhook: [webhookOf("`bounce.mailbox_unknown`", eventSchema), "Webhook of an event", "Shape `native`."],
  suppressionWebhook: [
    webhookOf(
      "`suppression.added`",
      changeSchema.extend({ schema: z.literal("bounced.suppression/1"), id: z.string() }),
    ),
    "Webhook of a change of the list",
    "For endpoints with `suppressions: true`.",
  ],
  alertWebhook: [webhookOf("`alert.block`", alertSchema), "Webhook of an alert", "For endpoints with `alerts: true`."],
  incidentWebhook: [
    webhookOf("`incident.open`", incidentAlertSchema),
    "Webhook of an incident",
    "For endpoints with `alerts: true`.",
  ],
} as const satisfies Record<string, readonly [z.ZodType, string, string]>;
type MessageName = keyof typeof MESSAGES;

const INPUTS: readonly MessageName[] = ["refusal", "refusals"];

/** Standard Webhooks. */
const WEBHOOK_HEADERS = {
  type: "object",
  required: ["webhook-id", "webhook-timestamp", "webhook-signature"],
  properties: {
    "webhook-id": { type: "string", description: "the event's id: a repetition has the same" },
    "webhook-timestamp": { type: "string", description: "seconds since 1970" },
    "webhook-signature": {
      type: "string",
      description: "`v1,` and base64 of HMAC-SHA256; several, separated by spaces",
    },
  },
};

interface Channel {
  readonly address: string | null;
  readonly description: string;
  readonly messages: readonly MessageName[];
  readonly server?: "redis";
  /** Bounced receives what programs send there. */
  readonly isInput?: true;
}

/** As this installation is configured: queues of routes too. */
function channelsOf({ BOUNCED_PREFIX: prefix, file }: HttpContext["config"]): Readonly<Record<string, Channel>> {
  const routed = file.routes.flatMap(({ to }) => [to].flat()).filter((name) => name !== "drop");
  const events = [...new Set<string>([...OUTPUT_QUEUES, ...routed])];
  const queue = (name: string, message: MessageName | readonly MessageName[], description: string) =>
    [name, { address: `${prefix}:${name}`, description, messages: [message].flat(), server: "redis" }] as const;
  return Object.fromEntries<Channel>([
    ...events.map((name) =>
      queue(
        name,
        "event",
        PUBLIC_QUEUES.includes(name)
          ? `Events of this outcome, docs/events.md.`
          : "Events that a route of bounced.yaml sends here.",
      ),
    ),
    queue("suppression", "suppressionChange", "Every change of the suppression list."),
    queue("alert", ["alert", "incidentAlert"], "What is out of the ordinary in the log."),
    [
      REFUSALS_QUEUE,
      {
        address: `${prefix}:${REFUSALS_QUEUE}`,
        description: "For refusals that never become a returned message, docs/refusals.md.",
        messages: ["refusal", "refusals"],
        server: "redis",
        isInput: true,
      },
    ],
    ...(file.stream.enabled
      ? [
          [
            "stream",
            {
              address: file.stream.key,
              description: "Every event, as a Redis stream.",
              messages: ["streamEntry"],
              server: "redis",
            },
          ] as const,
        ]
      : []),
    [
      "webhook",
      {
        address: null,
        description: "POST to the endpoints of bounced.yaml of shape `native`, docs/webhooks.md.",
        messages: ["eventWebhook", "suppressionWebhook", "alertWebhook", "incidentWebhook"],
      },
    ],
  ]);
}

const mapped = <Value, Other>(values: Readonly<Record<string, Value>>, change: (value: Value, name: string) => Other) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));

export function asyncApiOf({ config, version }: Pick<HttpContext, "config" | "version">) {
  const channels = channelsOf(config);
  return {
    asyncapi: "3.0.0",
    info: {
      title: "bounced",
      version,
      description: "Classified events of returned mail: BullMQ queues on Redis, a Redis stream, and signed webhooks.",
    },
    defaultContentType: "application/json",
    servers: {
      // Where Redis is, and how to get in, is nobody's business here.
      redis: {
        host: "{host}",
        protocol: "redis",
        description: "REDIS_URL",
        variables: { host: { default: "127.0.0.1:6379" } },
      },
    },
    channels: mapped(channels, ({ address, description, messages, server }) => ({
      address,
      description,
      ...(server ? { servers: [{ $ref: `#/servers/${server}` }] } : {}),
      messages: Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    })),
    operations: Object.fromEntries(
      Object.entries(channels).map(([name, { isInput, messages }]) => [
        `${isInput ? "receive" : "send"}-${name}`,
        {
          action: isInput ? "receive" : "send",
          channel: { $ref: `#/channels/${name}` },
          messages: messages.map((message) => ({ $ref: `#/channels/${name}/messages/${message}` })),
        },
      ]),
    ),
    components: {
      messages: mapped(MESSAGES, ([, title, summary], name) => ({
        name,
        title,
        summary,
        contentType: "application/json",
        ...(name.endsWith("Webhook") ? { headers: WEBHOOK_HEADERS } : {}),
        payload: { $ref: `#/components/schemas/${name}` },
      })),
      schemas: mapped(MESSAGES, ([schema], name) =>
        z.toJSONSchema(schema, {
          target: "draft-7",
          io: INPUTS.includes(name as MessageName) ? "input" : "output",
        }),
      ),
    },
  };
}

export function asyncApiRoutes(app: App, context: Pick<HttpContext, "config" | "version">): void {
  app.get("/asyncapi.json", { config: { access: "viewer" }, schema: { hide: true } }, () => asyncApiOf(context));
}
