/**
 * A real OpenTelemetry SDK for a service under test, as `--import` loads one in every process and thread: spans go, one
 * JSON line each, into the file that TEST_SPANS names.
 */
import { appendFileSync } from "node:fs";
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { ExportResultCode, W3CTraceContextPropagator } from "@opentelemetry/core";
import { TracerProvider, SimpleSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace";

export interface WrittenSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly startMs: number;
  readonly endMs: number;
}

const file = process.env["TEST_SPANS"];
if (file !== undefined) {
  const write = (span: ReadableSpan): void => {
    const { traceId, spanId } = span.spanContext();
    const line: WrittenSpan = {
      name: span.name,
      traceId,
      spanId,
      parent: span.parentSpanContext?.spanId ?? null,
      attributes: span.attributes,
      startMs: span.startTime[0] * 1000 + span.startTime[1] / 1e6,
      endMs: span.endTime[0] * 1000 + span.endTime[1] / 1e6,
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  trace.setGlobalTracerProvider(
    new TracerProvider({
      spanProcessors: [
        new SimpleSpanProcessor({
          exporter: {
            export: (spans, done) => {
              for (const span of spans) write(span);
              done({ code: ExportResultCode.SUCCESS });
            },
            shutdown: () => Promise.resolve(),
          },
        }),
      ],
    }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
}
