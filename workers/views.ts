/** Saved views: alerts -> queue `alert` and webhooks, weekly mails -> the relay. Part of role `record`. */
import { viewFilterOf } from "../src/http/views/page-queries.ts";
import { mailView } from "../src/http/views/mail-view.ts";
import type { Confirmed } from "../src/intake/confirm.ts";
import { fanOutAlerts } from "../src/outputs/fan-out.ts";
import type { WebhookEndpoint } from "../src/outputs/webhook-settings.ts";
import type { MailSettings } from "../src/outputs/view-mail/mail-settings.ts";
import type { Queues } from "../src/queues/queues.ts";
import type { Store } from "../src/store/store.ts";

/** Reported first, remembered then: an alert may come twice, never not at all. Resolves with how many there were. */
export async function publishViewAlerts(
  store: Pick<Store, "views" | "findViewAlerts" | "saveViewAlerts">,
  queues: Queues,
  endpoints: readonly Pick<WebhookEndpoint, "id" | "alerts" | "quietHours">[] = [],
  confirmed: Confirmed = (write) => write(),
): Promise<number> {
  const views = (await store.views.list()).filter(({ alert, page }) => alert !== null && page === "log");
  if (views.length === 0) return 0;
  const look = await store.findViewAlerts(views.map((view) => ({ view, filter: viewFilterOf(view) })));
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
  return alerts.length;
}

/** Those that are due and that no other process has claimed. Resolves with those that failed, and why. */
export async function sendViewMails(
  store: Pick<Store, "compare" | "viewMails">,
  settings: MailSettings | undefined,
  now: number = Date.now(),
): Promise<{ readonly sent: number; readonly failed: readonly { readonly view: string; readonly why: string }[] }> {
  if (!settings) return { sent: 0, failed: [] };
  const claimed = await store.viewMails.claim();
  const failed: { view: string; why: string }[] = [];
  for (const { view, due } of claimed) {
    const why = await mailView(store, settings, view, due, now);
    if (why !== "") failed.push({ view: view.id, why });
  }
  return { sent: claimed.length - failed.length, failed };
}
