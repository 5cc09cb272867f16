import { afterAll, beforeAll, expect, test } from "vitest";
import { Redis } from "ioredis";
import { connectRedis } from "../../src/redis/client.ts";
import { startWithSentinels, type RedisTopology } from "../support/redis-topology.ts";

let sentinels: RedisTopology;
beforeAll(async () => {
  sentinels = await startWithSentinels();
});
afterAll(() => sentinels.stop());

/** What the failover detector does while the Sentinels are asked. */
const dropped = () => {
  const client = connectRedis(sentinels.url, "accept");
  client.on("error", () => undefined);
  client.disconnect(true);
  return client;
};

test("a connection that is dropped while the Sentinels are asked comes back, and so does its duplicate", async () => {
  const client = dropped();
  await expect.poll(() => client.status).toBe("end");
  await expect.poll(() => client.ping().catch(String)).toBe("PONG");
  if (!(client instanceof Redis)) throw new Error("one server");
  const second = client.duplicate();
  second.on("error", () => undefined);
  second.disconnect(true);
  await expect.poll(() => second.status).toBe("end");
  await expect.poll(() => second.status).toBe("ready");
  for (const each of [client, second]) each.disconnect();
});

test("one that its owner ends stays ended", async () => {
  const client = dropped();
  await expect.poll(() => client.status).toBe("end");
  client.disconnect();
  const quit = connectRedis(sentinels.url, "work");
  await quit.quit();
  await new Promise((done) => setTimeout(done, 1500));
  expect([client.status, quit.status]).toEqual(["end", "end"]);
});
