/** What waits on which queue. A queue that a route of bounced.yaml names carries events. */
import type { BouncedEvent } from "../event/event.ts";
import type { OutputQueue } from "./names.ts";

/** One message on `intake`, once for all forward-paths of its transaction. */
export interface QueuedMessage {
  /** Of the message and its envelope, on every machine the same. */
  readonly id: string;
  /** The kept head, deflated (zlib), base64. */
  readonly raw: string;
  /** True when the message is longer than what is kept. */
  readonly truncated: boolean;
  /** Octets of the whole message. */
  readonly size: number;
  readonly sha256: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string | null;
  /** `""` for the null reverse-path; null where nobody knows it. */
  readonly reversePath: string | null;
  /** At least one; null in place of one that nobody knows. */
  readonly forwardPaths: readonly (string | null)[];
  readonly remoteAddress: string | null;
  /** Of a report: the name in HELO. */
  readonly helo?: string;
  /** A refusal that our own sending system reported: `raw` is JSON, and `sha256` says which refusal it is. */
  readonly isRefusal?: boolean;
  /** OpenTelemetry context, where there is an SDK. */
  readonly trace?: string;
}

/** Waits on `intake`: messages that came in together, or one. Version 2 may hold refusals. */
export interface IntakeJob {
  readonly v: 1 | 2;
  readonly messages: readonly QueuedMessage[];
}

/** Waits on `refusals`, written by programs of the user's: nothing of it is checked yet. */
export type RefusalsJob = unknown;

/** What the log gets of one message. */
export interface RecordedMessage<Event = BouncedEvent> {
  readonly events: readonly Event[];
  /** As on `intake`; null where nothing is kept. */
  readonly raw: string | null;
  /** The service's own test message: nothing of it is kept. Its token. */
  readonly canary?: string;
  readonly trace?: string;
}

/** Waits on `record`: the messages of one job on `intake`. Their events are folded (fold-events.ts). */
export interface RecordJob {
  readonly v: 1;
  readonly messages: readonly RecordedMessage<Partial<BouncedEvent>>[];
}

/** Waits on `webhook` and `forward`: one job per event. */
export interface EventJob {
  readonly v: 1;
  readonly event: BouncedEvent;
}

/** Something out of the ordinary in the log, as it waits on `alert` (docs/log.md has all of it) and for webhooks. */
export interface AlertNotice {
  readonly schema: "bounced.alert/1";
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly measure: string;
  readonly state: "open" | "resolved";
}

/** A change of the suppression list, as it waits for webhooks (docs/webhooks.md has all of it). */
export interface ListNotice {
  readonly schema: "bounced.suppression/1";
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `added`, `changed`, `removed`, `expired`, `cleared`, `undone` */
  readonly action: string;
}

/** A rate crossed its line, or is below it again (docs/rates.md has all of it). */
export interface HoldNotice {
  readonly schema: "bounced.hold/1";
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly state: "held" | "cleared";
}

/** The count of a saved view is above its limit, or usual again (docs/compare.md has all of it). */
export interface ViewNotice {
  readonly schema: "bounced.view/1";
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly state: "open" | "resolved";
}

/** An incident opened, or is over (docs/incidents.md has all of it). */
export interface IncidentNotice {
  readonly schema: "bounced.incident-alert/1";
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly state: "open" | "resolved";
}

/** What goes to a webhook and is no event. */
export type EndpointNotice = AlertNotice | IncidentNotice | HoldNotice | ViewNotice | ListNotice;

export interface OwnPayloads {
  readonly intake: IntakeJob;
  readonly refusals: RefusalsJob;
  readonly record: RecordJob;
  readonly webhook: EventJob;
  readonly forward: EventJob;
  readonly suppression: Readonly<Record<string, unknown>>;
  readonly alert: Readonly<Record<string, unknown>>;
}

export type QueueName = keyof OwnPayloads | OutputQueue | (string & {});
export type PayloadOf<Name extends QueueName> = Name extends keyof OwnPayloads
  ? OwnPayloads[Name]
  : Name extends `webhook-${string}`
    ? BouncedEvent | EndpointNotice
    : BouncedEvent;

/**
 * The `v` of payloads that this program reads. Old ones stay in these lists for as long as a job of that kind can wait
 * somewhere; a new one is added here a release before it is written.
 */
const READABLE_VERSIONS: ReadonlyMap<string, readonly number[]> = new Map([
  ["intake", [1, 2]],
  ["record", [1]],
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
