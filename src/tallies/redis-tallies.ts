/**
 * Tallies on their way to the log's database. Redis adds them up, each counted once: a script decides and counts in one
 * step, so whoever is not sure that it was counted asks again.
 *
 * `tally`: what is being added up. `tally-closed`: a batch with an id that the role `record` is writing to the database,
 * which remembers the id. `tally-source:<source>`: number of its last batch. `tally-seen:<day>:<bucket>`: what was
 * counted one by one, as 64-bit numbers.
 */
import { randomUUID } from "node:crypto";
import type { RedisClient } from "../redis/client.ts";
import type { TallyCounts } from "./tally.ts";

/** Tallies that Redis keeps apart while the database is down; beyond them provider and hour alone are. */
const MOST_APART = 50_000;
const SOURCE_SECONDS = 400 * 86_400;
const DAY_MS = 86_400_000;
/** What is reported again within this many days, at least, is counted once. */
export const REMEMBERED_DAYS = 3;
const SEEN_SECONDS = (REMEMBERED_DAYS + 1) * 86_400;

const ADD = `
local function add(field, by)
  if size >= most and redis.call('HEXISTS', KEYS[1], field) == 0 then
    field = string.gsub(field, '^(%d+\\n[^\\n]*)\\n.*\\n([^\\n]*)$', '%1\\n*\\n*\\n*\\n*\\n%2')
  end
  if redis.call('HINCRBY', KEYS[1], field, by) == tonumber(by) then size = size + 1 end
end`;

const COUNT_BATCH = `
if tonumber(ARGV[1]) <= tonumber(redis.call('GET', KEYS[2]) or '0') then return 0 end
local size, most = redis.call('HLEN', KEYS[1]), tonumber(ARGV[2])
${ADD}
for at = 4, #ARGV, 2 do add(ARGV[at], ARGV[at + 1]) end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[3])
return 1`;

const COUNT_EACH = `
local today, days, seconds = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[4]
local size, most, counted = redis.call('HLEN', KEYS[1]), tonumber(ARGV[3]), 0
${ADD}
for at = 5, #ARGV, 3 do
  local bucket, id, isKnown = ARGV[at], ARGV[at + 1], false
  for day = today, today - days, -1 do
    if redis.call('SISMEMBER', KEYS[2] .. day .. ':' .. bucket, id) == 1 then isKnown = true break end
  end
  if not isKnown then
    local key = KEYS[2] .. today .. ':' .. bucket
    redis.call('SADD', key, id)
    redis.call('EXPIRE', key, seconds)
    add(ARGV[at + 2], 1)
    counted = counted + 1
  end
end
return counted`;

const CLOSE = `
if redis.call('EXISTS', KEYS[1]) == 0 then
  if redis.call('EXISTS', KEYS[2]) == 0 then return {} end
  redis.call('RENAME', KEYS[2], KEYS[1])
  redis.call('HSET', KEYS[1], '#', ARGV[1])
end
return redis.call('HGETALL', KEYS[1])`;

const DROP = `
if redis.call('HGET', KEYS[1], '#') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

export interface NumberedTallies {
  /** Whoever counts, by a name that no other one has. */
  readonly source: string;
  /** Greater than that of the batch before. */
  readonly number: number;
  readonly counts: TallyCounts;
}

/** False where this batch was counted before. Safe to repeat. */
export async function countBatch(
  redis: RedisClient,
  prefix: string,
  { source, number, counts }: NumberedTallies,
): Promise<boolean> {
  const fields = [...counts].flat();
  const keys = [`${prefix}:tally`, `${prefix}:tally-source:${source}`];
  return (await redis.eval(COUNT_BATCH, 2, ...keys, number, MOST_APART, SOURCE_SECONDS, ...fields)) === 1;
}

export interface CountedOnce {
  readonly id: string;
  readonly bucket: number;
  readonly tally: string;
}

/** Those whose id is not among those of the last days. Resolves with how many these are. Safe to repeat. */
export async function countEach(
  redis: RedisClient,
  prefix: string,
  items: readonly CountedOnce[],
  now: number,
): Promise<number> {
  if (items.length === 0) return 0;
  const fields = items.flatMap(({ bucket, id, tally }) => [bucket, id, tally]);
  const keys = [`${prefix}:tally`, `${prefix}:tally-seen:`];
  const today = Math.floor(now / DAY_MS);
  const settings = [today, REMEMBERED_DAYS, MOST_APART, SEEN_SECONDS];
  return Number(await redis.eval(COUNT_EACH, 2, ...keys, ...settings, ...fields));
}

export interface ClosedTallies {
  readonly id: string;
  readonly counts: TallyCounts;
}

/** The batch that is to be written; the same one until it is dropped. Null where nothing was counted. */
export async function closeTallies(redis: RedisClient, prefix: string): Promise<ClosedTallies | null> {
  const keys = [`${prefix}:tally-closed`, `${prefix}:tally`];
  const found = (await redis.eval(CLOSE, 2, ...keys, randomUUID())) as readonly string[];
  let id: string | null = null;
  const counts = new Map<string, number>();
  for (let at = 0; at < found.length; at += 2) {
    const [field = "", value = ""] = found.slice(at, at + 2);
    if (field === "#") id = value;
    else counts.set(field, Number(value));
  }
  return id === null ? null : { id, counts };
}

/** It is in the database. Safe to repeat. */
export const dropTallies = async (redis: RedisClient, prefix: string, id: string): Promise<void> =>
  void (await redis.eval(DROP, 1, `${prefix}:tally-closed`, id));
