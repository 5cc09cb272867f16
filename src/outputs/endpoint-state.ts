/** What waits for a webhook endpoint, what it answered last, and sending again what failed. */
import { webhookQueueOf } from "../queues/names.ts";
import type { Queues } from "../queues/queues.ts";
import { deliveriesOf, type Delivery } from "./delivery-log.ts";
import type { WebhookEndpoint, WebhookShape } from "./webhook-settings.ts";

export interface EndpointState {
  readonly id: string;
  readonly shape: WebhookShape;
  /** Without path and query, which may hold a secret. */
  readonly host: string;
  readonly waiting: number;
  /** Failed once or more, waiting for the next try. */
  readonly delayed: number;
  /** Not taken within a day. */
  readonly failed: number;
  readonly last: Delivery | null;
}

export async function endpointState(queues: Queues, { id, shape, url }: WebhookEndpoint): Promise<EndpointState> {
  const counts = await queues.get(webhookQueueOf(id)).getJobCounts("waiting", "active", "delayed", "failed");
  const [last = null] = await deliveriesOf(queues, id, 1);
  return {
    id,
    shape,
    host: new URL(url).host,
    waiting: (counts["waiting"] ?? 0) + (counts["active"] ?? 0),
    delayed: counts["delayed"] ?? 0,
    failed: counts["failed"] ?? 0,
    last,
  };
}

/** Puts what failed for good back on the endpoint's queue. Resolves with how many. */
export async function replayEndpoint(queues: Queues, id: string): Promise<number> {
  const queue = queues.get(webhookQueueOf(id));
  const count = await queue.getFailedCount();
  // Oldest first, a thousand at a time; a retried job is no longer failed.
  await queue.retryJobs({ state: "failed", count: 1000 });
  return count;
}
