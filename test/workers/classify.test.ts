import { afterAll, beforeAll, expect, test } from "vitest";
import { messageJob } from "../../src/intake/pack.ts";
import { consume } from "../../src/queues/consume.ts";
import { createCrashCount } from "../../src/queues/crash-count.ts";
import type { IntakeJob, QueuedMessage, RecordedMessage } from "../../src/queues/payloads.ts";
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

const message = (id: string): QueuedMessage => ({
  id,
  raw: `raw of ${id}`,
  truncated: false,
  size: 12,
  sha256: `digest of ${id}`,
  receivedAt: null,
  reversePath: "",
  forwardPaths: ["b@bounces.example.com"],
  remoteAddress: null,
});
const jobOf = (...ids: readonly string[]): IntakeJob => ({ v: 1, messages: ids.map(message) });
const noNeed = (): Promise<never> => Promise.reject(new Error("not asked for"));

const depsWith = (changes: Partial<ClassifyDeps>): ClassifyDeps => ({
  read: ({ id }) => Promise.resolve([sampleEvent({ id })]),
  emit: () => Promise.resolve(),
  takeApart: noNeed,
  crashes: createCrashCount(queues),
  condemn: () => undefined,
  canaryOf: () => Promise.resolve(null),
  onCanary: noNeed,
  onRead: () => undefined,
  ...changes,
});

interface Tries {
  readonly attemptsMade?: number;
  readonly crashes?: number;
}
function run(data: IntakeJob, changes: Partial<ClassifyDeps> = {}, { attemptsMade = 0, crashes = 0 }: Tries = {}) {
  const counted: string[] = [];
  const emissions: { readonly messages: readonly RecordedMessage[]; readonly jobId: string }[] = [];
  const handler = classifyHandler(
    depsWith({
      emit: (messages, jobId) => Promise.resolve(void emissions.push({ messages, jobId })),
      onRead: ({ id }) => counted.push(id),
      ...changes,
    }),
  );
  return { counted, emissions, done: handler(data, { id: "j1", name: "messages", attemptsMade, crashes }) };
}

test("what was kept of a message when it came in goes along as it is", async () => {
  const { done, emissions } = run(jobOf("m1"));
  await done;
  expect(emissions).toMatchObject([{ jobId: "j1", messages: [{ raw: "raw of m1" }] }]);
});

test("what could not be emitted is not counted, and the job fails, so that it comes again", async () => {
  const { counted, done } = run(jobOf("m1"), { emit: () => Promise.reject(new Error("Redis is away")) });
  await expect(done).rejects.toThrow("Redis is away");
  expect(counted).toEqual([]);
});

test("many messages of one job are read, each under its own id, and emitted together", async () => {
  const { counted, done, emissions } = run(jobOf("m1", "m2"));
  await done;
  expect(emissions.map(({ messages }) => messages.map(({ events }) => events.map(({ id }) => id)))).toEqual([
    [["m1"], ["m2"]],
  ]);
  expect(counted).toEqual(["m1", "m2"]);
});

test("a canary among others is told of, and leaves nothing but its token for the log", async () => {
  const seen: (readonly [string, number])[] = [];
  const { counted, done, emissions } = run(jobOf("m1", "m2"), {
    canaryOf: ({ id }) => Promise.resolve(id === "m1" ? "token" : null),
    onCanary: (token, events) => Promise.resolve(seen.push([token, events.length])),
  });
  await done;
  expect(seen).toEqual([["token", 1]]);
  expect(emissions[0]?.messages).toMatchObject([
    { events: [], raw: null, canary: "token" },
    { events: [{ id: "m2" }] },
  ]);
  expect(counted).toEqual(["m2"]);
});

test.each([{ attemptsMade: 1 }, { crashes: 1 }])(
  "a job with many that did not go through is taken apart instead of read: %j",
  async (tries) => {
    const taken: (readonly QueuedMessage[])[] = [];
    const takeApart = (messages: readonly QueuedMessage[]) => Promise.resolve(taken.push(messages));
    const { done, emissions } = run(jobOf("m1", "m2"), { read: noNeed, takeApart }, tries);
    await done;
    expect(taken).toEqual([jobOf("m1", "m2").messages]);
    expect(emissions).toEqual([]);
  },
);

test("a message is condemned for the ends of processes that worked on it alone, and for no others", async () => {
  const condemned: string[] = [];
  const condemn = ({ id }: QueuedMessage) => void condemned.push(id);
  // As a process that ends: the work never comes back.
  const ended = (): Promise<never> => new Promise(() => undefined);
  // In hand at a hundred ends, and every time it is its turn it goes through.
  for (let crashes = 1; crashes < 100; crashes++) await run(jobOf("innocent"), { condemn }, { crashes }).done;
  expect(condemned).toEqual([]);
  for (let crashes = 1; crashes <= 3; crashes++) {
    void run(jobOf("culprit"), { condemn, read: ended, crashes: createCrashCount(queues) }, { crashes }).done;
    await expect.poll(async () => queues.redis.hget("bounced:crashes", "digest of culprit")).toBe(String(crashes));
  }
  expect(condemned).toEqual([]);
  await run(jobOf("culprit"), { condemn }, { crashes: 4 }).done;
  expect(condemned).toEqual(["culprit"]);
  // Whoever starts later knows it by its digest.
  expect(await createCrashCount(queues).condemned()).toEqual(["digest of culprit"]);
});

test("beside a message that was in hand at an end nothing else is done", async () => {
  const crashes = createCrashCount(queues);
  const order: string[] = [];
  let finish = (): void => undefined;
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const work =
    (name: string, until: Promise<void> = Promise.resolve()) =>
    async (): Promise<void> => {
      order.push(`${name} begins`);
      await until;
      order.push(`${name} ends`);
    };
  const before = crashes.beside(work("before", slow));
  const alone = crashes.alone("digest", () => undefined, work("alone"));
  const after = crashes.beside(work("after"));
  finish();
  await Promise.all([before, alone, after]);
  expect(order).toEqual(["before begins", "before ends", "alone begins", "alone ends", "after begins", "after ends"]);
});

test("on a real queue one bad message of a job ends alone, and the others go through", async () => {
  const read: string[] = [];
  const handler = classifyHandler(
    depsWith({
      read: ({ id }) =>
        id === "bad" ? Promise.reject(new Error("worker down")) : Promise.resolve([sampleEvent({ id })]),
      emit: (messages) =>
        Promise.resolve(void read.push(...messages.flatMap(({ events }) => events.map(({ id }) => id)))),
      takeApart: (messages) => queues.get("intake").addBulk(messages.map(messageJob) as never),
    }),
  );
  await queues.get("intake").add("messages", jobOf("good-1", "bad", "good-2"), { jobId: "p1" });
  const consumer = consume("intake", handler, { redisUrl: server.url, prefix: "bounced" });
  await expect.poll(() => read.toSorted(), { timeout: 15_000 }).toEqual(["good-1", "good-2"]);
  await expect
    .poll(async () => (await queues.get("intake").getDelayed()).map(({ id }) => id), { timeout: 15_000 })
    .toEqual(["bad"]);
  await consumer.close();
});
