/** The breaker: rates above their line -> keys in Redis that a sender can ask for, queue `alert`, webhooks. Part of role `record`. */
import type { Confirmed } from "../src/intake/confirm.ts";
import { fanOutAlerts } from "../src/outputs/fan-out.ts";
import type { WebhookEndpoint } from "../src/outputs/webhook-settings.ts";
import type { Queues } from "../src/queues/queues.ts";
import type { Store } from "../src/store/store.ts";
import { holdAlertOf, holdKeyOf } from "../src/tallies/holds.ts";
import { RATE_MEASURES, rateOf, type SendCounts } from "../src/tallies/rates.ts";
import { holdsInForce, sendRate } from "../src/telemetry/send-metrics.ts";

const MEASURED_PROVIDERS = 20;

/** Reported first, remembered then: an alert may come twice, never not at all. Resolves with how many there were. */
export async function publishHolds(
  store: Pick<Store, "findHolds" | "saveHolds">,
  queues: Queues,
  endpoints: readonly Pick<WebhookEndpoint, "id" | "alerts" | "quietHours">[] = [],
  confirmed: Confirmed = (write) => write(),
  now: number = Date.now(),
): Promise<number> {
  const look = await store.findHolds();
  const { begun, going, cleared } = look;
  const held = [...begun, ...going];
  holdsInForce.set(held.length);
  if (held.length + cleared.length === 0) return 0;
  const alerts = [
    ...begun.map((hold) => holdAlertOf(hold, "held", now)),
    ...cleared.map((hold) => holdAlertOf(hold, "cleared", now)),
  ];
  const jobs = alerts.map((alert) => ({ name: `hold.${alert.state}`, data: { ...alert }, opts: { jobId: alert.id } }));
  const { redis, prefix } = queues;
  await confirmed(async () => {
    for (const hold of held) {
      const leftMs = Math.max(1, Date.parse(hold.until) - now);
      await redis.set(holdKeyOf(prefix, hold), JSON.stringify(hold), "PX", leftMs);
    }
    for (const hold of cleared) await redis.del(holdKeyOf(prefix, hold));
    if (jobs.length > 0) await queues.get("alert").addBulk(jobs);
    await fanOutAlerts(alerts, endpoints, queues);
  });
  await store.saveHolds(look);
  return alerts.length;
}

/** Rates of the breaker's window, of everything and of the largest providers. */
export async function measureRates(store: Pick<Store, "sends">, windowHours: number, now: number): Promise<void> {
  const period = { from: now - windowHours * 3_600_000, to: now };
  // Trust: only credible events are counted.
  const [all, providers] = await Promise.all([
    store.sends(period),
    store.sends({ ...period, by: "provider", limit: MEASURED_PROVIDERS }),
  ]);
  // What is not sent to any more has no rate.
  sendRate.reset();
  for (const row of all) setRates("all", row);
  for (const row of providers) setRates(row.value || "none", row);
}

function setRates(provider: string, counts: SendCounts): void {
  for (const measure of RATE_MEASURES) {
    const { part, whole } = rateOf(counts, measure);
    if (whole > 0) sendRate.set({ provider, measure }, part / whole);
  }
}
