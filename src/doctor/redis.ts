import { canInstallDebianPackages } from "../machine/apt.ts";
import { messageOf } from "../machine/error-message.ts";
import type { DurabilitySettings } from "../intake/durability-settings.ts";
import { checkDurability } from "../intake/durability.ts";
import { provideRedisBinary } from "../redis/binary.ts";
import { connectRedis, type RedisClient } from "../redis/client.ts";
import { redisUrlOf } from "../redis/place.ts";
import { fail, ok, skip, warn, type Check, type Finding } from "./check.ts";

const MAX_SKEW_MS = 5000;
const HIGH_MEMORY = 0.75;

/** Redis is there, keeps what it acknowledges, refuses rather than forgets, has room, and agrees on the time. */
export const checkRedis: Check = async ({ config }) => {
  const redis = connectRedis(redisUrlOf(config), "accept");
  try {
    await Promise.race([once(redis), rejectAfter(3000)]);
    return [
      ...(await checkPromises(redis)),
      ...checkPermission(config.file.durability),
      await checkMemory(redis),
      await checkClock(redis),
    ];
  } catch (error) {
    if (config.REDIS_URL)
      return [
        fail(
          "redis",
          `Redis does not answer: ${messageOf(error)}`,
          "start it, or correct REDIS_URL; until then every sender gets 451 and keeps the mail",
        ),
      ];
    return [privateRedis(config.BOUNCED_PROVISION)];
  } finally {
    redis.disconnect();
  }
};

/** `bounced serve` would start it, if there is one on this machine. */
function privateRedis(mayInstall: boolean): Finding {
  try {
    const binary = provideRedisBinary({ mayInstall: false, announce: () => undefined });
    return skip("redis", `REDIS_URL is not set and the private Redis is not running; bounced serve starts ${binary}`);
  } catch (error) {
    const [problem = "", ...commands] = messageOf(error).split("\n");
    if (mayInstall && (canInstallDebianPackages() || process.platform === "darwin"))
      return skip("redis", "there is no Redis on this machine yet; bounced serve installs one");
    return fail("redis", problem, commands.join("\n").trim());
  }
}

const once = (redis: RedisClient): Promise<void> => new Promise((resolve) => redis.once("ready", () => resolve()));
const rejectAfter = (ms: number): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new Error("no answer within 3 s")), ms).unref());

/** `INFO` as a map. Some hosted services refuse CONFIG; INFO they answer. */
async function infoOf(redis: RedisClient, section: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await redis.info(section)).split("\r\n").filter((line) => line.includes(":"));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
}

async function checkPromises(redis: RedisClient): Promise<Finding[]> {
  const version = (await infoOf(redis, "server")).get("redis_version") ?? "?";
  const isNew = Number(version.split(".")[0]) >= 7;
  const policy = (await infoOf(redis, "memory")).get("maxmemory_policy") ?? "?";
  return [
    isNew
      ? ok("redis", `Redis ${version}`)
      : fail("redis", `Redis ${version} is too old`, "use Redis 7 or Valkey 8, or newer"),
    await checkPersistence(redis),
    policy === "noeviction"
      ? ok("redis-eviction", "a full Redis refuses writes (noeviction)")
      : fail(
          "redis-eviction",
          `maxmemory-policy is ${policy}: a full Redis would silently drop accepted mail`,
          "redis-cli config set maxmemory-policy noeviction, and put it into redis.conf",
        ),
  ];
}

/** The same question that the listener asks before its first 250. */
async function checkPersistence(redis: RedisClient): Promise<Finding> {
  const id = "redis-persistence";
  const persistence = await infoOf(redis, "persistence");
  if (persistence.get("aof_enabled") !== "1")
    return fail(
      id,
      "Redis does not write an append-only file: a restart loses accepted mail",
      "redis-cli config set appendonly yes, and put it into redis.conf",
    );
  if (persistence.get("aof_last_write_status") === "err" || persistence.get("rdb_last_bgsave_status") === "err")
    return fail(
      id,
      "Redis could not write to its disk the last time: it refuses writes, and senders get 451",
      "free disk space for Redis and see its log; it recovers automatically",
    );
  const { fsync, problems } = await checkDurability(redis);
  if (fsync === "wait")
    return ok(id, "Redis writes to disk every second, and bounced waits for that before 250 (WAITAOF)");
  if (fsync === "none")
    return fail(
      id,
      problems.find((problem) => /CONFIG|appendfsync/.test(problem)) ?? "Redis does not write to disk in time",
      "redis-cli config set appendfsync always, and put it into redis.conf",
    );
  return ok(id, "every write is on disk before it is acknowledged (appendfsync always)");
}

/** An operator's leave to lose mail. */
const checkPermission = ({ accept }: DurabilitySettings): readonly Finding[] =>
  accept === "durable"
    ? []
    : [
        warn(
          "redis-unsafe",
          "durability.accept is `unsafe`: mail gets 250 also where Redis would lose it",
          "make Redis durable, and remove the setting from bounced.yaml",
        ),
      ];

async function checkMemory(redis: RedisClient): Promise<Finding> {
  const memory = await infoOf(redis, "memory");
  const used = Number(memory.get("used_memory") ?? 0);
  const limit = Number(memory.get("maxmemory") ?? 0) || Number(memory.get("total_system_memory") ?? 0);
  if (limit === 0) return skip("redis-memory", "this Redis does not report its memory limit");
  const text = `Redis uses ${(used / 1024 ** 2).toFixed(0)} of ${(limit / 1024 ** 2).toFixed(0)} MiB`;
  return used > HIGH_MEMORY * limit
    ? fail(
        "redis-memory",
        text,
        "new mail is deferred with 452: find the queue that grows (`bounced serve` warns, the queue page shows it), consume it, or raise maxmemory",
      )
    : ok("redis-memory", text);
}

async function checkClock(redis: RedisClient): Promise<Finding> {
  const [seconds, microseconds] = await redis.time();
  const skewMs = Math.abs(Date.now() - (Number(seconds) * 1000 + Number(microseconds) / 1000));
  return skewMs > MAX_SKEW_MS
    ? warn(
        "redis-clock",
        `this machine and Redis differ by ${Math.round(skewMs / 1000)} s`,
        "run NTP on both: return paths expire by the clock",
      )
    : ok("redis-clock", "this machine and Redis agree on the time");
}
