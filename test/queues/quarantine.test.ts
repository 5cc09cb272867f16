import { afterAll, beforeAll, expect, test } from "vitest";
import { consume, UnrecoverableError } from "../../src/queues/consume.ts";
import { listQuarantine, redriveQuarantine } from "../../src/queues/upkeep/quarantine.ts";
import { openQueues, type Queues } from "../../src/queues/queues.ts";
import { queuedMessage } from "../support/intake.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

let redis: TestRedis;
let queues: Queues;
beforeAll(async () => {
  redis = await startTestRedis();
  queues = openQueues({ redisUrl: redis.url, prefix: "bounced" });
});
afterAll(async () => {
  await queues.close();
  await redis.stop();
});

test("what failed for good is listed with its reason, and comes back when it is put back", async () => {
  const message = await queuedMessage("Subject: poison\r\n", { id: "m1" });
  await queues.get("intake").add("messages", { v: 1, messages: [message] }, { jobId: "m1" });
  let isCured = false;
  const handled: string[] = [];
  const consumer = consume(
    "intake",
    async (_message, { id }) => {
      if (!isCured) throw new UnrecoverableError("cannot be processed");
      handled.push(id);
    },
    { redisUrl: redis.url, prefix: "bounced" },
  );
  await expect.poll(() => listQuarantine(queues)).toHaveLength(1);
  expect((await listQuarantine(queues))[0]).toMatchObject({
    id: "m1",
    reason: "cannot be processed",
    forwardPath: "b@bounces.example.com",
    size: 17,
  });
  isCured = true;
  expect(await redriveQuarantine(queues, ["m1", "unknown"])).toEqual(["m1"]);
  await expect.poll(() => handled).toEqual(["m1"]);
  expect(await listQuarantine(queues)).toEqual([]);
  expect(await redriveQuarantine(queues)).toEqual([]);
  await consumer.close();
});
