/** Reported refusals into the durable intake: the way of every message, with the promise of every message. */
import { refusalDigest, refusalEventId, type ReportedRefusal } from "../core/index.ts";
import type { Intake } from "../intake/accept.ts";
import type { ReceivedMessage } from "../intake/message.ts";
import { checkRefusals, type AcceptedRefusals } from "./check-refusals.ts";

/**
 * Resolves when every good one is durable. Rejects with NotAccepted where that is not known of all: hand them in again,
 * those that were stored after all count once.
 */
export async function acceptRefusals(
  intake: Pick<Intake, "accept">,
  items: readonly unknown[],
  now: number = Date.now(),
): Promise<AcceptedRefusals> {
  const { refusals, issues } = checkRefusals(items);
  const good = refusals.filter((refusal) => refusal !== null);
  await Promise.all(good.map((refusal) => acceptRefusal(intake, refusal, now)));
  const ids = refusals.map((refusal) => refusal && refusalEventId(refusal));
  return { accepted: good.length, ids, errors: issues };
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
