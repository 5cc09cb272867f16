/** Every queue. Names are contracts: programs we do not see consume them. */

/** One output queue per outcome; these are consumed by the user's own programs. */
export const OUTPUT_QUEUES = [
  "bounce-hard",
  "bounce-soft",
  "bounce-block",
  "bounce-unknown",
  "bounce-unproven",
  "delay",
  "delivery",
  "complaint",
  "auto-reply",
  "unrecognized",
] as const;
export type OutputQueue = (typeof OUTPUT_QUEUES)[number];

export const INTAKE_QUEUE = "intake";

/** For programs that report refusals by writing to Redis. */
export const REFUSALS_QUEUE = "refusals";

/**
 * Every event also goes to these when their role is on: BullMQ gives a job to one consumer only, so the log, the
 * webhooks and forwarding each have a queue of their own and never compete with the user's consumers.
 */
export const TAP_QUEUES = ["record", "webhook", "forward"] as const;
export type TapQueue = (typeof TAP_QUEUES)[number];

/** Feeds made by the service itself: changes of the suppression list, alerts. */
export const FEED_QUEUES = ["suppression", "alert"] as const;
export type FeedQueue = (typeof FEED_QUEUES)[number];

/** What programs of the user's consume. */
export const PUBLIC_QUEUES: readonly string[] = [...OUTPUT_QUEUES, ...FEED_QUEUES];

/** Every queue that has a name without a route of bounced.yaml. */
export type NamedQueue =
  | OutputQueue
  | FeedQueue
  | TapQueue
  | typeof INTAKE_QUEUE
  | typeof REFUSALS_QUEUE
  | `webhook-${string}`;

export const isNamedQueue = (name: string): boolean =>
  [...PUBLIC_QUEUES, ...TAP_QUEUES, INTAKE_QUEUE, REFUSALS_QUEUE].includes(name) ||
  name.startsWith(WEBHOOK_QUEUE_PREFIX);

/** One queue for each endpoint of bounced.yaml: what waits for it, and what it did not take within a day. Carries events. */
export const WEBHOOK_QUEUE_PREFIX = "webhook-";
export const webhookQueueOf = (endpointId: string): `webhook-${string}` => `${WEBHOOK_QUEUE_PREFIX}${endpointId}`;

/** One queue for each help desk. A webhook's id has no dot, so none has this name. */
export const helpDeskQueueOf = (id: string): `webhook-${string}` => webhookQueueOf(`desk.${id}`);

/** Queues of the places of bounced.yaml that events are sent to. */
export const endpointQueuesOf = ({
  webhooks,
  helpDesks = [],
}: {
  readonly webhooks: readonly { readonly id: string }[];
  readonly helpDesks?: readonly { readonly id: string }[];
}): readonly string[] => [
  ...webhooks.map(({ id }) => webhookQueueOf(id)),
  ...helpDesks.map(({ id }) => helpDeskQueueOf(id)),
];
