import { UnrecoverableError } from "bullmq";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { RecordedMessage, RecordJob } from "../../src/queues/payloads.ts";
import { webhookQueueOf } from "../../src/queues/names.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { consume } from "../../src/queues/consume.ts";
import { eraseJobs } from "../../src/queues/upkeep/erase-jobs.ts";
import { createTapReader } from "../../src/queues/taps.ts";
import type { Alert } from "../../src/store/alerts/alerts.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { eventsRecorded } from "../../src/telemetry/metrics.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { publishAlerts, publishChanges, recordProcessor, recordRole } from "../../workers/record.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

/** The role takes out what is old as it starts. */
const NOW = Date.now();
const recordJobOf = (...messages: readonly RecordedMessage[]): RecordJob => ({ v: 1, messages });

let server: TestRedis;
let queues: Queues;
let store: Store;
const dataDir = mkdtempSync(join(tmpdir(), "bounced-record-"));
const config = loadConfig({ BOUNCED_DATA_DIR: dataDir });

beforeAll(async () => {
  server = await startTestRedis();
  queues = openQueues({ redisUrl: server.url, prefix: "bounced" });
  store = await openStore(config);
});
afterAll(async () => {
  await store.close();
  await queues.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = () =>
  recordRole({
    config,
    logger: createLogger("silent"),
    redisUrl: server.url,
    queues,
    processes: { states: async () => [], metrics: async () => [] },
  });

test("what waits on the queue is in the log once, and a change of the list on its feed once", async () => {
  const jobs = Array.from({ length: 40 }, (_, index) =>
    recordJobOf(jobOf([makeEvent({ address: `user${index}@example.org`, at: NOW })], "raw")),
  );
  const add = (round: number) =>
    queues
      .get("record")
      .addBulk(jobs.map((data, index) => ({ name: "messages", data, opts: { jobId: `r${round}-${index}` } })));
  await add(1);
  const role = await start();
  expect(role.notes).toEqual([`log in ${dataDir}/log.sqlite`]);
  expect(await createTapReader(queues)()).toContain("record");
  // Delivered a second time under other ids, as after a lost answer.
  await add(2);
  await vi.waitFor(
    async () => expect(await queues.get("record").getJobCountByTypes("waiting", "active")).toBe(0),
    20_000,
  );
  // Nothing of what is in the log stays in Redis.
  expect(await queues.get("record").getCompletedCount()).toBe(0);
  await role.stop();
  expect(await store.count({})).toBe(40);
  const counted = await eventsRecorded.get();
  expect(counted.values.find(({ labels }) => labels.outcome === "new")?.value).toBe(40);
  const feed = await queues.get("suppression").getWaiting();
  expect(feed.length).toBe(40);
  expect(feed[0]?.data).toMatchObject({ action: "added", before: null, after: { cause: "hard" } });
  expect(await store.suppressions.unpublished()).toEqual([]);
});

test("a change of the list waits for the webhooks that want it, with the id of the feed's job", async () => {
  const endpoints = [
    { id: "wants", suppressions: true },
    { id: "wants-not", suppressions: false },
  ] as const;
  await store.suppressions.add([{ value: "hooked@example.org" }], { actor: "test" });
  expect(await publishChanges(store, queues, endpoints)).toBe(1);
  const waiting = await queues.get(webhookQueueOf("wants")).getWaiting();
  expect(waiting.map(({ id, data }) => ({ id, data: data as unknown }))).toEqual([
    {
      id: expect.stringMatching(/^s\d+-\d+$/) as string,
      data: expect.objectContaining({
        schema: "bounced.suppression/1",
        id: waiting[0]?.id,
        action: "added",
        value: "hooked@example.org",
      }) as object,
    },
  ]);
  expect(await queues.get(webhookQueueOf("wants-not")).getWaiting()).toEqual([]);
});

test("a message that cannot be written does not keep the others from the log", async () => {
  const bad = jobOf([makeEvent({ address: "bad@example.org" })]);
  const process = recordProcessor({
    record: (jobs) =>
      jobs.some(({ events }) => events[0]?.recipient.address === "bad@example.org")
        ? Promise.reject(new Error("no"))
        : store.record(jobs),
  });
  const good = jobOf([makeEvent({ address: "good@example.org" })]);
  const results = await Promise.allSettled([process(recordJobOf(bad)), process(recordJobOf(good))]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  expect(await store.count({ address: ["good@example.org"] })).toBe(1);
});

test("an alert is on its queue once, also when marking it failed", async () => {
  const alert: Alert = {
    schema: "bounced.alert/1",
    state: "open",
    id: "a1-block-provider-google",
    at: "2026-03-01T12:00:00.000Z",
    from: "2026-03-01T11:00:00.000Z",
    to: "2026-03-01T12:00:00.000Z",
    measure: "block",
    dimension: "provider",
    value: "google",
    count: 60,
    expected: 1,
    share: 0.9,
    shareBefore: 0.1,
    more: 0,
    incident: null,
    explanation: "",
    texts: [],
  };
  const marked: string[] = [];
  const failing = {
    findAlerts: () => Promise.resolve([alert]),
    markAlerts: () => Promise.reject(new Error("database away")),
  };
  await expect(publishAlerts(failing, queues)).rejects.toThrow("database away");
  const working = {
    ...failing,
    markAlerts: async (alerts: readonly { id: string }[]) => void marked.push(...alerts.map(({ id }) => id)),
  };
  expect(await publishAlerts(working, queues)).toBe(1);
  expect(marked).toEqual(["a1-block-provider-google"]);
  expect((await queues.get("alert").getWaiting()).map(({ id, name }) => [id, name])).toEqual([
    ["a1-block-provider-google", "block"],
  ]);
});

test("erasing takes an address out of every queue, and says what is still on its way", async () => {
  const event = makeEvent({ address: "Gone@example.org" });
  await queues.redis.flushall();
  await queues.get("bounce-hard").addBulk(
    Array.from({ length: 1203 }, (_, index) => ({
      name: "x",
      data: index % 3 ? event : makeEvent(),
      opts: { jobId: `j${index}` },
    })),
  );
  await queues.get("webhook").add("x", { v: 1, event }, { delay: 60_000 });
  await queues.get("record").add("messages", recordJobOf(jobOf([event])));
  await queues.redis.xadd("stream", "*", "event", JSON.stringify(event));
  await queues.redis.xadd("stream", "*", "event", JSON.stringify(makeEvent()));
  expect(await eraseJobs(queues, "gone@EXAMPLE.org", { streamKey: "stream" })).toEqual({
    jobs: 803,
    streamEntries: 1,
    pending: 1,
    appendOnlyFile: "rewritten",
  });
  expect(await queues.get("bounce-hard").getWaitingCount()).toBe(401);
  expect(await queues.redis.xlen("stream")).toBe(1);
});

test("erasing takes finished jobs of the service too, from the quarantine only the message that names the address", async () => {
  await queues.redis.flushall();
  const gone = makeEvent({ address: "gone@example.org" });
  const other = makeEvent({ address: "other@example.org" });
  const named = jobOf([other], "To: <gone@example.org>\r\n\r\nhello");
  // As older versions kept them.
  for (const message of [jobOf([gone]), named])
    await queues.get("record").add("messages", recordJobOf(message), { removeOnComplete: false });
  await queues.get("record").add("messages", recordJobOf(named, jobOf([other])), { jobId: "quarantined" });
  const consumer = consume(
    "record",
    (data) => (data.messages.length > 1 ? Promise.reject(new UnrecoverableError("bad")) : Promise.resolve()),
    { redisUrl: server.url, prefix: queues.prefix },
  );
  await expect
    .poll(() => queues.get("record").getJobCounts("completed", "failed"), { timeout: 20_000 })
    .toEqual({
      completed: 2,
      failed: 1,
    });
  await consumer.close();
  const folder = (await queues.redis.config("GET", "dir"))[1] ?? "";
  const files = () =>
    globSync(`${folder}/**/*.{aof,rdb}`)
      .map((path) => readFileSync(path, "latin1"))
      .join("");
  expect(files()).toContain("gone@example.org");
  expect(await eraseJobs(queues, "gone@example.org")).toMatchObject({
    jobs: 3,
    pending: 0,
    appendOnlyFile: "rewritten",
  });
  expect(files()).not.toContain("gone@example.org");
  const left = await queues.get("record").getJob("quarantined");
  expect(left?.data).toMatchObject({ messages: [{ events: [{ id: other.id }], raw: null }] });
  expect(await queues.get("record").getCompletedCount()).toBe(0);
});

test("messages that wait in one job are all in the log, but for one that cannot be written", async () => {
  const written: string[] = [];
  const record = recordProcessor({
    record: (messages) => {
      const ids = messages.flatMap(({ events }) => events.map(({ id }) => id));
      if (ids.includes("bad")) return Promise.reject(new Error("cannot be written"));
      written.push(...ids);
      return Promise.resolve({ events: ids.length, known: 0, changes: 0 });
    },
  });
  const messages = ["good-1", "bad", "good-2"].map((id) => ({ events: [makeEvent({ id })], raw: null }));
  await expect(record({ v: 1, messages })).rejects.toThrow("cannot be written");
  expect(written).toEqual(["good-1", "good-2"]);
});
