/** Retention by whole units on SQLite: one is out of sight and of all counts in one transaction, its tables go later. */
import { sql, type Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import { SLOTS } from "../db/slots.ts";
import type { Tables } from "../db/tables.ts";
import { emptyMessages, leaveUnit } from "../units/drop.ts";
import { rowTable } from "../units/rows.ts";
import { logUnitsOf, REST, type LogUnit } from "../units/units.ts";
import { recountDays, takeOffSpilled, type Dropped, type Due } from "./drop-units.ts";

/** Units that are too old as a whole; those whose rows are in the rest lose them one by one. */
export async function dropLogUnits(database: Database, { expired, rawBefore, now }: Due): Promise<Dropped> {
  let [events, rawMessages] = [0, 0];
  const units = (await logUnitsOf(database.write)).filter(({ rows }) => rows !== REST);
  for (const unit of units) {
    if (unit.to <= expired * SLOTS) {
      const dropped = await database.write.transaction().execute((tx) => dropOne(tx, unit, now));
      events += dropped.events;
      rawMessages += dropped.rawMessages;
    } else if (unit.to <= rawBefore * SLOTS) rawMessages += await emptyMessages(database, unit);
  }
  return { events, rawMessages };
}

async function dropOne(tx: Transaction<Tables>, unit: LogUnit, now: number): Promise<Dropped> {
  const events = rowTable("events", unit.rows);
  const dropped = {
    events: await rowsIn(tx, events),
    rawMessages: await rowsIn(tx, rowTable("raw_messages", unit.rows)),
  };
  await takeOffSpilled(tx, unit, events);
  await deleteVerdicts(tx, events);
  await leaveUnit(tx, unit, now);
  await recountDays(tx, unit);
  return dropped;
}

/** Few events have any. */
async function deleteVerdicts(tx: Transaction<Tables>, events: string): Promise<void> {
  const some = await tx.selectFrom("verdicts").select("id").limit(1).executeTakeFirst();
  if (some) await sql`delete from verdicts where event_id in (select id from ${sql.table(events)})`.execute(tx);
}

async function rowsIn(tx: Transaction<Tables>, table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(tx);
  return rows[0]?.count ?? 0;
}
