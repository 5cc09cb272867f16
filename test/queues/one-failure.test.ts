import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { BouncedEvent } from "../../src/event/event.ts";
import { createEmitter } from "../../src/queues/emit.ts";
import { unfoldEvents } from "../../src/queues/fold-events.ts";
import { findRepeated } from "../../src/queues/one-failure.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { streamSchema } from "../../src/queues/routes.ts";
import { sampleEvent } from "../support/event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

let server: TestRedis;
let queues: Queues;
beforeAll(async () => {
  server = await startTestRedis();
  queues = openQueues({ redisUrl: server.url, prefix: "one" });
});
afterEach(() => queues.redis.flushall());
afterAll(async () => {
  await queues.close();
  await server.stop();
});

const eventOf = (id: string, format: "smtp" | "rfc3464", over: Partial<BouncedEvent> = {}): BouncedEvent =>
  sampleEvent({
    id,
    format,
    authenticity: "proven",
    proof: format === "smtp" ? "sender" : "return_path",
    original: { ...sampleEvent().original, messageId: "<1@example.com>" },
    ...over,
  });
/** Of each event in turn, the id that it goes by. */
async function idsOf(...events: readonly BouncedEvent[]): Promise<string[]> {
  const ids: string[] = [];
  for (const event of events) ids.push((await findRepeated(queues, [event], 60)).get(event) ?? event.id);
  return ids;
}

const refusal = eventOf("r", "smtp");
const dsn = eventOf("m", "rfc3464");
const unproven = { authenticity: "unproven", proof: null } as const;

test("a refusal and the message returned for it are one failure, whichever comes first, on every run", async () => {
  expect(await idsOf(refusal, dsn, refusal, dsn)).toEqual(["r", "r", "r", "r"]);
  await queues.redis.flushall();
  expect(await idsOf(dsn, refusal, dsn)).toEqual(["m", "m", "m"]);
});

test("spelling makes no other failure; another mail or another recipient does", async () => {
  const at = (address: string): Partial<BouncedEvent> => ({ recipient: { ...dsn.recipient, mailed: address } });
  expect(await idsOf(refusal, eventOf("m1", "rfc3464", at("USER@Example.ORG")))).toEqual(["r", "r"]);
  expect(await idsOf(eventOf("m2", "rfc3464", at("other@example.org")))).toEqual(["m2"]);
  const other = { original: { ...dsn.original, messageId: "<2@example.com>" } };
  expect(await idsOf(eventOf("m3", "rfc3464", other))).toEqual(["m3"]);
});

test("two messages about one failure stay two, and so does what names no mail", async () => {
  expect(await idsOf(dsn, eventOf("m2", "rfc3464"))).toEqual(["m", "m2"]);
  const none = { original: { ...dsn.original, messageId: null } };
  expect(await idsOf(eventOf("r1", "smtp", none), eventOf("m1", "rfc3464", none))).toEqual(["r1", "m1"]);
});

test("a delay is no failure", async () => {
  const delay = { kind: "delay", action: "delayed" } as const;
  expect(await idsOf(eventOf("d", "smtp", delay), dsn, eventOf("d2", "rfc3464", delay))).toEqual(["d", "m", "d2"]);
});

test("what is not proven repeats a refusal, and never stands in for one; what is forged is shown as such", async () => {
  expect(await idsOf(eventOf("u", "rfc3464", unproven), refusal)).toEqual(["u", "r"]);
  expect(await idsOf(eventOf("u2", "rfc3464", unproven))).toEqual(["r"]);
  expect(await idsOf(eventOf("f", "rfc3464", { authenticity: "forged", proof: null }))).toEqual(["f"]);
});

test("what is repeated goes to no queue but the log's, under the first id, and is not known for ever", async () => {
  const emit = createEmitter(queues, {
    language: "en",
    routes: [],
    taps: () => Promise.resolve(["record", "webhook"]),
    stream: streamSchema.parse({ enabled: true }),
    confirmed: (write) => write(),
    rememberedSeconds: 60,
  });
  await emit([{ events: [refusal], raw: null }], "j1");
  await emit([{ events: [dsn, eventOf("other", "rfc3464", { original: sampleEvent().original })], raw: "cmF3" }], "j2");
  await emit([{ events: [eventOf("u", "rfc3464", unproven)], raw: null }], "j3");
  const ids = async (name: string) =>
    (await queues.get(name).getWaiting()).map(({ id = "" }) => id).toSorted((a, b) => a.localeCompare(b));
  expect(await ids("bounce-hard")).toEqual(["other", "r"]);
  expect(await ids("webhook")).toEqual(["other", "r"]);
  expect(await ids("bounce-unproven")).toEqual([]);
  expect(await queues.redis.xlen("bounced:events")).toBe(2);
  const recorded = (await queues.get("record").getWaiting()).map(({ data }) =>
    data.messages.map(({ events }) => unfoldEvents(events).map(({ id, format }) => `${id} ${format}`)),
  );
  expect(recorded).toEqual([[["r smtp"]], [["r rfc3464", "other rfc3464"]], [[]]]);
  const [key = "", ...more] = await queues.redis.keys("one:failure:*");
  expect(more).toEqual([]);
  expect(key + (await queues.redis.get(key))).not.toMatch(/example|user/);
  expect(await queues.redis.ttl(key)).toBeGreaterThan(0);
});
