/**
 * Accepted messages -> their events on the output queues. Safe to run twice: event ids are deterministic.
 *
 * A job with many messages that does not go through the first time is taken apart into jobs of one message, so that
 * what one of them does is counted against that one alone.
 */
import type { BouncedEvent } from "../src/event/event.ts";
import type { CrashCount } from "../src/queues/crash-count.ts";
import type { Handler } from "../src/queues/consume.ts";
import type { Emit } from "../src/queues/emit.ts";
import type { IntakeJob, QueuedMessage, RecordedMessage } from "../src/queues/payloads.ts";
import { currentTrace, inSpan } from "../src/telemetry/tracing.ts";

export interface ClassifyDeps {
  /** Never rejects on mail. */
  readonly read: (message: QueuedMessage) => Promise<readonly BouncedEvent[]>;
  readonly emit: Emit;
  /** Resolves when each of the messages waits in a job of its own. */
  readonly takeApart: (messages: readonly QueuedMessage[]) => Promise<unknown>;
  readonly crashes: Pick<CrashCount, "alone" | "beside">;
  /** From now on every copy of this message is unreadable. */
  readonly condemn: (message: QueuedMessage) => void;
  /** Of a test message of ours; null for every other. */
  readonly canaryOf: (message: QueuedMessage) => Promise<string | null>;
  readonly onCanary: (token: string, events: readonly BouncedEvent[]) => Promise<unknown>;
  /** Told once its events are on their queues. */
  readonly onRead: (message: QueuedMessage, events: readonly BouncedEvent[]) => void;
}

export function classifyHandler(deps: ClassifyDeps): Handler<IntakeJob> {
  const { read, emit, takeApart, crashes, condemn, canaryOf, onCanary, onRead } = deps;

  const record = async (message: QueuedMessage): Promise<RecordedMessage> => {
    const [events, trace] = await inSpan("classify", { parent: message.trace }, async () => [
      await read(message),
      currentTrace(),
    ]);
    const canary = await canaryOf(message);
    if (canary !== null) {
      await onCanary(canary, events);
      return { events: [], raw: null, canary };
    }
    return { events, raw: message.raw || null, ...(trace === undefined ? {} : { trace }) };
  };

  const work = async (messages: readonly QueuedMessage[], jobId: string): Promise<void> => {
    const recorded = await Promise.all(messages.map(record));
    await emit(recorded, jobId);
    for (const [at, { events, canary }] of recorded.entries()) if (canary === undefined) onRead(messages[at]!, events);
  };

  return async ({ messages }, { id, attemptsMade, crashes: ends }) => {
    const [only, ...more] = messages;
    if (!only) return;
    if (more.length > 0 && attemptsMade + ends > 0) await takeApart(messages);
    else if (ends > 0)
      await crashes.alone(
        only.sha256,
        () => condemn(only),
        () => work(messages, id),
      );
    else await crashes.beside(() => work(messages, id));
  };
}
