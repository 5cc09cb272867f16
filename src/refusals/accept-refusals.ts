/**
 * What a sending system reports into the durable intake: the way of every message, with the promise of every message.
 * Deliveries become no event. They are counted, and so is every attempt that failed: rates need both.
 */
import { concludeAction, refusalDigest, refusalEventId, type ReportedRefusal } from "../core/index.ts";
import type { Intake } from "../intake/accept.ts";
import type { ReceivedMessage } from "../intake/message.ts";
import { countEach, type CountedOnce } from "../tallies/redis-tallies.ts";
import { tallyIdOf, tallyOf } from "../tallies/tally-of.ts";
import { checkRefusals, type AcceptedRefusals } from "./check-refusals.ts";

export interface AcceptOptions {
  /** Before the `+` of signed return paths, which carry the tag that is counted by. */
  readonly pathPrefix: string;
  /** Whoever reports counts by itself (redis-tallies.ts). */
  readonly isCounted?: boolean;
}

/**
 * Resolves when every good one is durable. Rejects with NotAccepted where that is not known of all: hand them in again,
 * those that were stored after all count once.
 */
export async function acceptRefusals(
  intake: Pick<Intake, "accept" | "write">,
  items: readonly unknown[],
  { pathPrefix, isCounted = false }: AcceptOptions,
  now: number = Date.now(),
): Promise<AcceptedRefusals> {
  const { refusals, issues } = checkRefusals(items);
  const good = refusals.filter((refusal) => refusal !== null);
  const events = good.filter((refusal) => !isDelivery(refusal));
  await Promise.all(events.map((refusal) => acceptRefusal(intake, refusal, now)));
  const counted = isCounted ? [] : good.flatMap((refusal) => countedOnceOf(refusal, pathPrefix, now));
  if (counted.length > 0) await intake.write((redis, prefix) => countEach(redis, prefix, counted, now));
  const ids = refusals.map((refusal) => (refusal === null || isDelivery(refusal) ? null : refusalEventId(refusal)));
  return { accepted: good.length, deliveries: good.length - events.length, ids, errors: issues };
}

const isDelivery = (refusal: ReportedRefusal): boolean => concludeAction(refusal) === "delivered";

function countedOnceOf(refusal: ReportedRefusal, pathPrefix: string, now: number): readonly CountedOnce[] {
  const tally = tallyOf(refusal, pathPrefix, now);
  return tally === null ? [] : [{ ...tallyIdOf(refusal), tally }];
}

function acceptRefusal(intake: Pick<Intake, "accept">, refusal: ReportedRefusal, now: number): Promise<string> {
  const at = Date.parse(refusal.at ?? "");
  // The time of receipt is when it happened, also in a log that is read days later; a clock that is ahead of ours is not believed.
  const receivedAt = new Date(at >= 0 && at < now ? at : now).toISOString();
  return intake.accept(messageOf(refusal), {
    reversePath: null,
    forwardPaths: [null],
    remoteAddress: null,
    receivedAt,
  });
}

function messageOf(refusal: ReportedRefusal): ReceivedMessage {
  const octets = Buffer.from(JSON.stringify(refusal));
  return { octets, truncated: false, size: octets.length, sha256: refusalDigest(refusal), isRefusal: true };
}
