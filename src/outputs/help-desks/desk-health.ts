/** Help desks that need somebody: the last try failed, or nobody tries. One given-up note is a matter of its conversation. */
import { helpDeskQueueOf } from "../../queues/names.ts";
import type { Queues } from "../../queues/queues.ts";
import { oldestWaitingAt } from "../../queues/upkeep/overview.ts";
import { deskDeliveriesOf } from "./desk-log.ts";
import type { HelpDeskSettings } from "./settings.ts";

const LATE_MS = 10 * 60_000;

/** A sentence for each that has trouble. */
export async function helpDeskTroubles(
  queues: Queues,
  desks: readonly Pick<HelpDeskSettings, "id">[],
): Promise<readonly string[]> {
  const troubles = await Promise.all(
    desks.map(async ({ id }) => {
      const [[last], oldestAt] = await Promise.all([
        deskDeliveriesOf(queues, id, 1),
        oldestWaitingAt(queues, helpDeskQueueOf(id)),
      ]);
      if (last?.outcome === "failed") return `${id}: ${last.error}`;
      const waitsMs = oldestAt === null ? 0 : Date.now() - oldestAt;
      return waitsMs > LATE_MS ? `${id}: the oldest event waits for ${Math.round(waitsMs / 60_000)} min` : null;
    }),
  );
  return troubles.filter((one) => one !== null);
}
