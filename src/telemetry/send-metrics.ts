/** Metrics of what became of the mail that was sent, and of what goes wrong with it. */
import { Counter, Gauge } from "prom-client";
import { registry } from "./metrics.ts";

const registers = [registry];

export const sends = new Counter({
  name: "bounced_sends_total",
  help: "What became of your mail, as far as your sending systems report it, by `provider` and `outcome`: `delivered`, `failed` in the SMTP dialogue, `delayed` attempts; provider `none` where nobody was recognised",
  labelNames: ["provider", "outcome"] as const,
  registers,
});
export const sendRate = new Gauge({
  name: "bounced_rate",
  help: "Rates of the last hours (breaker.windowHours) where sends are known, 0 to 1: `bounce`, `hard`, `block`, `deferral`, `complaint`; provider `all`, and the twenty with the most sends",
  labelNames: ["provider", "measure"] as const,
  registers,
  aggregator: "max",
});
export const incidentsOpen = new Gauge({
  name: "bounced_incidents_open",
  help: "Open incidents by `provider` (`several`, `other` for servers of no known provider), `reason` and `severity`: GET /v1/incidents",
  labelNames: ["provider", "reason", "severity"] as const,
  registers,
  aggregator: "max",
});
export const holdsInForce = new Gauge({
  name: "bounced_holds",
  help: "Tags, recipient domains and providers whose rate is above its line: GET /v1/holds",
  registers,
  aggregator: "max",
});
