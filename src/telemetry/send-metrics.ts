/** Metrics of what became of the mail that was sent. */
import { Counter } from "prom-client";
import { registry } from "./metrics.ts";

const registers = [registry];

export const sends = new Counter({
  name: "bounced_sends_total",
  help: "What became of your mail, as far as your sending systems report it, by `provider` and `outcome`: `delivered`, `failed` in the SMTP dialogue, `delayed` attempts; provider `none` where nobody was recognised",
  labelNames: ["provider", "outcome"] as const,
  registers,
});
