/** Whether deliveries are reported, or failures alone: counts of those are no sends, however many there are. */
import { sql } from "kysely";
import type { Database } from "../db/database.ts";

/** Whole hours since 1970, both included. */
export async function areDeliveriesKnown(
  db: Database["read"],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<boolean> {
  const { rows } = await sql`select 1 from tallies where dimension = '' and hour >= ${from} and hour <= ${to}
    and delivered > 0 limit 1`.execute(db);
  return rows.length > 0;
}
