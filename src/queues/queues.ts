/** The only place that constructs BullMQ objects. */
import { Job, Queue, Worker, type MinimalJob, type Processor, type WorkerOptions } from "bullmq";
import { CAPPED_BACKOFF, cappedBackoffMs, jobOptionsOf } from "./job-options.ts";
import { gatherLockTroubles } from "./lock-troubles.ts";
import type { PayloadOf, QueueName } from "./payloads.ts";
import { connectRedis, type RedisClient, type RedisPurpose } from "../redis/client.ts";
import { prefixFor } from "../redis/url.ts";
import { tracing } from "./tracing.ts";

export interface QueuesOptions {
  readonly redisUrl: string;
  /** BOUNCED_PREFIX. */
  readonly prefix: string;
  /** @defaultValue `"work"` */
  readonly purpose?: RedisPurpose;
  readonly onError?: (error: Error) => void;
}

/** Queues that share one connection. They are made when first asked for. */
export interface Queues {
  /** Of every key; in braces on a cluster. */
  readonly prefix: string;
  readonly redisUrl: string;
  readonly redis: RedisClient;
  get<Name extends QueueName>(name: Name): Queue<PayloadOf<Name>>;
  close(): Promise<void>;
}

/** The payload of a job as JSON: what goes to several queues is written once. */
export class Written {
  readonly json: string;
  constructor(json: string) {
    this.json = json;
  }
}

// BullMQ asks its queue for the class of its jobs, and a job for its JSON.
class WrittenJob extends Job {
  override asJSON(): ReturnType<Job["asJSON"]> {
    if (!(this.data instanceof Written)) return super.asJSON();
    const { json } = this.data;
    this.data = null;
    return { ...super.asJSON(), data: json };
  }
}
class WrittenQueue extends Queue {
  protected override get Job(): typeof Job {
    return WrittenJob as typeof Job;
  }
}

export function openQueues(options: QueuesOptions): Queues {
  const { redisUrl, purpose = "work", onError = () => undefined } = options;
  const prefix = prefixFor(redisUrl, options.prefix);
  const redis = connectRedis(redisUrl, purpose, onError);
  const queues = new Map<string, Queue>();
  return {
    prefix,
    redisUrl,
    redis,
    get<Name extends QueueName>(name: Name) {
      let queue = queues.get(name);
      if (!queue) {
        queue = new WrittenQueue(name, {
          connection: redis,
          prefix,
          ...tracing(),
          defaultJobOptions: jobOptionsOf(name),
          // Nobody reads these streams but a dashboard; short ones keep Redis small.
          streams: { events: { maxLen: 100 } },
        });
        queue.on("error", onError);
        const made = queue;
        // BullMQ asks for the version once; a Redis that did not answer then would leave this queue dead for good.
        made.waitUntilReady().catch(() => {
          if (queues.get(name) === made) queues.delete(name);
        });
        queues.set(name, queue);
      }
      return queue as unknown as Queue<PayloadOf<Name>>;
    },
    async close() {
      // close() of a queue waits for a connection that may never come.
      if (redis.status === "ready") await Promise.all([...queues.values()].map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}

export interface OpenWorkerOptions {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly concurrency: number;
  readonly onError: (error: Error) => void;
  readonly onFailed?: (job: Job | undefined, error: Error) => void;
  /** Jobs of a killed worker start again after this. @defaultValue 30 s */
  readonly lockMs?: number;
  /** A killed worker counts; two crashes must not park good mail, which is BullMQ's default. @defaultValue 10 */
  readonly maxStalledCount?: number;
}

const longestBackoffOf = (job: MinimalJob | undefined): number | undefined => {
  const backoff = job?.opts.backoff;
  return typeof backoff === "object" ? backoff.delay : undefined;
};

/** A worker with a connection of its own; `close(force)` of the result also closes that. */
export function openWorker<Data>(
  name: string,
  processor: Processor<Data>,
  options: OpenWorkerOptions,
): { readonly close: (force?: boolean) => Promise<void>; readonly worker: Worker<Data> } {
  const { lockMs = 30_000, maxStalledCount = 10 } = options;
  const connection = connectRedis(options.redisUrl, "work", options.onError);
  const settings: WorkerOptions = {
    connection,
    prefix: prefixFor(options.redisUrl, options.prefix),
    ...tracing(),
    concurrency: options.concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs / 2,
    maxStalledCount,
    settings: {
      backoffStrategy: (attemptsMade, type, _error, job) =>
        type === CAPPED_BACKOFF ? cappedBackoffMs(attemptsMade, longestBackoffOf(job)) : 1000 * 2 ** (attemptsMade - 1),
    },
  };
  const worker = new Worker<Data>(name, processor, settings);
  worker.on("error", gatherLockTroubles(options.onError));
  if (options.onFailed) worker.on("failed", options.onFailed);
  return {
    worker,
    async close(force = false) {
      await worker.close(force || connection.status !== "ready");
      connection.disconnect();
    },
  };
}
