import { context, propagation, trace, type Context, type Span, type SpanContext } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { consume } from "../../src/queues/consume.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { sampleEvent } from "../support/event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

interface Written {
  readonly name: string;
  readonly parent: string | undefined;
  readonly spanId: string;
}

let server: TestRedis;
let written: Written[] = [];
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());
afterEach(() => {
  trace.disable();
  propagation.disable();
  context.disable();
  written = [];
});

/** The smallest SDK: keeps spans in memory, carries the span's id in the field `parent`. */
function registerSdk(): void {
  const startSpan = (name: string, _options?: unknown, parent?: Context): Span => {
    const spanId = String(written.length + 1).padStart(16, "0");
    const spanContext: SpanContext = { traceId: "1".repeat(32), spanId, traceFlags: 1 };
    written.push({ name, parent: parent && trace.getSpanContext(parent)?.spanId, spanId });
    return trace.wrapSpanContext(spanContext);
  };
  trace.setGlobalTracerProvider({
    getTracer: (tracer) => ({
      startSpan: (name, options, parent) => startSpan(`${tracer}: ${name}`, options, parent),
      startActiveSpan: () => {
        throw new Error("not used");
      },
    }),
  });
  propagation.setGlobalPropagator({
    inject: (from, carrier, setter) => setter.set(carrier, "parent", trace.getSpanContext(from)?.spanId ?? ""),
    extract: (into, carrier, getter) =>
      trace.setSpanContext(into, {
        traceId: "1".repeat(32),
        spanId: String(getter.get(carrier, "parent")),
        traceFlags: 1,
      }),
    fields: () => ["parent"],
  });
}

/** One job written and taken; gives what it carried. */
async function passOne(prefix: string): Promise<unknown> {
  const queues = openQueues({ redisUrl: server.url, prefix });
  const job = await queues.get("bounce-hard").add("bounce.mailbox_unknown", sampleEvent(), { jobId: "e1" });
  const stored = await queues.redis.hgetall(`${prefix}:bounce-hard:${job.id}`);
  const taken: string[] = [];
  const consumer = consume("bounce-hard", async ({ id }) => taken.push(id), { redisUrl: server.url, prefix });
  await expect.poll(() => taken, { timeout: 20_000 }).toEqual(["sample-event-1"]);
  await consumer.close();
  await queues.close();
  return (JSON.parse(stored["opts"] ?? "{}") as Record<string, unknown>)["tm"];
}

test("without an SDK a job carries nothing more", async () => {
  expect(await passOne("plain")).toBeUndefined();
  expect(written).toEqual([]);
});

test("with an SDK the span of the consumer belongs to that of the writer", async () => {
  registerSdk();
  expect(await passOne("traced")).toBeDefined();
  const writer = written.find(({ name }) => name === "bounced: add bounce-hard.bounce.mailbox_unknown");
  const consumer = written.find(({ name }) => name.startsWith("bounced: process bounce-hard"));
  expect(writer, JSON.stringify(written)).toBeDefined();
  expect(consumer?.parent, JSON.stringify(written)).toBe(writer?.spanId);
});
