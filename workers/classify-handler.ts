/**
 * Accepted messages -> their events on the output queues. Safe to run twice: event ids are deterministic.
 *
 * A job with many messages that does not go through the first time is taken apart into jobs of one message, so that
 * what one of them does to its reader is counted against that one alone.
 */
import { deflateSync } from "node:zlib";
import type { BouncedEvent } from "../src/core/event.ts";
import type { MessageInput } from "../src/core/message-input.ts";
import type { Handler } from "../src/queues/consume.ts";
import type { Emit } from "../src/queues/emit.ts";
import {
  unpackMessages,
  type IntakeJob,
  type IntakePack,
  type RecordedMessage,
  type TapQueue,
} from "../src/queues/names.ts";
import { currentTrace, inSpan } from "../src/telemetry/tracing.ts";
import type { Tally } from "./tally.ts";

export type ReadMessageJob = (input: MessageInput, id: string) => Promise<readonly BouncedEvent[]>;

export interface ClassifyDeps {
  readonly read: ReadMessageJob;
  readonly emit: Emit;
  /** Resolves when each of the messages waits in a job of its own. */
  readonly takeApart: (pack: IntakePack) => Promise<unknown>;
  readonly taps: () => Promise<readonly TapQueue[]>;
  readonly tally: Pick<Tally, "count">;
  /** Of a test message of ours; null for every other. */
  readonly canaryOf: (input: MessageInput) => Promise<string | null>;
  readonly onCanary: (token: string, events: readonly BouncedEvent[]) => Promise<unknown>;
  /** Told once its events are on their queues. */
  readonly onRead?: (id: string, input: MessageInput, events: readonly BouncedEvent[]) => void;
}

const FAST = { level: 1 } as const;

export function classifyHandler(deps: ClassifyDeps): Handler<IntakeJob | IntakePack> {
  const { read, emit, takeApart, taps, tally, canaryOf, onCanary, onRead } = deps;
  return async (data, { id: jobId, attemptsStarted }) => {
    if (data.v === 2 && attemptsStarted > 1) {
      await takeApart(data);
      return;
    }
    // Only the log keeps messages; packing one costs as much as reading it.
    const isKept = (await taps()).includes("record");
    const messages: RecordedMessage[] = [];
    const done: (() => void)[] = [];
    for (const { id, trace: parent, ...input } of unpackMessages(data, jobId)) {
      const [events, trace] = await inSpan("classify", { parent }, async () => [await read(input, id), currentTrace()]);
      const canary = await canaryOf(input);
      if (canary !== null) {
        await onCanary(canary, events);
        messages.push({ events: [], raw: null, canary });
        continue;
      }
      const raw = isKept && input.head !== "" ? pack(input.head) : null;
      messages.push({ events, raw, ...(trace === undefined ? {} : { trace }) });
      done.push(() => {
        tally.count(events);
        onRead?.(id, input, events);
      });
    }
    await emit({ messages, jobId });
    for (const count of done) count();
  };
}

const pack = (head: string): string => deflateSync(Buffer.from(head, "latin1"), FAST).toString("base64");
