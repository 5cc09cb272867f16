/**
 * Messages that became durable together wait together: taking and finishing a job costs Redis and the worker more than
 * reading what is in it. Few messages get a job each.
 */
import { hash } from "node:crypto";
import type { Envelope } from "../core/message-input.ts";
import { telemetryOf } from "../telemetry/tracing.ts";
import type { IntakeJob, IntakePack, PackedMessage } from "../queues/names.ts";

/** Fewer than this are not packed. */
const WORTH_PACKING = 4;
/** A worker has the whole of a job in hand, and reads it again if it was killed meanwhile. */
const MAX_MESSAGES = 32;
const MAX_OCTETS = 512 * 1024;

export interface NewIntakeJob {
  readonly name: "message" | "messages";
  readonly data: IntakeJob | IntakePack;
  readonly opts: { readonly jobId: string; readonly telemetry?: { readonly metadata: string } };
}

/** The id of a message to one forward-path, on every machine the same; a letter first because BullMQ takes no integers. */
export const intakeJobId = (sha256: string, { reversePath, forwardPath }: Envelope): string =>
  `m${digest(`${sha256}\n${reversePath ?? ""}\n${forwardPath ?? ""}`)}`;

export const messageJob = ({ id, ...message }: PackedMessage): NewIntakeJob => ({
  name: "message",
  data: { v: 1, ...message },
  opts: { jobId: id, ...telemetryOf(message.trace) },
});

export function packMessages(messages: readonly PackedMessage[]): readonly NewIntakeJob[] {
  if (messages.length < WORTH_PACKING) return messages.map(messageJob);
  const packs: PackedMessage[][] = [];
  let octets = Infinity;
  for (const message of messages) {
    const last = packs.at(-1);
    if (last && last.length < MAX_MESSAGES && octets + message.head.length <= MAX_OCTETS) last.push(message);
    else {
      packs.push([message]);
      octets = 0;
    }
    octets += message.head.length;
  }
  return packs.map((pack) => {
    const [first] = pack;
    if (first && pack.length === 1) return messageJob(first);
    return { name: "messages", data: { v: 2, messages: pack }, opts: { jobId: packId(pack.map(({ id }) => id)) } };
  });
}

/** Of the ids of what is in it. */
const packId = (ids: readonly string[]): string => `p${digest(ids.join("\n"))}`;

const digest = (text: string): string => hash("sha256", text, "hex").slice(0, 31);
