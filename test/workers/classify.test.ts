import { afterAll, beforeAll, expect, test } from "vitest";
import type { BouncedEvent } from "../../src/core/event.ts";
import { messageJob } from "../../src/intake/pack.ts";
import { consume } from "../../src/queues/consume.ts";
import type { Emission } from "../../src/queues/emit.ts";
import type { IntakeJob, IntakePack, PackedMessage, TapQueue } from "../../src/queues/names.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { classifyHandler, type ClassifyDeps } from "../../workers/classify-handler.ts";
import { sampleEvent } from "../support/event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

let server: TestRedis;
let queues: Queues;
beforeAll(async () => {
  server = await startTestRedis();
  queues = openQueues({ redisUrl: server.url, prefix: "bounced" });
});
afterAll(async () => {
  await queues.close();
  await server.stop();
});

const message = (id: string): PackedMessage => ({
  id,
  head: "Subject: x\r\n",
  truncated: false,
  size: 12,
  sha256: "0".repeat(64),
  receivedAt: null,
  envelope: { reversePath: "", forwardPath: "b@bounces.example.com" },
  remoteAddress: null,
});
const packOf = (...ids: readonly string[]): IntakePack => ({ v: 2, messages: ids.map(message) });
const noNeed = (): Promise<never> => Promise.reject(new Error("not asked for"));

function run(
  data: IntakeJob | IntakePack,
  changes: Partial<ClassifyDeps> & { readonly attemptsStarted?: number } = {},
) {
  const counted: (readonly Pick<BouncedEvent, "kind">[])[] = [];
  const emissions: Emission[] = [];
  const handler = classifyHandler({
    read: (_input, id) => Promise.resolve([sampleEvent({ id })]),
    emit: (emission) => Promise.resolve(void emissions.push(emission)),
    takeApart: noNeed,
    taps: () => Promise.resolve([]),
    tally: { count: (events) => counted.push(events) },
    canaryOf: () => Promise.resolve(null),
    onCanary: noNeed,
    ...changes,
  });
  const { attemptsStarted = 1 } = changes;
  return { counted, emissions, done: handler(data, { id: "j1", name: "message", attemptsMade: 0, attemptsStarted }) };
}
const single = messageJob(message("m1")).data;

test.each<[readonly TapQueue[], unknown]>([
  [[], null],
  [["record"], expect.any(String)],
])("the head goes along only where the log takes it: %j", async (taps, raw) => {
  const { done, emissions } = run(single, { taps: () => Promise.resolve(taps) });
  await done;
  expect(emissions).toMatchObject([{ jobId: "j1", messages: [{ raw }] }]);
});

test("what could not be emitted is not counted, and the job fails, so that it comes again", async () => {
  const { counted, done } = run(single, { emit: () => Promise.reject(new Error("Redis is away")) });
  await expect(done).rejects.toThrow("Redis is away");
  expect(counted).toEqual([]);
});

test("many messages of one job are read one by one, each under its own id, and emitted together", async () => {
  const { counted, done, emissions } = run(packOf("m1", "m2"));
  await done;
  expect(emissions.map(({ messages }) => messages.map(({ events }) => events.map(({ id }) => id)))).toEqual([
    [["m1"], ["m2"]],
  ]);
  expect(counted).toHaveLength(2);
});

test("a canary among others is told of, and leaves nothing but its token for the log", async () => {
  const seen: (readonly [string, number])[] = [];
  const { counted, done, emissions } = run(packOf("m1", "m2"), {
    taps: () => Promise.resolve(["record"]),
    canaryOf: ({ size }) => Promise.resolve(size === 12 && seen.length === 0 ? "token" : null),
    onCanary: (token, events) => Promise.resolve(seen.push([token, events.length])),
  });
  await done;
  expect(seen).toEqual([["token", 1]]);
  expect(emissions[0]?.messages).toMatchObject([
    { events: [], raw: null, canary: "token" },
    { events: [{ id: "m2" }] },
  ]);
  expect(counted).toHaveLength(1);
});

test("a job with many that was begun before is taken apart instead of read", async () => {
  const taken: IntakePack[] = [];
  const { done, emissions } = run(packOf("m1", "m2"), {
    attemptsStarted: 2,
    read: noNeed,
    takeApart: (pack) => Promise.resolve(taken.push(pack)),
  });
  await done;
  expect(taken).toEqual([packOf("m1", "m2")]);
  expect(emissions).toEqual([]);
});

test("on a real queue one bad message of a job ends alone, and the others go through", async () => {
  const read: string[] = [];
  const handler = classifyHandler({
    read: (_input, id) =>
      id === "bad" ? Promise.reject(new Error("worker down")) : Promise.resolve([sampleEvent({ id })]),
    emit: ({ messages }) =>
      Promise.resolve(void read.push(...messages.flatMap(({ events }) => events.map(({ id }) => id)))),
    takeApart: ({ messages }) => queues.get("intake").addBulk(messages.map(messageJob) as never),
    taps: () => Promise.resolve([]),
    tally: { count: () => undefined },
    canaryOf: () => Promise.resolve(null),
    onCanary: noNeed,
  });
  await queues.get("intake").add("messages", packOf("good-1", "bad", "good-2"), { jobId: "p1" });
  const consumer = consume("intake", handler, { redisUrl: server.url, prefix: "bounced" });
  await expect.poll(() => read.toSorted(), { timeout: 15_000 }).toEqual(["good-1", "good-2"]);
  await expect
    .poll(async () => (await queues.get("intake").getDelayed()).map(({ id }) => id), { timeout: 15_000 })
    .toEqual(["bad"]);
  await consumer.close();
});
