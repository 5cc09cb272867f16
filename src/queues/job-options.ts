/** The retry table, and how long finished jobs stay: an id that Redis still knows is not added a second time. */
import type { JobsOptions } from "bullmq";
import { WEBHOOK_QUEUE_PREFIX } from "./names.ts";

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
/** Our own workers' backoff: doubles from one second, never more than five minutes. */
export const CAPPED_BACKOFF = "capped";
const LONGEST_BACKOFF_MS = 5 * 60_000;
/**
 * What a killed role of ours had in hand starts again after this, at most after one and a half times this. Renewed at
 * half of it; none of our roles blocks its event loop for so long.
 */
export const OWN_LOCK_MS = 6000;
export const cappedBackoffMs = (attemptsMade: number, longestMs = LONGEST_BACKOFF_MS): number =>
  Math.min(1000 * 2 ** Math.min(attemptsMade - 1, 20), longestMs);

/** What cannot be stored because the store is down must wait for it, for days if need be. */
const UNTIL_IT_WORKS = 10_000;

/** Finished jobs of our own queues are done with: what they led to has its own ids, which are known there. */
const own = (attempts: number): JobsOptions => ({
  attempts,
  backoff: { type: CAPPED_BACKOFF },
  removeOnComplete: true,
  stackTraceLimit: 1,
});
/** Where the id keeps a mail or a request from going out twice. */
const OUTGOING: Pick<JobsOptions, "removeOnComplete"> = { removeOnComplete: { age: HOUR_S, count: 1000 } };

/** Users consume these with whatever BullMQ worker they like, which knows only BullMQ's own backoff types. */
const OUTPUT: JobsOptions = {
  attempts: 10,
  backoff: { type: "exponential", delay: 1000 },
  removeOnComplete: { age: DAY_S, count: 5000 },
  removeOnFail: { age: 30 * DAY_S, count: 10_000 },
  stackTraceLimit: 5,
};

const OWN: ReadonlyMap<string, JobsOptions> = new Map([
  // Mail waits for it: tried again soon.
  ["intake", { ...own(10), backoff: { type: CAPPED_BACKOFF, delay: 20_000 } }],
  ["refusals", own(10)],
  ["record", own(UNTIL_IT_WORKS)],
  ["webhook", own(100)],
  ["forward", { ...own(100), ...OUTGOING }],
]);

/** With the capped backoff 290 tries take a little over a day. What then failed can be sent again within `bound` (bound.ts). */
const WEBHOOK: JobsOptions = { ...own(290), ...OUTGOING, removeOnFail: { age: 30 * DAY_S, count: 100_000 } };

/** Options of a new job on a queue, without its id. */
export const jobOptionsOf = (queue: string): JobsOptions =>
  OWN.get(queue) ?? (queue.startsWith(WEBHOOK_QUEUE_PREFIX) ? WEBHOOK : OUTPUT);
