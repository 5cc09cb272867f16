/** Which output queue an event goes to: the default by outcome, and the routes of bounced.yaml, which may rename, merge, drop or split. */
import { z } from "zod";
import { AUTHENTICITIES, EVENT_KINDS, REASONS, SEVERITIES, type BouncedEvent } from "../event/event.ts";
import { isCredible } from "../event/credible.ts";
import {
  INTAKE_QUEUE,
  OUTPUT_QUEUES,
  TAP_QUEUES,
  FEED_QUEUES,
  WEBHOOK_QUEUE_PREFIX,
  type OutputQueue,
} from "./names.ts";

const RESERVED: readonly string[] = [INTAKE_QUEUE, ...TAP_QUEUES, ...FEED_QUEUES];
const queueName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "expected a queue name in lower-case letters, digits, dots and hyphens")
  .refine(
    (name) => !RESERVED.includes(name) && !name.startsWith(WEBHOOK_QUEUE_PREFIX),
    "this queue belongs to the service itself",
  );
const oneOrMore = <Item extends z.ZodType<string>>(item: Item) =>
  z.union([item.transform((value) => [value]), z.array(item).min(1)]);

export const routeSchema = z.strictObject({
  /** All that is given must hold; a list holds when one of its values does. */
  when: z
    .strictObject({
      queue: oneOrMore(z.enum(OUTPUT_QUEUES)).optional(),
      kind: oneOrMore(z.enum(EVENT_KINDS)).optional(),
      severity: oneOrMore(z.enum(SEVERITIES)).optional(),
      reason: oneOrMore(z.enum(REASONS)).optional(),
      authenticity: oneOrMore(z.enum(AUTHENTICITIES)).optional(),
      provider: oneOrMore(z.string()).optional(),
      recipientDomain: oneOrMore(z.string().toLowerCase()).optional(),
      tag: oneOrMore(z.string()).optional(),
    })
    .default({}),
  /** `drop`: to no output queue; the log and webhooks still get the event. */
  to: z.union([z.literal("drop"), queueName, z.array(queueName).min(1)]),
});
export type Route = z.infer<typeof routeSchema>;

/** The `routes` section of bounced.yaml: the first route that holds decides. */
export const routesSchema = z.array(routeSchema);

/** The `stream` section of bounced.yaml: every event also on one Redis stream, for consumers in any language. */
export const streamSchema = z.strictObject({
  enabled: z.boolean().default(false),
  key: z.string().default("bounced:events"),
  maxLength: z.number().int().min(1).default(100_000),
});

const QUEUE_OF_KIND: Readonly<Record<Exclude<BouncedEvent["kind"], "bounce">, OutputQueue | null>> = {
  delay: "delay",
  delivery: "delivery",
  relay: "delivery",
  expansion: "delivery",
  complaint: "complaint",
  not_spam: "auto-reply",
  feedback: "auto-reply",
  auto_reply: "auto-reply",
  challenge: "auto-reply",
  disposition: "auto-reply",
  unrecognized: "unrecognized",
  // As many as a sender tries: the log and the webhooks get them, and a queue where a route asks for it.
  not_sent: null,
};

/** Programs remove addresses for these. Without proof they get a queue that nobody consumes by accident. */
const HARMFUL: ReadonlySet<BouncedEvent["kind"]> = new Set(["bounce", "complaint"]);

/** The queue of an outcome, before any route of bounced.yaml. */
export function defaultQueueOf(event: Pick<BouncedEvent, "kind" | "severity" | "authenticity">): OutputQueue | null {
  const { kind, severity } = event;
  // A feedback report in which no recipient complains: whoever reads the queue `complaint` stops sending.
  if (kind === "complaint" && severity !== "complaint") return "auto-reply";
  if (HARMFUL.has(kind) && !isCredible(event)) return "bounce-unproven";
  if (kind !== "bounce") return QUEUE_OF_KIND[kind];
  return severity === "hard" || severity === "soft" || severity === "block" ? `bounce-${severity}` : "bounce-unknown";
}

/** Names of the queues that an event goes to; empty if a route drops it. */
export function routeEvent(event: BouncedEvent, routes: readonly Route[]): readonly string[] {
  const queue = defaultQueueOf(event);
  const route = routes.find(({ when }) => holds(when, event, queue));
  if (!route) return queue === null ? [] : [queue];
  if (route.to === "drop") return [];
  return typeof route.to === "string" ? [route.to] : [...new Set(route.to)];
}

/** Every output queue that these routes can lead to. */
export const outputQueuesOf = (routes: readonly Route[]): readonly string[] => [
  ...new Set<string>([...OUTPUT_QUEUES, ...routes.flatMap(({ to }) => (to === "drop" ? [] : to))]),
];

function holds(when: Route["when"], event: BouncedEvent, queue: OutputQueue | null): boolean {
  return (
    isOneOf(when.queue, queue) &&
    isOneOf(when.kind, event.kind) &&
    isOneOf(when.severity, event.severity) &&
    isOneOf(when.reason, event.reason) &&
    isOneOf(when.authenticity, event.authenticity) &&
    isOneOf(when.provider, event.provider) &&
    isOneOf(when.recipientDomain, event.recipient.domain?.toLowerCase() ?? null) &&
    isOneOf(when.tag, event.returnPath?.tag ?? null)
  );
}

const isOneOf = (allowed: readonly string[] | undefined, value: string | null): boolean =>
  allowed === undefined || (value !== null && allowed.includes(value));
