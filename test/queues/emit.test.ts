import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createEmitter, type Emit } from "../../src/queues/emit.ts";
import { unfoldEvents } from "../../src/queues/fold-events.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { routesSchema, streamSchema } from "../../src/queues/routes.ts";
import { addTap, createTapReader, keepTap } from "../../src/queues/taps.ts";
import { consume, UnrecoverableError } from "../../src/queues/consume.ts";
import { boundAt, trimDeliveries, trimUnconsumed, usedShareOf } from "../../src/queues/upkeep/bound.ts";
import { sampleEvent } from "../support/event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

let server: TestRedis;
let queues: Queues;
beforeAll(async () => {
  server = await startTestRedis();
  queues = openQueues({ redisUrl: server.url, prefix: "bounced" });
});
afterEach(() => queues.redis.flushall());
afterAll(async () => {
  await queues.close();
  await server.stop();
});

const emitter = (routes: unknown = [], stream: unknown = {}): Emit =>
  createEmitter(queues, {
    language: "en",
    rememberedSeconds: 60,
    routes: routesSchema.parse(routes),
    taps: createTapReader(queues),
    stream: streamSchema.parse(stream),
    confirmed: (write) => write(),
  });
const waiting = async (name: string): Promise<readonly string[]> =>
  (await queues.get(name).getWaiting()).map(({ id }) => id ?? "");
const one = (event = sampleEvent()) => [[{ events: [event], raw: null }], "m1"] as const;

test("an event goes to the queue of its outcome, named kind.reason, with its own id", async () => {
  await emitter()(...one());
  const [job] = await queues.get("bounce-hard").getWaiting();
  expect(job).toMatchObject({ id: "sample-event-1", name: "bounce.mailbox_unknown" });
  expect(job?.data).toEqual(sampleEvent());
});

test("emitting the same message again adds nothing, even after the job was consumed", async () => {
  const emit = emitter();
  await emit(...one());
  await emit(...one());
  expect(await waiting("bounce-hard")).toEqual(["sample-event-1"]);
  const seen: string[] = [];
  const consumer = consume("bounce-hard", async (event) => seen.push(event.id), {
    redisUrl: server.url,
    prefix: "bounced",
  });
  await expect.poll(() => queues.get("bounce-hard").getCompletedCount()).toBe(1);
  await emit(...one());
  await consumer.close();
  expect(await waiting("bounce-hard")).toEqual([]);
  expect(seen).toEqual(["sample-event-1"]);
});

test("the service's own consumers get every event: one job a message for the log, one an event for webhooks", async () => {
  await addTap(queues, "record");
  await addTap(queues, "webhook");
  const first = sampleEvent();
  const events = [first, { ...first, id: "sample-event-2", severity: "soft" as const }];
  await emitter()([{ events, raw: "cmF3" }], "m1");
  expect(await waiting("bounce-soft")).toEqual(["sample-event-2"]);
  expect(await waiting("webhook")).toEqual(["sample-event-1", "sample-event-2"]);
  const [record] = await queues.get("record").getWaiting();
  expect(record?.data.messages[0]?.events[1]).toEqual({ id: "sample-event-2", severity: "soft" });
  expect(record?.data.messages.map(({ events: folded }) => unfoldEvents(folded))).toEqual([events]);
});

test("messages that waited in one job go to the log in one job", async () => {
  await addTap(queues, "record");
  const messages = ["a", "b"].map((id) => ({ events: [sampleEvent({ id })], raw: null }));
  await emitter()(messages, "p1");
  expect(await waiting("bounce-hard")).toEqual(["a", "b"]);
  const [record] = await queues.get("record").getWaiting();
  expect(record).toMatchObject({ id: "p1", data: { v: 1, messages } });
});

test("Redis that lost its data costs the service's own consumers no event", async () => {
  const stop = await keepTap(queues, "record");
  const read = createTapReader(queues);
  expect(await read()).toEqual(["record"]);
  await queues.redis.del(`${queues.prefix}:taps`);
  const now = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 10_000);
  expect(await read()).toEqual(["record"]);
  now.mockRestore();
  await vi.waitFor(
    async () => expect(await queues.redis.smembers(`${queues.prefix}:taps`)).toEqual(["record"]),
    10_000,
  );
  stop();
});

test("ids that BullMQ refuses still arrive", async () => {
  await emitter()(...one(sampleEvent({ id: "1234" })));
  await emitter()(...one(sampleEvent({ id: "a:b" })));
  expect(new Set(await waiting("bounce-hard"))).toEqual(new Set(["e1234", "a-b"]));
});

test("with the stream on, every event is on it", async () => {
  await emitter([], { enabled: true })(...one());
  const [[, fields] = ["", []]] = await queues.redis.xrange("bounced:events", "-", "+");
  expect(fields[1]).toBe("sample-event-1");
  expect(JSON.parse(fields[3] ?? "")).toEqual(sampleEvent());
});

test("routes rename, merge, split and drop; the first that holds decides", async () => {
  const emit = emitter([
    { when: { recipientDomain: "drop.example" }, to: "drop" },
    { when: { queue: ["bounce-soft", "delay"] }, to: "later" },
    { when: { kind: "bounce", reason: "mailbox_unknown", provider: "google" }, to: ["gmail", "bounce-hard"] },
  ]);
  await emit(
    ...one(
      sampleEvent({
        id: "dropped",
        recipient: { mailed: null, address: null, original: null, domain: "drop.example" },
      }),
    ),
  );
  await emit(...one(sampleEvent({ id: "soft", severity: "soft" })));
  await emit(...one(sampleEvent({ id: "delayed", kind: "delay", severity: "soft" })));
  await emit(...one(sampleEvent({ id: "google", provider: "google" })));
  await emit(...one(sampleEvent({ id: "plain" })));
  expect(new Set(await waiting("later"))).toEqual(new Set(["soft", "delayed"]));
  expect(await waiting("gmail")).toEqual(["google"]);
  expect(new Set(await waiting("bounce-hard"))).toEqual(new Set(["google", "plain"]));
});

test("a route may not lead to a queue of the service itself", () => {
  expect(() => routesSchema.parse([{ to: "intake" }])).toThrow("belongs to the service");
});

test("a handler that throws gets the job again; one that gives up does not", async () => {
  const emit = emitter();
  await emit(...one());
  await emit(...one(sampleEvent({ id: "hopeless" })));
  const tries: string[] = [];
  const failed: string[] = [];
  const consumer = consume(
    "bounce-hard",
    async (event) => {
      tries.push(event.id);
      if (event.id === "hopeless") throw new UnrecoverableError("no use");
      if (tries.filter((id) => id === event.id).length === 1) throw new Error("not now");
    },
    { redisUrl: server.url, prefix: "bounced", onFailed: ({ id }) => failed.push(id) },
  );
  await expect.poll(() => queues.get("bounce-hard").getCompletedCount(), { timeout: 10_000 }).toBe(1);
  await consumer.close();
  expect(tries.sort()).toEqual(["hopeless", "sample-event-1", "sample-event-1"]);
  expect(failed).toEqual(["hopeless"]);
});

test("a queue that nobody consumes keeps only the newest jobs; one with a consumer keeps all", async () => {
  const emit = emitter();
  for (let n = 0; n < 5; n++) await emit(...one(sampleEvent({ id: `event-${n}` })));
  const bound = { count: 2, deliveries: 0, days: 7 };
  let finish = (): void => undefined;
  const inHand = new Promise<void>((resolve) => (finish = resolve));
  const consumer = consume("bounce-hard", () => inHand, {
    redisUrl: server.url,
    prefix: "bounced",
    concurrency: 1,
  });
  await expect.poll(() => queues.get("bounce-hard").getActiveCount()).toBe(1);
  expect(await trimUnconsumed(queues, ["bounce-hard"], bound)).toEqual([]);
  finish();
  await consumer.close();
  for (let n = 0; n < 5; n++) await emit(...one(sampleEvent({ id: `event-${n}`, severity: "soft" })));
  expect(await trimUnconsumed(queues, ["bounce-soft"], bound)).toEqual([{ queue: "bounce-soft", removed: 3 }]);
  expect(await waiting("bounce-soft")).toEqual(["event-3", "event-4"]);
});

test("deliveries to an endpoint that is down are bounded by count and age, those that failed for good first", async () => {
  const queue = queues.get("webhook-dead");
  const add = (n: number, options: object) =>
    queue.add("x", sampleEvent({ id: `d${n}` }), { jobId: `d${n}`, ...options });
  for (let n = 0; n < 6; n++) await add(n, { delay: 3_600_000 });
  for (let n = 6; n < 9; n++) await add(n, {});
  const ids = async () => (await queue.getJobs(["wait", "delayed", "failed"])).map(({ id = "" }) => id).toSorted();
  expect(await trimDeliveries(queues, ["webhook-dead"], { count: 0, deliveries: 9, days: 7 })).toEqual([]);
  expect(await trimDeliveries(queues, ["webhook-dead"], { count: 0, deliveries: 4, days: 7 })).toEqual([
    { queue: "webhook-dead", removed: 5 },
  ]);
  expect(await ids()).toEqual(["d5", "d6", "d7", "d8"]);
  // Made longer ago than it may wait.
  await add(20, { delay: 3_600_000, timestamp: Date.now() - 8 * 86_400_000 });
  await trimDeliveries(queues, ["webhook-dead"], { count: 0, deliveries: 100, days: 7 });
  expect(await ids()).toEqual(["d5", "d6", "d7", "d8"]);
});

test("the fuller Redis is, the less may wait for who does not come; before mail is refused, nothing", async () => {
  const bound = { count: 10_000, deliveries: 100_000, days: 7 };
  expect([0.1, 0.5, 0.65, 0.75].map((share) => boundAt(bound, share).count)).toEqual([10_000, 1000, 0, 0]);
  expect([0.1, 0.5, 0.65].map((share) => boundAt(bound, share).deliveries)).toEqual([100_000, 10_000, 0]);
  expect(await usedShareOf(queues)).toBeLessThan(0.5);
});

test("a finished job of ours keeps its id and nothing of what was in it, and is not done twice", async () => {
  const handled: string[] = [];
  const consumer = consume("webhook-kept", async (event) => handled.push((event as { id: string }).id), {
    redisUrl: server.url,
    prefix: "bounced",
    keepsNothing: true,
  });
  const queue = queues.get("webhook-kept");
  await queue.add("x", sampleEvent({ id: "kept" }), { jobId: "kept" });
  await expect.poll(() => queue.getCompletedCount()).toBe(1);
  expect((await queue.getJob("kept"))?.data).toEqual({ stripped: true });
  await queue.add("x", sampleEvent({ id: "kept" }), { jobId: "kept" });
  // As one whose consumer ended before it could finish it.
  await queue.add("x", { stripped: true } as never, { jobId: "begun" });
  await expect.poll(() => queue.getCompletedCount()).toBe(2);
  await consumer.close();
  expect(handled).toEqual(["kept"]);
});
