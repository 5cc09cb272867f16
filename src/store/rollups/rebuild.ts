/** The rollups counted anew from the events, a day at a time, while others write. */
import { sql, type Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import { readFact, writeFact } from "../db/facts.ts";
import { SLOTS } from "../db/slots.ts";
import type { DialectName, EventsTable, Tables } from "../db/tables.ts";
import { matching, partsToRead } from "../log/where.ts";
import { BESIDE_DAILY, COUNTED, DAILY_DIMENSIONS, dailyValue, DAY_MS, HOUR_MS, HOURLY } from "./rollup-columns.ts";

const FACT = "rollups";
const COMPLETE = "complete";

/** Told of each day that was counted: `2026-03-01`. */
export type OnDay = (day: string) => void;

/** A log of before the rollups is counted event by event until it is complete. */
const complete = new WeakSet<Database>();

export async function areRollupsComplete(database: Database): Promise<boolean> {
  if (complete.has(database)) return true;
  if ((await readFact(database.quick, FACT)) !== COMPLETE) return false;
  complete.add(database);
  return true;
}

export async function completeRollups(database: Database, onDay?: OnDay): Promise<number> {
  return (await areRollupsComplete(database)) ? 0 : rebuildRollups(database, onDay);
}

export async function rebuildRollups({ write, dialect }: Database, onDay: OnDay = () => {}): Promise<number> {
  let days = 0;
  // Days from here on are not counted yet.
  for (let after = -1; ; days++) {
    const day = await write.transaction().execute((tx) => rebuildNext(tx, dialect, after));
    if (day === null) return days;
    onDay(new Date(day * DAY_MS).toISOString().slice(0, 10));
    after = day;
  }
}

/** Counts the first day after `after` that has events; null where there is none, and all is complete. */
async function rebuildNext(tx: Transaction<Tables>, dialect: DialectName, after: number): Promise<number | null> {
  // Writers count last, right before they commit: they wait here, and have their events in the log or not counted yet.
  if (dialect === "postgres") await sql`lock table rollup_hours, rollup_days in share row exclusive mode`.execute(tx);
  const start = (after + 1) * DAY_MS;
  // Trust: all, every event is in the rollups.
  const first = await tx
    .selectFrom("events")
    .select("received_at")
    .where("key", ">=", start * SLOTS)
    .where("received_at", ">=", start)
    .orderBy("key")
    .limit(1)
    .executeTakeFirst();
  const day = first ? Math.floor(first.received_at / DAY_MS) : null;
  let hours = tx.deleteFrom("rollup_hours").where("hour", ">=", start / HOUR_MS);
  let rest = tx.deleteFrom("rollup_days").where("day", ">=", after + 1);
  if (day !== null) {
    hours = hours.where("hour", "<", ((day + 1) * DAY_MS) / HOUR_MS);
    rest = rest.where("day", "<=", day);
  }
  await hours.execute();
  await rest.execute();
  if (day === null) {
    await writeFact(tx, FACT, COMPLETE, Date.now());
    return null;
  }
  await countDay(tx, dialect, day);
  return day;
}

/** Nothing of the day may be counted yet. */
export async function countDay(tx: Transaction<Tables>, dialect: DialectName, day: number): Promise<void> {
  const range = { from: new Date(day * DAY_MS).toISOString(), to: new Date((day + 1) * DAY_MS).toISOString() };
  const parts = (await partsToRead(tx, dialect, range))?.spans ?? [undefined];
  const found = parts.map((part) => {
    // Trust: all, every event is in the rollups.
    const { query } = matching(tx, dialect, range, part);
    return sql`select * from ${query.select(COUNTED.map((name) => `events.${name}` as const))} as part`;
  });
  const events = () => tx.selectFrom(sql<EventsTable>`(${sql.join(found, sql` union all `)})`.as("events"));
  const count = sql<number>`count(*)`.as("count");
  const hour = sql<number>`${sql.ref("events.received_at")} / ${sql.lit(HOUR_MS)}`;
  await tx
    .insertInto("rollup_hours")
    .columns(["hour", ...HOURLY, "count"])
    .expression(
      events()
        .select([hour.as("hour"), ...HOURLY.map((name) => `events.${name}` as const), count])
        .groupBy([hour, ...HOURLY.map((name) => `events.${name}` as const)]),
    )
    .execute();
  const beside = BESIDE_DAILY.map((name) => `events.${name}` as const);
  for (const dimension of DAILY_DIMENSIONS) {
    const value = dailyValue(dimension);
    await tx
      .insertInto("rollup_days")
      .columns(["dimension", "day", "value", ...BESIDE_DAILY, "count"])
      .expression(
        events()
          .select([sql.lit(dimension).as("dimension"), sql.lit(day).as("day"), value.as("value"), ...beside, count])
          .groupBy([value, ...beside]),
      )
      .execute();
  }
}

/** Rows of what was deleted wholly. */
export async function dropEmptyCounts({ write }: Pick<Database, "write">): Promise<void> {
  await write.deleteFrom("rollup_hours").where("count", "=", 0).execute();
  await write.deleteFrom("rollup_days").where("count", "=", 0).execute();
}
