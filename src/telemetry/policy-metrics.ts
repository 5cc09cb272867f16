/** What mail servers ask of role `policy`. */
import { Counter, Gauge, Histogram } from "prom-client";
import { registry } from "./metrics.ts";

const registers = [registry];

export const policyAnswers = new Counter({
  name: "bounced_policy_answers_total",
  help: "Answers to mail servers that asked about a recipient: `pass`, `refuse`, `defer`",
  labelNames: ["protocol", "answer"] as const,
  registers,
});
export const policySeconds = new Histogram({
  name: "bounced_policy_answer_seconds",
  help: "What an answer to a mail server took",
  buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1, 1],
  registers,
});
export const policyEntries = new Gauge({
  name: "bounced_policy_entries",
  help: "Addresses and domains of the suppression list that role `policy` has in memory",
  registers,
  aggregator: "max",
});
export const policyAge = new Gauge({
  name: "bounced_policy_list_age_seconds",
  help: "How long ago the list in memory was known to be current",
  registers,
  aggregator: "max",
});
export const policyUnrecorded = new Counter({
  name: "bounced_policy_unrecorded_total",
  help: "Refusals to mail servers that did not become an event: Redis did not take them, or there were too many",
  registers,
});
