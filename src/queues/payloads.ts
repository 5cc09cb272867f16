/** Which payload waits on which queue. A queue that a route of bounced.yaml names carries events. */
import type { BouncedEvent } from "../core/event.ts";
import type { AlertNotice, EventJob, IntakeJob, IntakePack, OutputQueue, RecordJob, RecordPack } from "./names.ts";

export interface OwnPayloads {
  readonly intake: IntakeJob | IntakePack;
  readonly record: RecordJob | RecordPack;
  readonly webhook: EventJob;
  readonly forward: EventJob;
  readonly suppression: Readonly<Record<string, unknown>>;
  readonly alert: Readonly<Record<string, unknown>>;
}

export type QueueName = keyof OwnPayloads | OutputQueue | (string & {});
export type PayloadOf<Name extends QueueName> = Name extends keyof OwnPayloads
  ? OwnPayloads[Name]
  : Name extends `webhook-${string}`
    ? BouncedEvent | AlertNotice
    : BouncedEvent;
