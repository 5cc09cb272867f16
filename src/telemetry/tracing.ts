/**
 * OpenTelemetry spans where the process has an SDK; without one every function here does next to nothing. A message keeps
 * its trace as a text, from the listener over the queues to whoever takes its events: many messages share one write and
 * one job, so that the context of the write would be that of one of them.
 */
import { context, propagation, ROOT_CONTEXT, SpanStatusCode, trace, type Attributes } from "@opentelemetry/api";
import { messageOf } from "../machine/error-message.ts";

/** The form in which BullMQ keeps it in a job, too. Undefined outside of any trace. */
export function currentTrace(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return Object.keys(carrier).length === 0 ? undefined : JSON.stringify(carrier);
}

export interface SpanOptions {
  /** What `currentTrace` gave. @defaultValue the trace we are in */
  readonly parent?: string | undefined;
  readonly startTime?: Date;
  readonly attributes?: Attributes;
}

export async function inSpan<Value>(
  name: string,
  { parent, startTime, attributes }: SpanOptions,
  work: () => Promise<Value>,
): Promise<Value> {
  const from = parent === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, JSON.parse(parent));
  const options = { ...(startTime ? { startTime } : {}), ...(attributes ? { attributes } : {}) };
  const span = trace.getTracer("bounced").startSpan(name, options, from);
  try {
    return await context.with(trace.setSpan(from, span), work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
    throw error;
  } finally {
    span.end();
  }
}

/** For work that is done for many messages at once. */
export const outsideOfTraces = <Value>(work: () => Value): Value => context.with(ROOT_CONTEXT, work);

/** Of a job made for one message. */
export const telemetryOf = (text: string | undefined): { readonly telemetry?: { readonly metadata: string } } =>
  text === undefined ? {} : { telemetry: { metadata: text } };
