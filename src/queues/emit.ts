/**
 * The events of one intake job -> output queues, the service's own queues, and the stream.
 *
 * Safe to run twice: a job's id is the event's id, and Redis does not add an id that it still knows. A write of many
 * jobs is no transaction in BullMQ, so a failure may leave some of them; the caller's retry adds the rest.
 */
import type { JobsOptions } from "bullmq";
import type { BouncedEvent } from "../event/event.ts";
import { outsideOfTraces, telemetryOf } from "../telemetry/tracing.ts";
import { createBatcher } from "./batch.ts";
import { foldEvents } from "./fold-events.ts";
import type { TapQueue } from "./names.ts";
import type { RecordedMessage } from "./payloads.ts";
import { Written, type Queues } from "./queues.ts";
import { settleFailures } from "./one-failure.ts";
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
  /** How long a failure is known, so that a second report of it is not another one: as long as the log keeps it. */
  readonly rememberedSeconds: number;
}

/** Resolves when Redis has all of it. `jobId`: of the intake job, on every machine the same. */
export type Emit = (messages: readonly RecordedMessage[], jobId: string) => Promise<void>;

interface NewJob {
  readonly queue: string;
  readonly name: string;
  /** The payload. */
  readonly json: string;
  readonly opts: JobsOptions;
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
      weigh: (jobs) => jobs.reduce((sum, { json }) => sum + json.length, 0),
    },
  );
  const add = async (queue: string, jobs: readonly NewJob[]): Promise<void> => {
    for (const slice of slicesOf(jobs))
      await (queue === STREAM
        ? writeStream(queues, settings, slice)
        : outsideOfTraces(() => queues.get(queue).addBulk(slice.map(writtenJob) as never)));
  };
  return async (given, jobId) => {
    const messages = await withoutSharedProofs(queues, given, settings.language);
    const { recorded, unrouted } = await settleFailures(queues, messages, settings.rememberedSeconds);
    const { routes, stream } = settings;
    await write(jobsOf(recorded, unrouted, jobId, routes, await settings.taps(), stream.enabled));
  };
}

const writtenJob = ({ name, json, opts }: NewJob) => ({ name, data: new Written(json), opts });

const withoutSharedProofs = (
  queues: Queues,
  messages: readonly RecordedMessage[],
  language: string,
): Promise<RecordedMessage[]> =>
  Promise.all(
    messages.map(async (message) => ({
      ...message,
      events: await settleSharedPaths(queues, message.events, language),
    })),
  );

/** Every job that an emission makes, with its deterministic id. An event is written once, wherever it goes. */
function jobsOf(
  messages: readonly RecordedMessage[],
  unrouted: ReadonlySet<BouncedEvent>,
  jobId: string,
  routes: readonly Route[],
  taps: readonly TapQueue[],
  isStreamed: boolean,
): readonly NewJob[] {
  const jobs: NewJob[] = [];
  const recorded: string[] = [];
  for (const { events, ...message } of messages) {
    const texts = events.map((event) => JSON.stringify(event));
    for (const [at, event] of events.entries()) {
      if (unrouted.has(event)) continue;
      const json = texts[at]!;
      const name = `${event.kind}.${event.reason}`;
      const opts = { jobId: jobIdOf(event.id), ...telemetryOf(message.trace) };
      for (const queue of routeEvent(event, routes)) jobs.push({ queue, name, json, opts });
      for (const queue of taps)
        if (queue !== "record") jobs.push({ queue, name, json: `{"v":1,"event":${json}}`, opts });
      if (isStreamed) jobs.push({ queue: STREAM, name: event.id, json, opts: {} });
    }
    if (!taps.includes("record")) continue;
    const folded = foldEvents(events).map((event, at) => (at === 0 ? texts[0] : JSON.stringify(event)));
    recorded.push(`{"events":[${folded.join()}],${JSON.stringify(message).slice(1)}`);
  }
  if (recorded.length > 0) {
    const json = `{"v":1,"messages":[${recorded.join()}]}`;
    jobs.push({ queue: "record", name: "messages", json, opts: { jobId: jobIdOf(jobId) } });
  }
  return jobs;
}

/** BullMQ takes neither integers nor colons as ids. */
const jobIdOf = (id: string): string => (/^\d+$/.test(id) ? `e${id}` : id.replaceAll(":", "-"));

/** Stands for the stream among the names of queues, which have no blanks. */
const STREAM = "the stream";

async function writeStream(
  { redis }: Queues,
  { stream }: Pick<EmitSettings, "stream">,
  entries: readonly NewJob[],
): Promise<void> {
  const pipeline = redis.pipeline();
  for (const { name, json } of entries)
    pipeline.xadd(stream.key, "MAXLEN", "~", stream.maxLength, "*", "id", name, "event", json);
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
}

function* slicesOf(jobs: readonly NewJob[]): Generator<readonly NewJob[]> {
  let slice: NewJob[] = [];
  let octets = 0;
  for (const job of jobs) {
    if (slice.length > 0 && octets + job.json.length > SLICE_OCTETS) {
      yield slice;
      slice = [];
      octets = 0;
    }
    slice.push(job);
    octets += job.json.length;
  }
  if (slice.length > 0) yield slice;
}
