/** What is counted in Redis arrives in the database once, whatever is interrupted or repeated, and never grows without a bound. */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { recordTallies } from "../../workers/tallies.ts";
import { openDatabase } from "../../src/store/db/database.ts";
import { openStore } from "../../src/store/store.ts";
import { connectRedis, type RedisClient } from "../../src/redis/client.ts";
import { closeTallies, countBatch, countEach, dropTallies, REMEMBERED_DAYS } from "../../src/tallies/redis-tallies.ts";
import { tallyIdOf, tallyOf } from "../../src/tallies/tally-of.ts";
import { hourOf, textOfTally, type Tallied } from "../../src/tallies/tally.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { DAY, NOW, onBoth } from "../store/on-both.ts";

vi.setConfig({ testTimeout: 120_000 });

const none = { provider: "", domain: "", senderDomain: "", sendingAddress: "", tag: "" };
const tally = (changes: Partial<Tallied> = {}): string =>
  textOfTally({ hour: hourOf(NOW), ...none, outcome: "delivered", ...changes });

let server: TestRedis;
let redis: RedisClient;
let prefixes = 0;
const freshPrefix = (): string => `t${++prefixes}`;
beforeAll(async () => {
  server = await startTestRedis();
  redis = connectRedis(server.url, "work");
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const mail = { recipient: "Ann@Example.org", queueId: "q1", action: "delivered" as const };
const countedOnce = (changes: object = {}) => {
  const refusal = { ...mail, ...changes };
  return { ...tallyIdOf(refusal), tally: tallyOf(refusal, "b", NOW) ?? "" };
};

test("a mail to a recipient is one send, however often and by whichever way it is reported", async () => {
  const prefix = freshPrefix();
  const count = (items: readonly object[], now = NOW): Promise<number> =>
    countEach(redis, prefix, items.map(countedOnce), now);
  expect(await count([{}, { recipient: "<ann@EXAMPLE.org>".slice(1, -1) }, { recipient: "bob@example.org" }])).toBe(2);
  expect(await count([{}, { action: "failed", reply: "550 no" }])).toBe(0);
  const delay = { action: "delayed", attempt: 1 };
  expect(await count([delay, delay, { ...delay, attempt: 2 }])).toBe(2);
  expect(await count([{}], NOW + REMEMBERED_DAYS * DAY)).toBe(0);
  expect(await count([{}], NOW + (REMEMBERED_DAYS + 1) * DAY)).toBe(1);
  const keys = await redis.keys(`${prefix}:tally-seen:*`);
  expect(keys.length).toBeGreaterThan(2);
  for (const key of keys) expect(await redis.ttl(key), key).toBeGreaterThan(REMEMBERED_DAYS * 86_400);
});

test("what it is counted by: hour, provider, domains, sending address and tag", () => {
  const at = new Date(NOW - 5 * 3_600_000).toISOString();
  const said = {
    ...mail,
    at,
    recipient: "ann@gmail.com",
    headers: { From: "News <news@Shop.Example>" },
    sendingAddress: "192.0.2.9",
    tag: "Spring\n2026",
  };
  const expected = [hourOf(NOW) - 5, "google", "gmail.com", "shop.example", "192.0.2.9", "spring 2026", "delivered"];
  expect(tallyOf(said, "b", NOW)?.split("\n")).toEqual(expected.map(String));
  const byHost = { recipient: "ann@corp.example", remoteMta: "corp-example.mail.protection.outlook.com", queueId: "q" };
  expect(tallyOf({ ...byHost, reply: "451 4.7.1 wait" }, "b", NOW)).toContain("\nmicrosoft\ncorp.example\n");
  expect(tallyOf({ ...byHost, action: "complained" }, "b", NOW)).toBeNull();
  // A clock ahead of ours moves nothing into the future.
  expect(tallyOf({ ...said, at: "2099-01-01T00:00:00Z" }, "b", NOW)?.split("\n")[0]).toBe(String(hourOf(NOW)));
});

test("Redis keeps a bounded number apart while nobody writes them to the database", async () => {
  const prefix = freshPrefix();
  for (let number = 1; number <= 6; number++) {
    const domains = Array.from({ length: 10_000 }, (_, n) =>
      tally({ provider: "google", domain: `d${number}-${n}.example` }),
    );
    await countBatch(redis, prefix, { source: "s", number, counts: new Map(domains.map((text) => [text, 2])) });
  }
  const closed = await closeTallies(redis, prefix);
  expect(closed?.counts.size).toBe(50_001);
  const folded = tally({ provider: "google", domain: "*", senderDomain: "*", sendingAddress: "*", tag: "*" });
  expect(closed?.counts.get(folded)).toBe(20_000);
});

const step = fc.oneof(
  fc.record({
    do: fc.constant("batch" as const),
    source: fc.constantFrom("a", "b"),
    by: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({ do: fc.constant("again" as const) }),
  fc.record({ do: fc.constant("each" as const), mails: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 8 }) }),
  fc.record({ do: fc.constant("write" as const), dies: fc.constantFrom("never", "before", "after" as const) }),
);

onBoth(({ config, open, clock, dialect }) => {
  test("whatever is repeated or dies half-way, the sums are those of what happened", async () => {
    const settings = config();
    const store = await openStore(settings, { now: () => clock.now });
    const database = await openDatabase(settings);
    let expected = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
          const queues = { redis, prefix: freshPrefix() };
          const numbers = new Map<string, number>();
          const seen = new Set<number>();
          let last: Parameters<typeof countBatch>[2] | null = null;
          for (const one of steps) {
            if (one.do === "batch") {
              const number = (numbers.get(one.source) ?? 0) + 1;
              numbers.set(one.source, number);
              last = { source: one.source, number, counts: new Map([[tally({ domain: "example.org" }), one.by]]) };
              expect(await countBatch(redis, queues.prefix, last)).toBe(true);
              expected += one.by;
            } else if (one.do === "again") {
              if (last) expect(await countBatch(redis, queues.prefix, last)).toBe(false);
            } else if (one.do === "each") {
              const items = one.mails.map((n) => countedOnce({ queueId: `${queues.prefix}-${n}` }));
              await countEach(redis, queues.prefix, items, NOW);
              for (const n of one.mails) seen.add(n);
            } else if (one.dies === "never") await recordTallies(store, queues);
            else {
              const batch = await closeTallies(redis, queues.prefix);
              if (batch && one.dies === "after") await store.countTallies(batch);
            }
          }
          expected += seen.size;
          while (await recordTallies(store, queues));
          const rows = await database.read.selectFrom("tallies").selectAll().execute();
          const sum = (dimension: string): number =>
            rows.filter((row) => row.dimension === dimension).reduce((all, { delivered }) => all + delivered, 0);
          expect([sum(""), sum("domain")]).toEqual([expected, expected]);
        }),
        { numRuns: dialect === "sqlite" ? 40 : 15 },
      );
    } finally {
      await database.close();
      await store.close();
    }
  });

  test("made-up domains and tags grow nothing: the smallest are counted together, the large ones stay exact", async () => {
    const settings = config();
    const store = await openStore(settings, { now: () => clock.now });
    const database = await openDatabase(settings);
    try {
      for (let batch = 0; batch < 5; batch++) {
        const counts = new Map([[tally({ domain: "big.example", tag: "spring" }), 100]]);
        for (let n = 0; n < 900; n++) counts.set(tally({ domain: `d${batch}-${n}.example`, tag: `t${batch}-${n}` }), 1);
        expect(await store.countTallies({ id: `b${batch}`, counts })).toBe(true);
      }
      const rows = await database.read.selectFrom("tallies").selectAll().execute();
      for (const dimension of ["domain", "tag"]) {
        const own = rows.filter((row) => row.dimension === dimension);
        expect(own.length).toBeLessThanOrEqual(2001);
        expect(own.reduce((all, { delivered }) => all + delivered, 0)).toBe(5 * 1000);
        expect(own.some(({ value }) => value === "*")).toBe(true);
      }
      expect(rows.find(({ value }) => value === "big.example")?.delivered).toBe(500);
      clock.now = NOW + 41 * DAY;
      await store.retain();
      expect(await database.read.selectFrom("tallies").selectAll().execute()).toEqual([]);
    } finally {
      clock.now = NOW;
      await database.close();
      await store.close();
    }
  });

  test("a batch that is handed over again, after another writer wrote it, is dropped and not counted", async () => {
    const store = await open();
    const queues = { redis, prefix: freshPrefix() };
    await countBatch(redis, queues.prefix, { source: "s", number: 1, counts: new Map([[tally(), 1]]) });
    const batch = await closeTallies(redis, queues.prefix);
    if (!batch) throw new Error("nothing was closed");
    expect([await store.countTallies(batch), await store.countTallies(batch)]).toEqual([true, false]);
    await dropTallies(redis, queues.prefix, "another");
    expect(await closeTallies(redis, queues.prefix)).toEqual(batch);
    expect(await recordTallies(store, queues)).toBe(true);
    expect(await closeTallies(redis, queues.prefix)).toBeNull();
  });
});
