/** What Redis added up of deliveries, failures and delays -> the log's database. Part of role `record`. */
import type { Confirmed } from "../src/intake/confirm.ts";
import type { Queues } from "../src/queues/queues.ts";
import type { Store } from "../src/store/store.ts";
import { closeTallies, dropTallies } from "../src/tallies/redis-tallies.ts";
import { readTally, type TallyCounts } from "../src/tallies/tally.ts";
import { sends } from "../src/telemetry/send-metrics.ts";

/** A batch. False where there was none. Safe to run twice, and beside itself. */
export async function recordTallies(
  store: Pick<Store, "countTallies">,
  { redis, prefix }: Pick<Queues, "redis" | "prefix">,
  confirmed: Confirmed = (write) => write(),
): Promise<boolean> {
  // A batch that Redis could lose again would be counted here, and once more with the next one.
  const batch = await confirmed(() => closeTallies(redis, prefix));
  if (!batch) return false;
  if (await store.countTallies(batch)) countSends(batch.counts);
  await dropTallies(redis, prefix, batch.id);
  return true;
}

function countSends(counts: TallyCounts): void {
  for (const [text, count] of counts) {
    const tally = readTally(text);
    if (tally) sends.inc({ provider: tally.provider || "none", outcome: tally.outcome }, count);
  }
}
