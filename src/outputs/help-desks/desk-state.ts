/** What waits for a help desk, what was tried last, and trying again what was given up. */
import { helpDeskQueueOf } from "../../queues/names.ts";
import type { Queues } from "../../queues/queues.ts";
import { deskDeliveriesOf, type DeskDelivery } from "./desk-log.ts";
import { hostOfDesk } from "./desks.ts";
import type { HelpDeskSettings, HelpDeskType } from "./settings.ts";

export interface HelpDeskState {
  readonly id: string;
  readonly type: HelpDeskType;
  readonly host: string;
  readonly waiting: number;
  /** Failed once or more or not found at first, waiting for the next try. */
  readonly delayed: number;
  /** Given up. */
  readonly failed: number;
  readonly last: DeskDelivery | null;
}

export async function helpDeskState(queues: Queues, settings: HelpDeskSettings): Promise<HelpDeskState> {
  const { id, type } = settings;
  const counts = await queues.get(helpDeskQueueOf(id)).getJobCounts("waiting", "active", "delayed", "failed");
  const [last = null] = await deskDeliveriesOf(queues, id, 1);
  return {
    id,
    type,
    host: hostOfDesk(settings),
    waiting: (counts["waiting"] ?? 0) + (counts["active"] ?? 0),
    delayed: counts["delayed"] ?? 0,
    failed: counts["failed"] ?? 0,
    last,
  };
}

/** Puts what was given up back on the desk's queue. Resolves with how many. */
export async function replayDesk(queues: Queues, id: string): Promise<number> {
  const queue = queues.get(helpDeskQueueOf(id));
  const count = await queue.getFailedCount();
  // Oldest first, a thousand at a time; a retried job is no longer failed.
  await queue.retryJobs({ state: "failed", count: 1000 });
  return count;
}
