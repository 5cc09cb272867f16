/** What becomes of changes at sending providers. */
import { Counter, Gauge } from "prom-client";
import { registry } from "./metrics.ts";

const registers = [registry];

export const syncChanges = new Counter({
  name: "bounced_sync_changes_total",
  help: "Changes sent to the list of a provider, by what was wanted (`add`, `remove`) and the outcome (`done`, `refused`)",
  labelNames: ["target", "wanted", "outcome"] as const,
  registers,
});
export const syncItems = new Gauge({
  name: "bounced_sync_addresses",
  help: "Addresses whose change is not at the provider: `pending`, `held` (needs a confirmation), `refused`",
  labelNames: ["target", "state"] as const,
  registers,
  aggregator: "max",
});
export const syncTroubles = new Counter({
  name: "bounced_sync_troubles_total",
  help: "Times that a provider could not be worked with: no answer, an error, a key it does not accept",
  labelNames: ["target"] as const,
  registers,
});
