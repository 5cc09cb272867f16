/** How much of the time a long work takes from those who write meanwhile. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import type { Tables } from "../db/tables.ts";

/** Whether others write at present. */
export interface Pace {
  readonly isBusy: () => boolean;
}

/** Of the time of a step, before the next: others lose a tenth of theirs. */
const PAUSES = 9;

/** What it waits for others does not count. */
export async function paced<Result>(
  { write }: Pick<Database, "write">,
  { isBusy }: Pace,
  work: (tx: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  let begun = 0;
  const result = await write.transaction().execute((tx) => {
    begun = performance.now();
    return work(tx);
  });
  if (isBusy()) await sleep((performance.now() - begun) * PAUSES);
  return result;
}

export const IN_A_HURRY: Pace = { isBusy: () => false };
