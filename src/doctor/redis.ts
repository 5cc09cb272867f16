import type { Redis } from "ioredis";
import { messageOf } from "../error-message.ts";
import { connectRedis, redisUrlOf } from "../queues/redis.ts";
import { fail, ok, skip, warn, type Check, type Finding } from "./check.ts";

const MAX_SKEW_MS = 5000;
const HIGH_MEMORY = 0.75;

/** Redis is there, keeps what it acknowledges, refuses rather than forgets, has room, and agrees on the time. */
export const checkRedis: Check = async ({ config }) => {
  const redis = connectRedis(redisUrlOf(config), "accept");
  try {
    await Promise.race([once(redis), rejectAfter(3000)]);
    return [...(await checkPromises(redis)), await checkMemory(redis), await checkClock(redis)];
  } catch (error) {
    if (config.REDIS_URL)
      return [
        fail(
          "redis",
          `Redis does not answer: ${messageOf(error)}`,
          "start it, or correct REDIS_URL; until then every sender gets 451 and keeps the mail",
        ),
      ];
    return [skip("redis", "REDIS_URL is not set and the private Redis is not running; `bounced serve` starts it")];
  } finally {
    redis.disconnect();
  }
};

const once = (redis: Redis): Promise<void> => new Promise((resolve) => redis.once("ready", () => resolve()));
const rejectAfter = (ms: number): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new Error("no answer within 3 s")), ms).unref());

/** `INFO` as a map. Some hosted services refuse CONFIG; INFO they answer. */
async function infoOf(redis: Redis, section: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await redis.info(section)).split("\r\n").filter((line) => line.includes(":"));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
}

async function settingOf(redis: Redis, name: string): Promise<string | null> {
  try {
    const answer: unknown = await redis.call("CONFIG", "GET", name);
    if (Array.isArray(answer)) return typeof answer[1] === "string" ? answer[1] : null;
    if (answer instanceof Map) return String(answer.get(name) ?? "") || null;
    return typeof answer === "object" && answer !== null ? String(Object.values(answer)[0] ?? "") || null : null;
  } catch {
    return null;
  }
}

async function checkPromises(redis: Redis): Promise<Finding[]> {
  const version = (await infoOf(redis, "server")).get("redis_version") ?? "?";
  const isNew = Number(version.split(".")[0]) >= 7;
  const policy = (await infoOf(redis, "memory")).get("maxmemory_policy") ?? "?";
  const appends = (await infoOf(redis, "persistence")).get("aof_enabled") === "1";
  const fsync = await settingOf(redis, "appendfsync");
  return [
    isNew
      ? ok("redis", `Redis ${version}`)
      : fail("redis", `Redis ${version} is too old`, "use Redis 7 or Valkey 8, or newer"),
    !appends
      ? fail(
          "redis-persistence",
          "Redis does not write an append-only file: a restart loses accepted mail",
          "redis-cli config set appendonly yes, and put it into redis.conf",
        )
      : fsync === "always"
        ? ok("redis-persistence", "every write is on disk before it is acknowledged (appendfsync always)")
        : fsync === null
          ? warn(
              "redis-persistence",
              "this Redis does not tell its appendfsync setting",
              "make sure that it is `always`",
            )
          : fail(
              "redis-persistence",
              `appendfsync is ${fsync}: a power cut loses accepted mail`,
              "redis-cli config set appendfsync always, and put it into redis.conf",
            ),
    policy === "noeviction"
      ? ok("redis-eviction", "a full Redis refuses writes (noeviction)")
      : fail(
          "redis-eviction",
          `maxmemory-policy is ${policy}: a full Redis would silently drop accepted mail`,
          "redis-cli config set maxmemory-policy noeviction",
        ),
  ];
}

async function checkMemory(redis: Redis): Promise<Finding> {
  const memory = await infoOf(redis, "memory");
  const used = Number(memory.get("used_memory") ?? 0);
  const limit = Number(memory.get("maxmemory") ?? 0) || Number(memory.get("total_system_memory") ?? 0);
  if (limit === 0) return skip("redis-memory", "this Redis does not tell its memory limit");
  const text = `Redis uses ${(used / 1024 ** 2).toFixed(0)} of ${(limit / 1024 ** 2).toFixed(0)} MiB`;
  return used > HIGH_MEMORY * limit
    ? fail(
        "redis-memory",
        text,
        "new mail is being put off with 452: see which queue nobody consumes (`bounced serve` warns), or raise maxmemory",
      )
    : ok("redis-memory", text);
}

async function checkClock(redis: Redis): Promise<Finding> {
  const [seconds, microseconds] = await redis.time();
  const skewMs = Math.abs(Date.now() - (Number(seconds) * 1000 + Number(microseconds) / 1000));
  return skewMs > MAX_SKEW_MS
    ? warn(
        "clock",
        `this machine and Redis differ by ${Math.round(skewMs / 1000)} s`,
        "run NTP on both: return paths expire by the clock",
      )
    : ok("clock", "this machine and Redis agree on the time");
}
