/** Events, alerts and changes of the list -> one job for each endpoint that wants them. Safe to run twice: a job's id is the event's. */
import type { BouncedEvent } from "../event/event.ts";
import { helpDeskQueueOf, webhookQueueOf } from "../queues/names.ts";
import type { EndpointNotice, ListNotice } from "../queues/payloads.ts";
import type { Queues } from "../queues/queues.ts";
import { quietFor } from "./chat/quiet-hours.ts";
import { passes } from "./event-filter.ts";
import type { HelpDeskSettings } from "./help-desks/settings.ts";
import { noticeType } from "./webhook-request.ts";
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

export async function fanOutToDesks(
  event: BouncedEvent,
  desks: readonly Pick<HelpDeskSettings, "id" | "filter">[],
  queues: Queues,
): Promise<void> {
  for (const { id } of desks.filter(({ filter }) => passes(filter, event)))
    await queues.get(helpDeskQueueOf(id)).add(`${event.kind}.${event.reason}`, event, { jobId: event.id });
}

export const fanOutAlerts = (
  alerts: readonly Exclude<EndpointNotice, ListNotice>[],
  endpoints: readonly Pick<WebhookEndpoint, "id" | "alerts" | "quietHours">[],
  queues: Queues,
): Promise<void> =>
  addNotices(
    alerts,
    endpoints.filter((endpoint) => endpoint.alerts !== false),
    queues,
  );

export const fanOutChanges = (
  changes: readonly ListNotice[],
  endpoints: readonly Pick<WebhookEndpoint, "id" | "suppressions" | "quietHours">[],
  queues: Queues,
): Promise<void> =>
  addNotices(
    changes,
    endpoints.filter((endpoint) => endpoint.suppressions !== false),
    queues,
  );

async function addNotices(
  notices: readonly EndpointNotice[],
  endpoints: readonly Pick<WebhookEndpoint, "id" | "quietHours">[],
  queues: Queues,
): Promise<void> {
  if (notices.length === 0) return;
  for (const { id, quietHours } of endpoints) {
    const delay = quietHours === undefined ? 0 : quietFor(quietHours, Date.now());
    const jobs = notices.map((notice) => ({
      name: noticeType(notice),
      data: notice,
      opts: { jobId: notice.id, delay },
    }));
    await queues.get(webhookQueueOf(id)).addBulk(jobs);
  }
}
