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
import { foldEvents } from "./fold-events.ts";
import type { TapQueue } from "./names.ts";
import type { RecordedMessage, RecordJob } from "./payloads.ts";
import type { Queues } from "./queues.ts";
import { settleSharedPaths } from "./shared-paths.ts";
import { routeEvent, type Route } from "./routes.ts";

export interface EmitSettings {
  readonly routes: readonly Route[];
  /** The service's own consumers that get every event too. */
  readonly taps: () => Promise<readonly TapQueue[]>;
  readonly stream: { readonly enabled: boolean; readonly key: string; readonly maxLength: number };
  /** Asks whether what was written is safe (intake/confirm.ts): the intake job, the other copy, is finished afterwards. */
  readonly confirmed: <Value>(write: () => Promise<Value>) => Promise<Value>;
  /** Of explanations. */
  readonly language: string;
}

/** Resolves when Redis has all of it. `jobId`: of the intake job, on every machine the same. */
export type Emit = (messages: readonly RecordedMessage[], jobId: string) => Promise<void>;

interface NewJob {
  readonly queue: string;
  readonly name: string;
  readonly data: unknown;
  readonly opts: JobsOptions;
  /** Octets, about. */
  readonly weight: number;
}

/** Written at a time: what costs more goes in slices, so that neither we nor Redis hold much of it twice. */
const SLICE_OCTETS = 1024 * 1024;
const FLUSH_OCTETS = 2 * SLICE_OCTETS;

export function createEmitter(queues: Queues, settings: EmitSettings): Emit {
  const write = createBatcher(
    (emissions: readonly (readonly NewJob[])[]) =>
      settings.confirmed(() =>
        Promise.all([...Map.groupBy(emissions.flat(), ({ queue }) => queue)].map(([queue, jobs]) => add(queue, jobs))),
      ),
    {
      maxItems: 256,
      maxFlushes: 2,
      maxWeight: FLUSH_OCTETS,
      weigh: (jobs) => jobs.reduce((sum, { weight }) => sum + weight, 0),
    },
  );
  const add = async (queue: string, jobs: readonly NewJob[]): Promise<void> => {
    for (const slice of slicesOf(jobs))
      await (queue === STREAM
        ? writeStream(queues, settings, slice)
        : outsideOfTraces(() => queues.get(queue).addBulk(slice as never)));
  };
  return async (given, jobId) => {
    const messages = await settled(queues, given, settings.language);
    await write([
      ...jobsOf(messages, jobId, settings.routes, await settings.taps()),
      ...(settings.stream.enabled ? entriesOf(messages) : []),
    ]);
  };
}

const settled = (queues: Queues, messages: readonly RecordedMessage[], language: string): Promise<RecordedMessage[]> =>
  Promise.all(
    messages.map(async (message) => ({
      ...message,
      events: await settleSharedPaths(queues, message.events, language),
    })),
  );

/** Every job that an emission makes, with its deterministic id. */
function jobsOf(
  messages: readonly RecordedMessage[],
  jobId: string,
  routes: readonly Route[],
  taps: readonly TapQueue[],
): readonly NewJob[] {
  const jobs: NewJob[] = [];
  for (const { events, trace } of messages) {
    const weight = weightOf(events);
    for (const event of events) {
      const name = `${event.kind}.${event.reason}`;
      const opts = { jobId: jobIdOf(event.id), ...telemetryOf(trace) };
      for (const queue of routeEvent(event, routes)) jobs.push({ queue, name, data: event, opts, weight });
      for (const queue of taps) if (queue !== "record") jobs.push({ queue, name, data: { v: 1, event }, opts, weight });
    }
  }
  if (taps.includes("record")) {
    const data: RecordJob = {
      v: 1,
      messages: messages.map((message) => ({ ...message, events: foldEvents(message.events) })),
    };
    const weight = messages.reduce((sum, { raw, events }) => sum + (raw?.length ?? 0) + weightOf(events), 0);
    jobs.push({ queue: "record", name: "messages", data, opts: { jobId: jobIdOf(jobId) }, weight });
  }
  return jobs;
}

/** Of each event of a message: they are much alike. */
const weightOf = ([first]: readonly BouncedEvent[]): number => (first ? JSON.stringify(first).length : 0);

/** BullMQ takes neither integers nor colons as ids. */
const jobIdOf = (id: string): string => (/^\d+$/.test(id) ? `e${id}` : id.replaceAll(":", "-"));

/** Stands for the stream among the names of queues, which have no blanks. */
const STREAM = "the stream";

const entriesOf = (messages: readonly RecordedMessage[]): readonly NewJob[] =>
  messages.flatMap(({ events }) => {
    const weight = weightOf(events);
    return events.map((event) => ({ queue: STREAM, name: event.id, data: event, opts: {}, weight }));
  });

async function writeStream(
  { redis }: Queues,
  { stream }: Pick<EmitSettings, "stream">,
  entries: readonly NewJob[],
): Promise<void> {
  const pipeline = redis.pipeline();
  for (const { name, data } of entries)
    pipeline.xadd(stream.key, "MAXLEN", "~", stream.maxLength, "*", "id", name, "event", JSON.stringify(data));
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}

function* slicesOf(jobs: readonly NewJob[]): Generator<readonly NewJob[]> {
  let slice: NewJob[] = [];
  let octets = 0;
  for (const job of jobs) {
    if (slice.length > 0 && octets + job.weight > SLICE_OCTETS) {
      yield slice;
      slice = [];
      octets = 0;
    }
    slice.push(job);
    octets += job.weight;
  }
  if (slice.length > 0) yield slice;
}
