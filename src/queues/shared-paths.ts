/**
 * Whom a return path that is bound to nobody, or the signature of mail to several, counts for: the first recipients that
 * it was believed for, on every run.
 */
import type { BouncedEvent } from "../event/event.ts";
import { type SharedClaim, sharedClaimOf, withoutProof } from "../core/index.ts";
import type { Queues } from "./queues.ts";
import { shortDigest } from "./short-digest.ts";

/** Longer than any such path or signature is valid. */
const REMEMBERED_SECONDS = 400 * 86_400;

/**
 * One step in Redis, so that workers who ask at a time never let in one more. A key has as many members as it counts
 * for, and no more are ever written.
 */
const COUNT_IN = `
if redis.call("sismember", KEYS[1], ARGV[1]) == 1 then return 1 end
if redis.call("scard", KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call("sadd", KEYS[1], ARGV[1])
redis.call("expire", KEYS[1], ARGV[3])
return 1`;

/** The same events; those of further recipients of such a path or signature without the proof. */
export async function settleSharedPaths(
  queues: Pick<Queues, "redis" | "prefix">,
  events: readonly BouncedEvent[],
  language: string,
): Promise<readonly BouncedEvent[]> {
  if (!events.some((event) => sharedClaimOf(event))) return events;
  const settled: BouncedEvent[] = [];
  // One after the other: of several recipients in one message the first ones count.
  for (const event of events) {
    const claim = sharedClaimOf(event);
    settled.push(!claim || (await isCounted(queues, claim)) ? event : withoutProof(event, language));
  }
  return settled;
}

/** A count that cannot be had costs the grade and nothing else. */
async function isCounted(
  { redis, prefix }: Pick<Queues, "redis" | "prefix">,
  { path, recipient, limit }: SharedClaim,
): Promise<boolean> {
  const key = `${prefix}:shared-recipients:${shortDigest(path)}`;
  const answer = await redis.eval(COUNT_IN, 1, key, shortDigest(recipient), limit, REMEMBERED_SECONDS).catch(() => 0);
  return answer === 1;
}
