/**
 * The events of one intake job -> output queues, the service's own queues, and the stream.
 *
 * Safe to run twice: a job's id is the event's id, and Redis does not add an id that it still knows. A write of many
 * jobs is no transaction in BullMQ, so a failure may leave some of them; the caller's retry adds the rest.
 */
import type { JobsOptions } from "bullmq";
import type { BouncedEvent } from "../core/event.ts";
import { outsideOfTraces, telemetryOf } from "../telemetry/tracing.ts";
import { createBatcher } from "./batch.ts";
import type { RecordedMessage, RecordJob, RecordPack, TapQueue } from "./names.ts";
import type { Queues } from "./queues.ts";
import { routeEvent, type Route } from "./routes.ts";

export interface EmitSettings {
  readonly routes: readonly Route[];
  /** The service's own consumers that get every event too. */
  readonly taps: () => Promise<readonly TapQueue[]>;
  readonly stream: { readonly enabled: boolean; readonly key: string; readonly maxLength: number };
}

export interface Emission {
  readonly messages: readonly RecordedMessage[];
  /** Of the intake job, on every machine the same. */
  readonly jobId: string;
}

interface NewJob {
  readonly queue: string;
  readonly name: string;
  readonly data: unknown;
  readonly opts: JobsOptions;
}

export type Emit = (emission: Emission) => Promise<void>;

/** Resolves when Redis has all of it. */
export function createEmitter(queues: Queues, settings: EmitSettings): Emit {
  const write = createBatcher(
    (emissions: readonly { readonly jobs: readonly NewJob[]; readonly events: readonly BouncedEvent[] }[]) =>
      Promise.all([
        ...[
          ...Map.groupBy(
            emissions.flatMap(({ jobs }) => jobs),
            ({ queue }) => queue,
          ),
        ].map(([queue, jobs]) => outsideOfTraces(() => queues.get(queue).addBulk(jobs as never))),
        ...(settings.stream.enabled
          ? [
              writeStream(
                queues,
                settings,
                emissions.flatMap(({ events }) => events),
              ),
            ]
          : []),
      ]),
    { maxItems: 256, maxFlushes: 2 },
  );
  return async (emission) => {
    const jobs = jobsOf(emission, settings.routes, await settings.taps());
    await write({ jobs, events: emission.messages.flatMap(({ events }) => events) });
  };
}

/** Every job that an emission makes, with its deterministic id. */
function jobsOf({ messages, jobId }: Emission, routes: readonly Route[], taps: readonly TapQueue[]): NewJob[] {
  const jobs: NewJob[] = [];
  for (const { events, trace } of messages)
    for (const event of events) {
      const name = `${event.kind}.${event.reason}`;
      const opts = { jobId: jobIdOf(event.id), ...telemetryOf(trace) };
      for (const queue of routeEvent(event, routes)) jobs.push({ queue, name, data: event, opts });
      for (const queue of taps) if (queue !== "record") jobs.push({ queue, name, data: { v: 1, event }, opts });
    }
  if (taps.includes("record"))
    jobs.push({ queue: "record", name: "messages", data: recordJobOf(messages), opts: { jobId: jobIdOf(jobId) } });
  return jobs;
}

const recordJobOf = (messages: readonly RecordedMessage[]): RecordJob | RecordPack => {
  const [first] = messages;
  return first && messages.length === 1 ? { v: 1, ...first } : { v: 2, messages };
};

/** BullMQ takes neither integers nor colons as ids. */
const jobIdOf = (id: string): string => (/^\d+$/.test(id) ? `e${id}` : id.replaceAll(":", "-"));

async function writeStream(
  { redis }: Queues,
  { stream }: Pick<EmitSettings, "stream">,
  events: readonly BouncedEvent[],
): Promise<void> {
  const pipeline = redis.pipeline();
  for (const event of events)
    pipeline.xadd(stream.key, "MAXLEN", "~", stream.maxLength, "*", "id", event.id, "event", JSON.stringify(event));
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}
