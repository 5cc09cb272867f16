import type { Transaction } from "kysely";
import { dialectOf } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import { COUNTED, type Counted } from "./rollup-columns.ts";

/**
 * What an event is counted by at present, before it is changed: by its key, or its id. On PostgreSQL it is locked until
 * the change is done, or two changes at a time would both take off the same count.
 */
export async function countedOf(tx: Transaction<Tables>, event: number | string): Promise<Counted | undefined> {
  // Trust: all, every event is in the rollups.
  const found = tx
    .selectFrom("events")
    .select([...COUNTED])
    .where(typeof event === "number" ? "key" : "id", "=", event);
  return (dialectOf(tx) === "postgres" ? found.forUpdate() : found).executeTakeFirst();
}
