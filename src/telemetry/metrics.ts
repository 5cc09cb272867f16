/** Every metric, declared once with its help text; those of Redis, of role `policy` and of sends are in redis-metrics.ts, policy-metrics.ts and send-metrics.ts. */
import type { MetricObjectWithValues, MetricValue } from "prom-client";
import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export const registry = new Registry();
let isCollecting = false;
/** Called by the service; a library user's process is not measured. `name` tells a service's processes apart. */
export function collectProcessMetrics(name: string): void {
  if (isCollecting) return;
  isCollecting = true;
  collectDefaultMetrics({ register: registry, prefix: "bounced_", labels: { process: name } });
}

/** A metric with its values, as it goes from one process to another. */
export type MetricFamily = MetricObjectWithValues<MetricValue<string>>;
export const metricFamilies = (): Promise<readonly MetricFamily[]> => registry.getMetricsAsJSON();

/** What several processes have counted, in the text format: added up, or what `aggregator` says. */
export const mergeMetrics = (perProcess: readonly (readonly MetricFamily[])[]): Promise<string> =>
  AggregatorRegistry.aggregate(perProcess.map((families) => [...families])).metrics();

const registers = [registry];

export const messagesAccepted = new Counter({
  name: "bounced_messages_accepted_total",
  help: "Messages answered with 250 by the SMTP and LMTP listeners",
  registers,
});
export const acceptSeconds = new Histogram({
  name: "bounced_accept_seconds",
  help: "Time from the final dot to the message being durable",
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers,
});
export const bytesAccepted = new Counter({
  name: "bounced_accepted_bytes_total",
  help: "Octets of the messages answered with 250",
  registers,
});
export const smtpRefusals = new Counter({
  name: "bounced_smtp_refusals_total",
  help: "Refusals given by the SMTP and LMTP listeners",
  labelNames: ["code", "enhanced"] as const,
  registers,
});
export const returnPathsRefused = new Counter({
  name: "bounced_return_paths_refused_total",
  help: "Addresses refused at RCPT by why: `bad` and `unknown-key` (forged, or another key), `expired`, `unsigned`, `syntax`, `guessing`",
  labelNames: ["reason"] as const,
  registers,
});
export const returnPathGuessing = new Counter({
  name: "bounced_return_path_guessing_total",
  help: "Times that a network, or all together, reached the day's limit of BATV and SRS addresses with a wrong hash",
  registers,
});
export const smtpConnections = new Gauge({
  name: "bounced_smtp_connections",
  help: "Open SMTP and LMTP connections",
  registers,
});
export const smtpAccepting = new Gauge({
  name: "bounced_smtp_accepting",
  help: "1 while the listener accepts mail; 0 while every sender gets 451 or 452 because Redis is down or full",
  registers,
  aggregator: "max",
});
export const certificateExpires = new Gauge({
  name: "bounced_tls_certificate_expires_timestamp_seconds",
  help: "When the certificate of STARTTLS runs out, Unix time",
  registers,
  aggregator: "max",
});
export const certificateUsable = new Gauge({
  name: "bounced_tls_certificate_usable",
  help: "1: the certificate that BOUNCED_TLS_CERT names can be used; 0: another one is shown in its place",
  registers,
  aggregator: "min",
});
export const messagesRead = new Counter({
  name: "bounced_messages_read_total",
  help: "Messages read by the workers; `unreadable` are those that stopped their thread",
  labelNames: ["outcome"] as const,
  registers,
});
export const classifySeconds = new Histogram({
  name: "bounced_classify_seconds",
  help: "Time to read one message and judge it, in its thread",
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 10],
  registers,
});
export const threadLagSeconds = new Gauge({
  name: "bounced_classify_thread_lag_seconds",
  help: "Longest time that reading one message took in the last busy second",
  registers,
  aggregator: "max",
});
export const eventsEmitted = new Counter({
  name: "bounced_events_total",
  help: "Events emitted",
  labelNames: ["kind", "severity"] as const,
  registers,
});
export const failuresRepeated = new Counter({
  name: "bounced_failures_repeated_total",
  help: "Failures that were reported before, once as a refusal and once as a returned message: no second event",
  registers,
});
export const providerEvents = new Counter({
  name: "bounced_provider_events_total",
  help: "Events in the webhooks of sending providers: `accepted`, `deliveries` (counted), `ignored` (e.g. opens), `unknown` type, `refused` (no recipient or id)",
  labelNames: ["source", "outcome"] as const,
  registers,
});
export const followedLines = new Counter({
  name: "bounced_follow_lines_total",
  help: "Lines of the logs of sending mail servers: `read`, `unreadable` (shown in the log of the service)",
  labelNames: ["log", "outcome"] as const,
  registers,
});
export const eventsByReason = new Counter({
  name: "bounced_events_by_reason_total",
  help: "Bounces and delays by reason; `unknown` are those that no rule decided",
  labelNames: ["reason"] as const,
  registers,
});
export const eventsByProvider = new Counter({
  name: "bounced_events_by_provider_total",
  help: "Bounces and delays by who refused and severity; `none` where nobody was recognised",
  labelNames: ["provider", "severity"] as const,
  registers,
});
export const eventsByAuthenticity = new Counter({
  name: "bounced_events_by_authenticity_total",
  help: "Events by how far the report can be believed; `forged` ones came to an address with a bad signature, by file or HTTP: SMTP refuses those",
  labelNames: ["authenticity"] as const,
  registers,
});
export const eventsByEvidence = new Counter({
  name: "bounced_events_by_evidence_total",
  help: "Bounces and delays by what decided; no rule matched for `status`, `reply_code`, `action`, `model` and `none`",
  labelNames: ["source"] as const,
  registers,
});
export const webhookRequests = new Counter({
  name: "bounced_webhook_requests_total",
  help: "Requests to webhook endpoints by how they ended: `ok`, `refused` (an answer other than 2xx), `failed` (none)",
  labelNames: ["endpoint", "outcome"] as const,
  registers,
});
export const webhookSeconds = new Histogram({
  name: "bounced_webhook_request_seconds",
  help: "Time of a request to a webhook endpoint, however it ended",
  labelNames: ["endpoint"] as const,
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  registers,
});
export const webhookPausedUntil = new Gauge({
  name: "bounced_webhook_paused_until_timestamp_seconds",
  help: "Until when nothing is sent to an endpoint after failures in a row, Unix time; 0: it is not paused",
  labelNames: ["endpoint"] as const,
  registers,
  aggregator: "max",
});
export const eventsRecorded = new Counter({
  name: "bounced_events_recorded_total",
  help: "Events written to the log; `known` were there already, as after a crash",
  labelNames: ["outcome"] as const,
  registers,
});
export const storeWriteSeconds = new Histogram({
  name: "bounced_store_write_seconds",
  help: "Time of one commit of events to the log, durable",
  buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  registers,
});
export const storeWriteErrors = new Counter({
  name: "bounced_store_write_errors_total",
  help: "Commits to the log that failed; their events are tried again",
  registers,
});
export const storeBytes = new Gauge({
  name: "bounced_store_bytes",
  help: "Size of the log's database",
  registers,
  aggregator: "max",
});
export const storeRows = new Gauge({
  name: "bounced_store_rows",
  help: "Rows of the log's tables, counted every 15 minutes; on PostgreSQL its own estimate",
  labelNames: ["table"] as const,
  registers,
  aggregator: "max",
});
export const suppressionChanges = new Counter({
  name: "bounced_suppression_changes_total",
  help: "Changes of the suppression list made by events",
  registers,
});
export const queueJobs = new Gauge({
  name: "bounced_queue_jobs",
  help: "Jobs on a queue by state: `waiting`, `delayed` (to be tried again), `active`, `failed`; `failed` on intake is the quarantine",
  labelNames: ["queue", "state"] as const,
  registers,
  aggregator: "max",
});
export const oldestWaitingSeconds = new Gauge({
  name: "bounced_queue_oldest_waiting_seconds",
  help: "Age of the oldest job that waits on a queue, for the first time or to be tried again",
  labelNames: ["queue"] as const,
  registers,
  aggregator: "max",
});
export const jobsTrimmed = new Counter({
  name: "bounced_queue_trimmed_total",
  help: "Jobs removed from output queues that nobody consumes and from deliveries that nobody takes",
  labelNames: ["queue"] as const,
  registers,
});
export const processUp = new Gauge({
  name: "bounced_process_up",
  help: "1 while the process runs and answers its supervisor",
  labelNames: ["process"] as const,
  registers,
  aggregator: "max",
});
export const processRestarts = new Gauge({
  name: "bounced_process_restarts",
  help: "How often the process was started again since the service started",
  labelNames: ["process"] as const,
  registers,
  aggregator: "max",
});
export const canaryLastSuccess = new Gauge({
  name: "bounced_canary_last_success_timestamp_seconds",
  help: "When a test message last went the whole way from SMTP to the log, Unix time; at first when the listener started",
  registers,
  aggregator: "max",
});
export const canarySeconds = new Gauge({
  name: "bounced_canary_seconds",
  help: "How long the last test message took from SMTP to the log",
  registers,
  aggregator: "max",
});
export const canaryFailures = new Counter({
  name: "bounced_canary_failures_total",
  help: "Test messages that did not come through, by the last stage they reached: `accept` (not accepted), `sent`, `classified`, `misread`",
  labelNames: ["stage"] as const,
  registers,
});
export const partHealth = new Gauge({
  name: "bounced_health",
  help: "State of a part in /readyz: 1 passed, 0 failed",
  labelNames: ["part"] as const,
  registers,
  aggregator: "max",
});
