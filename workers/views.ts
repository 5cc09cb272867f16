/** Saved views: alerts -> queue `alert` and webhooks, weekly mails -> the relay. Part of role `record`. */
import { filterMistake, viewFilterOf } from "../src/http/views/page-queries.ts";
import { mailView } from "../src/http/views/mail-view.ts";
import type { Confirmed } from "../src/intake/confirm.ts";
import { fanOutAlerts } from "../src/outputs/fan-out.ts";
import type { WebhookEndpoint } from "../src/outputs/webhook-settings.ts";
import type { MailSettings } from "../src/outputs/view-mail/mail-settings.ts";
import type { Queues } from "../src/queues/queues.ts";
import type { Store } from "../src/store/store.ts";

export interface ViewTrouble {
  /** Its id. */
  readonly view: string;
  readonly why: string;
}

/**
 * Reported first, remembered then: an alert may come twice, never not at all. Resolves with how many there were, and with
 * the views that could not be counted.
 */
export async function publishViewAlerts(
  store: Pick<Store, "views" | "findViewAlerts" | "saveViewAlerts">,
  queues: Queues,
  endpoints: readonly Pick<WebhookEndpoint, "id" | "alerts" | "quietHours">[] = [],
  confirmed: Confirmed = (write) => write(),
): Promise<{ readonly count: number; readonly failed: readonly ViewTrouble[] }> {
  const views = (await store.views.list()).filter(({ alert, page }) => alert !== null && page === "log");
  if (views.length === 0) return { count: 0, failed: [] };
  const broken = new Map(views.map((view) => [view.id, filterMistake(view)]));
  const whole = views.filter(({ id }) => broken.get(id) === "");
  const look = await store.findViewAlerts(whole.map((view) => ({ view, filter: viewFilterOf(view) })));
  const alerts = [...look.opened, ...look.resolved];
  if (alerts.length > 0)
    await confirmed(async () => {
      const jobs = alerts.map((alert) => ({
        name: `view.${alert.state}`,
        data: { ...alert },
        opts: { jobId: alert.id },
      }));
      await queues.get("alert").addBulk(jobs);
      await fanOutAlerts(alerts, endpoints, queues);
    });
  await store.saveViewAlerts(look);
  const unread = [...broken].filter(([, why]) => why !== "").map(([view, why]) => ({ view, why }));
  return { count: alerts.length, failed: [...unread, ...look.failed] };
}

/** Those that are due and that no other process has claimed. Resolves with those that failed, and why. */
export async function sendViewMails(
  store: Pick<Store, "compare" | "viewMails">,
  settings: MailSettings | undefined,
  now: number = Date.now(),
): Promise<{ readonly sent: number; readonly failed: readonly ViewTrouble[] }> {
  const failed: ViewTrouble[] = [];
  let sent = 0;
  if (!settings) return { sent, failed };
  for (let claimed = await store.viewMails.claim(); claimed; claimed = await store.viewMails.claim()) {
    const { view, due } = claimed;
    const { isFailed, why } = await mailView(store, settings, view, due, now);
    if (!isFailed) sent++;
    if (why !== "") failed.push({ view: view.id, why });
  }
  return { sent, failed };
}
