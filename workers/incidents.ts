/** Incidents: one look at the counts, then an alert for each that opened or ended -> queue `alert` and webhooks. Part of role `record`. */
import type { Confirmed } from "../src/intake/confirm.ts";
import { fanOutAlerts } from "../src/outputs/fan-out.ts";
import type { WebhookEndpoint } from "../src/outputs/webhook-settings.ts";
import type { Queues } from "../src/queues/queues.ts";
import { readBuiltInRules } from "../src/rules/built-in-rules.ts";
import type { Store } from "../src/store/store.ts";
import { EVERYWHERE } from "../src/store/incidents/incident.ts";
import { incidentsOpen } from "../src/telemetry/send-metrics.ts";

let names: ReadonlyMap<string, string> | null = null;
/** Read when the first incident is reported, and kept. */
function nameOf(id: string): string {
  names ??= new Map(readBuiltInRules().providers.map((provider) => [provider.id, provider.name]));
  return names.get(id) ?? id;
}

/** Reported first, remembered then: an alert may come twice, never not at all. Resolves with how many there were. */
export async function publishIncidentAlerts(
  { incidentAlerts }: Pick<Store, "incidentAlerts">,
  queues: Queues,
  endpoints: readonly Pick<WebhookEndpoint, "id" | "alerts" | "quietHours">[] = [],
  confirmed: Confirmed = (write) => write(),
): Promise<number> {
  const alerts = await incidentAlerts.find(nameOf);
  if (alerts.length === 0) return 0;
  const jobs = alerts.map((alert) => ({
    name: `incident.${alert.state}`,
    data: { ...alert },
    opts: { jobId: alert.id },
  }));
  await confirmed(async () => {
    await queues.get("alert").addBulk(jobs);
    await fanOutAlerts(alerts, endpoints, queues);
  });
  await incidentAlerts.mark(alerts);
  return alerts.length;
}

/** A provider that has none any more is no row. */
export async function measureIncidents({ incidents }: Pick<Store, "incidents">): Promise<void> {
  const open = await incidents.open();
  incidentsOpen.reset();
  for (const { provider, reason, severity } of open)
    incidentsOpen.inc({ provider: provider === EVERYWHERE ? "several" : provider || "other", reason, severity });
}
