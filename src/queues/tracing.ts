/**
 * OpenTelemetry spans of queues and workers, with the trace carried inside the job, where the process has an
 * OpenTelemetry SDK (docs/operating.md). Without one a job is not made larger by a single octet.
 */
import { trace, type TracerProvider } from "@opentelemetry/api";
import type { QueueOptions } from "bullmq";
import { BullMQOtel } from "bullmq-otel";

/** What the API hands out until an SDK is there; it stands in front of the SDK afterwards. */
interface Proxy extends TracerProvider {
  getDelegateTracer?(name: string): unknown;
}

export function tracing(): Pick<QueueOptions, "telemetry"> {
  const provider: Proxy = trace.getTracerProvider();
  const hasSdk = provider.getDelegateTracer === undefined || provider.getDelegateTracer("bounced") !== undefined;
  return hasSdk ? { telemetry: new BullMQOtel({ tracerName: "bounced" }) } : {};
}
