/**
 * The quarantine: messages on the intake queue that failed for good, because they killed their worker again and again
 * or because their events could not be written. Nothing is lost there; each can be put back.
 */
import type { Queues } from "../queues.ts";

export interface QuarantinedMessage {
  /** Of its job: several messages have the same where a job with many could not even be taken apart. */
  readonly id: string;
  readonly reason: string;
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly receivedAt: string | null;
  readonly failedAt: string | null;
  readonly forwardPath: string | null;
  readonly size: number;
}

/** Oldest first. */
export async function listQuarantine(queues: Queues, limit = 1000): Promise<readonly QuarantinedMessage[]> {
  const jobs = await queues.get("intake").getFailed(0, limit - 1);
  return jobs
    .flatMap(({ id = "", failedReason, attemptsMade, finishedOn, data }) =>
      data.messages.map(({ receivedAt, forwardPaths, size }) => ({
        id,
        reason: failedReason ?? "",
        attempts: attemptsMade,
        receivedAt,
        failedAt: finishedOn === undefined ? null : new Date(finishedOn).toISOString(),
        forwardPath: forwardPaths[0] ?? null,
        size,
      })),
    )
    .toReversed();
}

/** Puts messages back on the intake queue; without ids, all. Resolves with the ids of those that went. */
export async function redriveQuarantine(queues: Queues, ids?: readonly string[]): Promise<readonly string[]> {
  const intake = queues.get("intake");
  const wanted = new Set(ids ?? (await listQuarantine(queues, 100_000)).map(({ id }) => id));
  const redriven: string[] = [];
  for (const id of wanted) {
    const job = await intake.getJob(id);
    if (!job || (await job.getState()) !== "failed") continue;
    await job.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true });
    redriven.push(id);
  }
  return redriven;
}
