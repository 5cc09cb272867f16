/** Events, alerts and changes of the list -> one job for each endpoint that wants them. Safe to run twice: a job's id is the event's. */
import type { BouncedEvent } from "../core/event.ts";
import { webhookQueueOf } from "../queues/names.ts";
import type { AlertNotice, ListNotice } from "../queues/payloads.ts";
import type { Queues } from "../queues/queues.ts";
import { passes } from "./event-filter.ts";
import { wantsEvents, type WebhookEndpoint } from "./webhook-settings.ts";

export async function fanOut(
  event: BouncedEvent,
  endpoints: readonly WebhookEndpoint[],
  queues: Queues,
): Promise<number> {
  const wanted = endpoints.filter((endpoint) => wantsEvents(endpoint) && passes(endpoint.filter, event));
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

export async function fanOutChanges(
  changes: readonly ListNotice[],
  endpoints: readonly Pick<WebhookEndpoint, "id" | "suppressions">[],
  queues: Queues,
): Promise<void> {
  if (changes.length === 0) return;
  for (const { id } of endpoints.filter((endpoint) => endpoint.suppressions !== false))
    await queues.get(webhookQueueOf(id)).addBulk(
      changes.map((change) => ({
        name: `suppression.${change.action}`,
        data: change,
        opts: { jobId: change.id },
      })),
    );
}
