import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { Resolver } from "../../src/doctor/check.ts";
import { checkRedis } from "../../src/doctor/redis.ts";
import { connectRedis } from "../../src/redis/client.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());

async function check(url: string) {
  const findings = await checkRedis({
    config: loadConfig({ REDIS_URL: url, BOUNCED_DATA_DIR: mkdtempSync(join(tmpdir(), "b-")) }),
    resolver: {} as Resolver,
    now: 0,
    mxPort: 25,
  });
  return Object.fromEntries(findings.map(({ id, state }) => [id, state]));
}

test("the Redis that we start ourselves passes", async () => {
  expect(await check(redis.url)).toEqual({
    redis: "ok",
    "redis-persistence": "ok",
    "redis-eviction": "ok",
    "redis-memory": "ok",
    "redis-clock": "ok",
  });
});

test("a Redis that could lose or forget mail is a failure with the command that mends it", async () => {
  const client = connectRedis(redis.url, "work");
  await client.config("SET", "appendonly", "no");
  await client.config("SET", "maxmemory-policy", "allkeys-lru");
  await client.config("SET", "maxmemory", "1");
  expect(await check(redis.url)).toMatchObject({
    "redis-persistence": "fail",
    "redis-eviction": "fail",
    "redis-memory": "fail",
  });
  await client.config("SET", "maxmemory", "0");
  await client.config("SET", "maxmemory-policy", "noeviction");
  await client.config("SET", "appendonly", "yes");
  client.disconnect();
});

test("writing once a second is right where the listener can wait for the disk", async () => {
  const client = connectRedis(redis.url, "work");
  await client.config("SET", "appendfsync", "everysec");
  const canWait = Array.isArray(((await client.call("COMMAND", "INFO", "WAITAOF")) as unknown[])[0]);
  expect(await check(redis.url)).toMatchObject({ "redis-persistence": canWait ? "ok" : "fail" });
  client.disconnect();
});

test("a Redis that is away: a failure if one was named, else not running yet", async () => {
  expect(await check("redis://127.0.0.1:1")).toEqual({ redis: "fail" });
  expect(await check("")).toEqual({ redis: "skip" });
}, 20_000);
