/**
 * Events of the log to one endpoint: what Redis let go while it was down (bound.ts), or all of a period for one that is
 * new. The endpoint's own filter decides, as it does for new events, and it sees the same ids.
 */
import { randomBytes } from "node:crypto";
import type { BouncedEvent } from "../event/event.ts";
import { webhookQueueOf } from "../queues/names.ts";
import type { Queues } from "../queues/queues.ts";
import { passes } from "./event-filter.ts";
import { wantsEvents, type WebhookEndpoint } from "./webhook-settings.ts";

/** As many jobs may wait for one endpoint by default (bound.deliveries). */
export const MOST_REPLAYED = 100_000;
const AT_A_TIME = 200;

export interface LogReplay {
  /** Of the log, oldest first. */
  readonly events: AsyncIterable<{ readonly event: BouncedEvent; readonly recordedAt: string }>;
  /** Whose filter decides. */
  readonly endpoint: WebhookEndpoint;
  readonly atMost: number;
  /** Only counts. */
  readonly dryRun: boolean;
}

export interface LogReplayed {
  /** Put on the endpoint's queue, or counted. */
  readonly events: number;
  /** Of the filter, and not wanted by the endpoint. */
  readonly passedOver: number;
  /** There are more than `atMost`. */
  readonly more: boolean;
  /** When the last of them was received: where the next call begins. */
  readonly until: string | null;
}

/** `queues` null: a dry run needs none. */
export async function replayLog(
  queues: Queues | null,
  { events, endpoint, atMost, dryRun }: LogReplay,
): Promise<LogReplayed> {
  // Redis ignores a job whose id it still knows.
  const run = randomBytes(6).toString("hex");
  let some: BouncedEvent[] = [];
  const flush = async (): Promise<void> => {
    if (!dryRun && queues && some.length > 0)
      await queues.get(webhookQueueOf(endpoint.id)).addBulk(
        some.map((event) => ({
          name: `${event.kind}.${event.reason}`,
          data: event,
          opts: { jobId: `${event.id}-${run}` },
        })) as never,
      );
    some = [];
  };
  let count = 0;
  let passedOver = 0;
  let until: string | null = null;
  let more = false;
  for await (const { event, recordedAt } of events) {
    if (!wantsEvents(endpoint) || !passes(endpoint.filter, event)) {
      passedOver++;
      continue;
    }
    if (count === atMost) {
      more = true;
      break;
    }
    some.push(event);
    count++;
    until = event.message.receivedAt ?? recordedAt;
    if (some.length === AT_A_TIME) await flush();
  }
  await flush();
  return { events: count, passedOver, more, until };
}
