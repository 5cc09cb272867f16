/** Who a return path that is bound to nobody counts for: the first recipient that it was believed for, on every run. */
import { createHash } from "node:crypto";
import type { BouncedEvent } from "../core/event.ts";
import { sharedClaimOf, withoutProof } from "../core/trust/shared-path.ts";
import type { Queues } from "./queues.ts";

/** Longer than any such path is valid. */
const REMEMBERED_SECONDS = 400 * 86_400;

/** Digests, so that nothing of an address stays in Redis. */
const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 22);

/** The same events; those of further recipients of such a path without the proof. */
export async function settleSharedPaths(
  { redis, prefix }: Pick<Queues, "redis" | "prefix">,
  events: readonly BouncedEvent[],
  language: string,
): Promise<readonly BouncedEvent[]> {
  if (!events.some((event) => sharedClaimOf(event))) return events;
  const settled: BouncedEvent[] = [];
  // One after the other: of two recipients in one message the first is the one.
  for (const event of events) {
    const claim = sharedClaimOf(event);
    if (!claim) settled.push(event);
    else {
      const key = `${prefix}:shared-path:${digestOf(claim.path)}`;
      const recipient = digestOf(claim.recipient);
      await redis.set(key, recipient, "EX", REMEMBERED_SECONDS, "NX");
      settled.push((await redis.get(key)) === recipient ? event : withoutProof(event, language));
    }
  }
  return settled;
}
