/** The breaker: it begins beyond chance, ends well below, tells whoever wants to know, and holds nothing by itself. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { publishHolds } from "../../workers/holds.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { breakerSchema, holdOf, type Hold } from "../../src/tallies/holds.ts";
import type { SendCounts } from "../../src/tallies/rates.ts";
import { hourOf, textOfTally } from "../../src/tallies/tally.ts";
import { jobOf, makeEvent } from "../store/make-event.ts";
import { DAY, NOW, onBoth } from "../store/on-both.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

vi.setConfig({ testTimeout: 120_000 });
const settings = breakerSchema.parse({});
const spring = { dimension: "tag", value: "spring" } as const;
const sent = (changes: Partial<SendCounts>): SendCounts => ({
  delivered: 1000,
  failed: 0,
  delayed: 0,
  bounced: 0,
  hard: 0,
  blocked: 0,
  complained: 0,
  ...changes,
});
const look = (changes: Partial<SendCounts>, before: Hold | null = null): Hold | null =>
  holdOf(spring, sent(changes), before, settings, NOW);

test("a rate crosses its line beyond chance, and clears well below it", () => {
  expect(look({ hard: 55 })).toBeNull();
  const hold = look({ hard: 90, bounced: 90 });
  expect(hold).toMatchObject({
    measure: "hard",
    rate: 0.09,
    line: 0.05,
    count: 90,
    of: 1000,
    since: "2026-03-01T12:00:00.000Z",
    until: "2026-03-01T13:00:00.000Z",
    why: "9 % of the mail tagged spring bounced hard in the last 24 hours (90 of 1000); the line is 5 %.",
  });
  expect(look({ hard: 45 }, hold)).toMatchObject({ since: hold?.since, count: 45 });
  expect(look({ hard: 39 }, hold)).toBeNull();
  // The worst is named; a line that is null is none.
  expect(look({ hard: 90, complained: 30 })?.measure).toBe("complaint");
  expect(look({ delayed: 5000, bounced: 300 })).toBeNull();
});

let server: TestRedis;
let queues: Queues;
beforeAll(async () => {
  server = await startTestRedis();
  queues = openQueues({ redisUrl: server.url, prefix: "mine" });
});
afterAll(async () => {
  await queues.close();
  await server.stop();
});

onBoth(({ open, clock }) => {
  test("an alert, a webhook and a key when it begins, and when it clears; nothing in between", async () => {
    await queues.redis.flushall();
    const store = await open({ breaker: { minSends: 100 } });
    const endpoints = [
      { id: "ops", alerts: true as const },
      { id: "crm", alerts: false as const },
    ];
    const publish = () => publishHolds(store, queues, endpoints, (write) => write(), clock.now);
    const about = { provider: "google", domain: "gmail.com", senderDomain: "", sendingAddress: "", tag: "spring" };
    const tally = (id: string, count: number) =>
      store.countTallies({
        id,
        counts: new Map([[textOfTally({ ...about, hour: hourOf(clock.now) - 1, outcome: "delivered" }), count]]),
      });
    await tally("1", 90);
    for (let n = 0; n < 30; n++)
      await store.record([jobOf([makeEvent({ address: `u${n}@gmail.com`, at: NOW - n - 1, provider: "google" })])]);
    expect(await publish()).toBe(0);
    await tally("2", 20);
    // Its provider, its domain, its tag.
    expect(await publish()).toBe(3);
    expect(await publish()).toBe(0);
    const key = await queues.redis.get("mine:hold:tag:spring");
    expect(JSON.parse(key ?? "null")).toMatchObject({
      dimension: "tag",
      value: "spring",
      measure: "hard",
      count: 30,
      of: 110,
    });
    expect(await queues.redis.exists("mine:hold:provider:google", "mine:hold:domain:gmail.com")).toBe(2);
    expect((await store.holds()).map(({ dimension }) => dimension)).toEqual(["domain", "provider", "tag"]);
    const jobs = await queues.get("alert").getJobs(["wait"]);
    expect(jobs.map(({ name }) => name)).toEqual(["hold.held", "hold.held", "hold.held"]);
    expect(await queues.get("webhook-ops").getJobCountByTypes("wait")).toBe(3);
    expect(await queues.get("webhook-crm").getJobCountByTypes("wait")).toBe(0);
    clock.now += 2 * 3_600_000;
    // Nobody renewed them: they are over for whoever asks.
    expect(await store.holds()).toEqual([]);
    await tally("3", 2000);
    expect(await publish()).toBe(3);
    expect(await queues.redis.keys("mine:hold:*")).toEqual([]);
    const [last] = await queues.get("alert").getJobs(["wait"], 0, 0);
    expect(last?.data).toMatchObject({ schema: "bounced.hold/1", state: "cleared" });
    expect(await publish()).toBe(0);
    clock.now = NOW;
  });

  test("where too little is sent to know, it clears; without a breaker there is none", async () => {
    await queues.redis.flushall();
    clock.now = NOW + 3 * DAY;
    for (const enabled of [true, false]) {
      const store = await open({ breaker: { enabled, minSends: 100 } });
      const hour = hourOf(clock.now) - 1;
      const tally = { provider: "", domain: "example.org", senderDomain: "", sendingAddress: "", tag: "" };
      await store.countTallies({
        id: "1",
        counts: new Map([[textOfTally({ ...tally, hour, outcome: "delivered" }), 100]]),
      });
      for (let n = 0; n < 30; n++)
        await store.record([jobOf([makeEvent({ address: `u${n}@example.org`, at: clock.now - n - 1 })])]);
      expect(await publishHolds(store, queues, [], (write) => write(), clock.now)).toBe(enabled ? 1 : 0);
      clock.now += 2 * DAY;
      expect(await publishHolds(store, queues, [], (write) => write(), clock.now)).toBe(enabled ? 1 : 0);
    }
    clock.now = NOW;
  });

  test("failures that are reported without deliveries are no sends, and hold nothing", async () => {
    await queues.redis.flushall();
    clock.now = NOW + 20 * DAY;
    const store = await open({ breaker: { minSends: 100 } });
    const about = { provider: "google", domain: "gmail.com", senderDomain: "", sendingAddress: "", tag: "spring" };
    const tally = (id: string, outcome: "failed" | "delivered", count: number) =>
      store.countTallies({
        id,
        counts: new Map([[textOfTally({ ...about, hour: hourOf(clock.now) - 1, outcome }), count]]),
      });
    await tally("1", "failed", 100);
    for (let n = 0; n < 30; n++)
      await store.record([
        jobOf([makeEvent({ address: `u${n}@gmail.com`, at: clock.now - n - 1, provider: "google" })]),
      ]);
    expect(await publishHolds(store, queues, [], (write) => write(), clock.now)).toBe(0);
    expect(await store.sends({ from: clock.now - DAY, to: clock.now })).toEqual([]);
    await tally("2", "delivered", 100);
    expect(await store.sends({ from: clock.now - DAY, to: clock.now })).toMatchObject([
      { delivered: 100, failed: 100 },
    ]);
    expect(await publishHolds(store, queues, [], (write) => write(), clock.now)).toBe(3);
    clock.now = NOW;
  });
});
