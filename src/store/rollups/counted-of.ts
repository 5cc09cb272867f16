import type { Transaction } from "kysely";
import { dialectOf } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import { COUNTED, type Counted } from "./rollup-columns.ts";

/**
 * What an event is counted by at present, before it is changed. On PostgreSQL it is locked until
 * the change is done, or two changes at a time would both take off the same count.
 */
export async function countedOf(tx: Transaction<Tables>, key: number, id: string): Promise<Counted | undefined> {
  // Trust: all, every event is in the rollups.
  const found = tx
    .selectFrom("events")
    .select([...COUNTED])
    .where("key", "=", key)
    .where("id", "=", id);
  return (dialectOf(tx) === "postgres" ? found.forUpdate() : found).executeTakeFirst();
}
