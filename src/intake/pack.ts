/**
 * Messages that became durable together wait together: taking and finishing a job costs Redis and the worker more than
 * reading what is in it. Few messages get a job each.
 */
import { hash } from "node:crypto";
import type { IntakeJob, QueuedMessage } from "../queues/payloads.ts";
import { telemetryOf } from "../telemetry/tracing.ts";

/** Fewer than this are not packed. */
const WORTH_PACKING = 4;
/** A worker has the whole of a job in hand, and reads it again if it was killed meanwhile. */
const MAX_MESSAGES = 32;
const MAX_OCTETS = 512 * 1024;

export interface NewIntakeJob {
  readonly name: "messages";
  readonly data: IntakeJob;
  readonly opts: { readonly jobId: string; readonly telemetry?: { readonly metadata: string } };
}

/** The id of a message and its envelope, on every machine the same; a letter first because BullMQ takes no integers. */
export const messageIdOf = (
  sha256: string,
  { reversePath, forwardPaths }: Pick<QueuedMessage, "reversePath" | "forwardPaths">,
): string => `m${digest([sha256, reversePath ?? "", ...forwardPaths.map((path) => path ?? "")].join("\n"))}`;

/** Programs that read version 1 alone would take a refusal for a mail. */
const jobOf = (messages: readonly QueuedMessage[]): IntakeJob => ({
  v: messages.some(({ isRefusal }) => isRefusal) ? 2 : 1,
  messages,
});

export const messageJob = (message: QueuedMessage): NewIntakeJob => ({
  name: "messages",
  data: jobOf([message]),
  opts: { jobId: message.id, ...telemetryOf(message.trace) },
});

export function packMessages(messages: readonly QueuedMessage[]): readonly NewIntakeJob[] {
  if (messages.length < WORTH_PACKING) return messages.map(messageJob);
  const packs: QueuedMessage[][] = [];
  let octets = Infinity;
  for (const message of messages) {
    const last = packs.at(-1);
    if (last && last.length < MAX_MESSAGES && octets + message.raw.length <= MAX_OCTETS) last.push(message);
    else {
      packs.push([message]);
      octets = 0;
    }
    octets += message.raw.length;
  }
  return packs.map((pack) => {
    const [first] = pack;
    if (first && pack.length === 1) return messageJob(first);
    return { name: "messages", data: jobOf(pack), opts: { jobId: packId(pack.map(({ id }) => id)) } };
  });
}

/** Of the ids of what is in it. */
const packId = (ids: readonly string[]): string => `p${digest(ids.join("\n"))}`;

const digest = (text: string): string => hash("sha256", text, "hex").slice(0, 31);
