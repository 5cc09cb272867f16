/** Every queue and every payload that waits on one. Names are contracts: programs we do not see consume them. */
import type { BouncedEvent } from "../core/event.ts";
import type { MessageInput } from "../core/message-input.ts";

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

/**
 * Every event also goes to these when their role is on: BullMQ gives a job to one consumer only, so the log, the
 * webhooks and forwarding each have a queue of their own and never compete with the user's consumers.
 */
export const TAP_QUEUES = ["record", "webhook", "forward"] as const;
export type TapQueue = (typeof TAP_QUEUES)[number];

/** Feeds made by the service itself: changes of the suppression list, alerts. */
export const FEED_QUEUES = ["suppression", "alert"] as const;
export type FeedQueue = (typeof FEED_QUEUES)[number];

/** One message among those of a job. */
export interface PackedMessage extends MessageInput {
  /** What its job would be called if it had one of its own. */
  readonly id: string;
  /** OpenTelemetry context, where there is an SDK. */
  readonly trace?: string;
}

/** Waits on `intake`: one message … */
export interface IntakeJob extends MessageInput {
  readonly v: 1;
  readonly trace?: string;
}

/** … or many that came in together. */
export interface IntakePack {
  readonly v: 2;
  readonly messages: readonly PackedMessage[];
}

/** The messages of a job, one or many. */
export function unpackMessages(data: IntakeJob | IntakePack, jobId: string): readonly PackedMessage[] {
  if (data.v === 2) return data.messages;
  const { v: _, ...message } = data;
  return [{ ...message, id: jobId }];
}

/** What the log gets of one message. */
export interface RecordedMessage {
  readonly events: readonly BouncedEvent[];
  /** The kept head, deflated, base64; null when raw messages are not kept. */
  readonly raw: string | null;
  /** The service's own test message: nothing of it is kept. Its token. */
  readonly canary?: string;
  readonly trace?: string;
}

/** Waits on `record`: one message … */
export interface RecordJob extends RecordedMessage {
  readonly v: 1;
}

/** … or all that waited in one job on `intake`. */
export interface RecordPack {
  readonly v: 2;
  readonly messages: readonly RecordedMessage[];
}

/** Waits on `webhook` and `forward`: one job per event. */
export interface EventJob {
  readonly v: 1;
  readonly event: BouncedEvent;
}

/** One queue for each endpoint of bounced.yaml: what waits for it, and what it did not take within a day. Carries events. */
export const WEBHOOK_QUEUE_PREFIX = "webhook-";
export const webhookQueueOf = (endpointId: string): `webhook-${string}` => `${WEBHOOK_QUEUE_PREFIX}${endpointId}`;

/** Something out of the ordinary in the log, as it waits on `alert` (docs/log.md has all of it) and for webhooks. */
export interface AlertNotice {
  readonly schema: "bounced.alert/1";
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly measure: string;
}

/**
 * The `v` of payloads that this program reads. Old ones stay in these lists for as long as a job of that kind can wait
 * somewhere; a new one is added here a release before it is written.
 */
const READABLE_VERSIONS: ReadonlyMap<string, readonly number[]> = new Map([
  ["intake", [1, 2]],
  ["record", [1, 2]],
  ["webhook", [1]],
  ["forward", [1]],
]);

/** Null, or what to say of a job that a newer program wrote. Queues of events have no versions: their schema has. */
export function unreadableVersion(queue: string, data: unknown): string | null {
  const known = READABLE_VERSIONS.get(queue);
  if (!known) return null;
  const version = typeof data === "object" && data !== null && "v" in data ? data.v : undefined;
  return known.some((one) => one === version)
    ? null
    : `jobs of version ${JSON.stringify(version)} wait on ${queue}, and this program reads ${known.join(" and ")}: ` +
        "they are left to newer workers. Upgrade this one too";
}
