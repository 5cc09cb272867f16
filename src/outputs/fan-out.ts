/** Events and alerts -> one job for each endpoint that wants them. Safe to run twice: a job's id is the event's. */
import type { BouncedEvent } from "../core/event.ts";
import { webhookQueueOf } from "../queues/names.ts";
import type { AlertNotice } from "../queues/payloads.ts";
import type { Queues } from "../queues/queues.ts";
import { passes } from "./event-filter.ts";
import type { WebhookEndpoint } from "./webhook-settings.ts";

export async function fanOut(
  event: BouncedEvent,
  endpoints: readonly WebhookEndpoint[],
  queues: Queues,
): Promise<number> {
  const wanted = endpoints.filter(({ filter, alerts }) => alerts !== "only" && passes(filter, event));
  for (const { id } of wanted)
    await queues.get(webhookQueueOf(id)).add(`${event.kind}.${event.reason}`, event, { jobId: event.id });
  return wanted.length;
}

export async function fanOutAlerts(
  alerts: readonly AlertNotice[],
  endpoints: readonly WebhookEndpoint[],
  queues: Queues,
): Promise<void> {
  for (const { id } of endpoints.filter((endpoint) => endpoint.alerts !== false))
    for (const alert of alerts)
      await queues.get(webhookQueueOf(id)).add(`alert.${alert.measure}`, alert, { jobId: alert.id });
}
