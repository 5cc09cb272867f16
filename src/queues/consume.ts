/**
 * Consuming a queue: five lines for a program of the user's, and what our own workers use.
 *
 * Jobs come at least once: after a crash the same job, with the same id, comes again. A handler that returns has
 * finished the job; one that throws gets it again after a pause; one that throws UnrecoverableError never.
 */
import { DelayedError, UnrecoverableError as GiveUp, type Job } from "bullmq";
import type { BouncedEvent } from "../event/event.ts";
import { didYouMean } from "../machine/nearest.ts";
import { isNamedQueue, PUBLIC_QUEUES, type NamedQueue } from "./names.ts";
import { unreadableVersion, type PayloadOf } from "./payloads.ts";
import { openWorker } from "./queues.ts";
import { describeRedisUrl } from "../redis/url.ts";
import { TryLater } from "./try-later.ts";

/**
 * A handler that throws it gives the job up. Declared here, because BullMQ's own types need @types/node, and a consumer
 * does not.
 */
export const UnrecoverableError: new (message?: string) => Error = GiveUp;

/** What this program cannot read is offered again after this, to whoever takes it then. */
const LEAVE_MS = 5000;
const TELL_EVERY_MS = 60_000;

export interface ConsumedJob {
  readonly id: string;
  /** `kind.reason` on output queues. */
  readonly name: string;
  /** Tries before this one that ended in an error. */
  readonly attemptsMade: number;
  /** How often its consumer ended with the job in hand. */
  readonly crashes: number;
}

export type Handler<Data> = (data: Data, job: ConsumedJob) => Promise<unknown>;

export interface ConsumeOptions {
  /** The queue is one that a route of the service's bounced.yaml names. @defaultValue false */
  readonly route?: boolean;
  readonly redisUrl: string;
  /** BOUNCED_PREFIX. */
  readonly prefix: string;
  /** Jobs at a time. @defaultValue 10 */
  readonly concurrency?: number;
  /** Jobs of a killed consumer start again after this. @defaultValue 30 s */
  readonly lockMs?: number;
  /** Crashes of a consumer on one job before it is parked in `failed`. @defaultValue 10 */
  readonly maxStalledCount?: number;
  /** A finished job keeps its id, which is known for a while, and nothing of what was in it. @defaultValue false */
  readonly keepsNothing?: boolean;
  /** The connection broke, a lock was lost. The consumer continues on its own. @defaultValue a line on stderr, the same at most once a minute */
  readonly onError?: (error: Error) => void;
  /** A job that failed for good is parked in `failed`, where it can be looked at and tried again. */
  readonly onFailed?: (job: ConsumedJob, error: Error) => void;
}

export interface Consumer {
  /** Finishes the jobs in hand, takes no more. */
  close(): Promise<void>;
}

/** Throws where the queue has no name that the service knows. A Redis that does not answer is waited for, and reported to `onError`. */
export function consume<Name extends NamedQueue>(
  queue: Name,
  handler: Handler<PayloadOf<Name>>,
  options: ConsumeOptions,
): Consumer;
export function consume(
  queue: string,
  handler: Handler<BouncedEvent>,
  options: ConsumeOptions & { readonly route: true },
): Consumer;
export function consume<Name extends NamedQueue>(
  queue: Name,
  handler: Handler<PayloadOf<Name>>,
  options: ConsumeOptions,
): Consumer {
  if (!isNamedQueue(queue) && options.route !== true)
    throw new TypeError(
      `no queue is called ${JSON.stringify(queue)}${didYouMean(queue, PUBLIC_QUEUES)}. There are ${PUBLIC_QUEUES.join(", ")}; ` +
        "a queue that a route of bounced.yaml names is consumed with { route: true }",
    );
  const { redisUrl, prefix, concurrency = 10, onError = reportSeldom(queue, redisUrl), onFailed } = options;
  let toldAt = -Infinity;
  /** Put back with its attempts uncounted. */
  const leave = async (job: Job, token: string | undefined, why: string | null, ms: number): Promise<never> => {
    if (why !== null && performance.now() - toldAt > TELL_EVERY_MS) {
      onError(new Error(why));
      toldAt = performance.now();
    }
    await job.moveToDelayed(Date.now() + ms, token);
    throw new DelayedError();
  };
  const process = async (job: Job<PayloadOf<Name>>, token?: string): Promise<unknown> => {
    // Done, and its consumer ended before it could finish it.
    if (isStripped(job.data)) return undefined;
    // During an upgrade old and new workers share the queues.
    const why = unreadableVersion(queue, job.data);
    if (why !== null) return leave(job, token, why, LEAVE_MS);
    try {
      const value = await handler(job.data, describeJob(job));
      if (options.keepsNothing) await job.updateData(STRIPPED as never);
      return value;
    } catch (error) {
      if (error instanceof TryLater) return leave(job, token, error.isUsual ? null : error.message, error.ms);
      throw error;
    }
  };
  const worker = openWorker<PayloadOf<Name>>(queue, process, {
    redisUrl,
    prefix,
    concurrency,
    onError,
    ...(options.lockMs === undefined ? {} : { lockMs: options.lockMs }),
    ...(options.maxStalledCount === undefined ? {} : { maxStalledCount: options.maxStalledCount }),
    onFailed(job, error) {
      if (job?.finishedOn !== undefined) onFailed?.(describeJob(job), error);
    },
  });
  return { close: () => worker.close() };
}

/** While Redis is down each attempt to connect is an error. */
function reportSeldom(queue: string, redisUrl: string): (error: Error) => void {
  const reportedAt = new Map<string, number>();
  return (error) => {
    const { code = "" } = error as NodeJS.ErrnoException;
    const isConnection = /^E[A-Z]+$/.test(code);
    const key = isConnection ? "connection" : error.message;
    if (performance.now() - (reportedAt.get(key) ?? -Infinity) < TELL_EVERY_MS) return;
    if (reportedAt.size > 100) reportedAt.clear();
    reportedAt.set(key, performance.now());
    console.error(
      isConnection
        ? `${queue}: no answer from Redis at ${describeRedisUrl(redisUrl)} (${code}); waiting for it. Is bounced serve running?`
        : `${queue}: ${error.message}`,
    );
  };
}

const STRIPPED = { stripped: true } as const;
const isStripped = (data: unknown): boolean => typeof data === "object" && data !== null && "stripped" in data;

const describeJob = ({ id = "", name, attemptsMade, stalledCounter }: Job): ConsumedJob => ({
  id,
  name,
  attemptsMade,
  crashes: stalledCounter,
});
