/**
 * Retention by whole units. A unit is detached in one short transaction, which also takes its events off the rollups, and
 * dropped then. Whoever reads may hold it up, and everybody else would wait behind it: it gives up soon and comes again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { sql, type Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import type { KeySpan } from "../db/key-span.ts";
import type { Tables } from "../db/tables.ts";
import { SLOTS } from "../db/slots.ts";
import { dialectOf } from "../db/statements.ts";
import { countDay } from "../rollups/rebuild.ts";
import { COUNTED, DAILY_DIMENSIONS, DAY_MS, HOUR_MS, type Counted } from "../rollups/rollup-columns.ts";
import { updateRollups } from "../rollups/update-rollups.ts";
import { isLocked, lockUnits, PARENTS, partitionsOf, tableOf, unitsOf, type Parent } from "../days/units.ts";

const LOCK_MS = 300;
const ATTEMPTS = 5;
const PAUSE_MS = 1000;
/** How far behind its instant a key can lie: so long into a unit there may be events of the day before. */
const SPILL_MS = 60_000;
const DETACHED = "dropped";

export interface Dropped {
  readonly events: number;
  readonly rawMessages: number;
}

/** In ms: what was received before is too old, and so are messages of before `rawBefore`. */
export interface Due {
  readonly expired: number;
  readonly rawBefore: number;
  readonly now: number;
}

/** Units that are too old as a whole. */
export async function dropUnits(
  database: Database,
  { expired: before, rawBefore }: Pick<Due, "expired" | "rawBefore">,
): Promise<Dropped> {
  const { write } = database;
  for (const span of await unitsOf(write, "events"))
    if (span.to <= before * SLOTS && !(await patiently(database, (tx) => detachUnit(tx, span)))) break;
  for (const span of await unitsOf(write, "raw_messages"))
    if (span.to <= rawBefore * SLOTS && !(await patiently(database, (tx) => detachTables(tx, ["raw_messages"], span))))
      break;
  return dropDetached(database);
}

/** False where others used the tables all the time. */
async function patiently({ write }: Database, work: (tx: Transaction<Tables>) => Promise<void>): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write.transaction().execute(work);
      return true;
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (attempt === ATTEMPTS) return false;
      await sleep(PAUSE_MS);
    }
  }
}

async function detachUnit(tx: Transaction<Tables>, span: KeySpan): Promise<void> {
  await lockUnits(tx, LOCK_MS);
  const [first, end] = [span.from / SLOTS, span.to / SLOTS];
  // Most of the counts go while others read and write, those that late writers add under the lock.
  await deleteCounts(tx, first, end);
  await detachTables(tx, PARENTS, span, () => takeOffSpilled(tx, span, tableOf("events", span)));
  await recountDays(tx, span);
}

/** Of days whose unit is out of the log: events are left where their keys lie in the next, or came too late for it. */
export async function recountDays(tx: Transaction<Tables>, span: KeySpan): Promise<void> {
  const [first, end] = [span.from / SLOTS, span.to / SLOTS];
  await deleteCounts(tx, first, end);
  if (await hasEvents(tx, first, end))
    for (let day = first / DAY_MS; day < end / DAY_MS; day++) await countDay(tx, dialectOf(tx), day);
}

async function hasEvents(tx: Transaction<Tables>, first: number, end: number): Promise<boolean> {
  // Trust: all, every event is in the rollups.
  const row = await tx
    .selectFrom("events")
    .select("key")
    .where("key", ">=", first * SLOTS)
    .where("key", "<", (end + SPILL_MS) * SLOTS)
    .where("received_at", "<", end)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function deleteCounts(tx: Transaction<Tables>, first: number, end: number): Promise<void> {
  const [day, endDay] = [first / DAY_MS, end / DAY_MS];
  await tx
    .deleteFrom("rollup_hours")
    .where("hour", ">=", first / HOUR_MS)
    .where("hour", "<", end / HOUR_MS)
    .execute();
  // Each dimension is a run of its own.
  await tx
    .deleteFrom("rollup_days")
    .where("dimension", "in", [...DAILY_DIMENSIONS])
    .where("day", ">=", day)
    .where("day", "<", endDay)
    .execute();
}

/** Events of the day before the unit are counted there. */
export async function takeOffSpilled(tx: Transaction<Tables>, span: KeySpan, table: string): Promise<void> {
  const first = span.from / SLOTS;
  const { rows } = await sql<Counted>`select ${sql.join(COUNTED.map((name) => sql.ref(name)))}
    from ${sql.table(table)}
    where key < ${(first + SPILL_MS) * SLOTS} and received_at < ${first}`.execute(tx);
  await updateRollups(tx, { removed: rows });
}

async function detachTables(
  tx: Transaction<Tables>,
  parents: readonly Parent[],
  span: KeySpan,
  underLock: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await lockUnits(tx, LOCK_MS);
  await sql`lock table ${sql.join(parents.map((parent) => sql`only ${sql.table(parent)}`))} in access exclusive mode`.execute(
    tx,
  );
  // Another process may have been here.
  const there: Parent[] = [];
  for (const parent of parents)
    if ((await unitsOf(tx, parent)).some(({ from, to }) => from === span.from && to === span.to)) there.push(parent);
  if (there.includes("events")) await underLock();
  for (const parent of there) {
    const table = tableOf(parent, span);
    await sql`alter table ${sql.table(parent)} detach partition ${sql.table(table)}`.execute(tx);
    const name = `${DETACHED}_${table}_${Date.now()}`;
    await sql`alter table ${sql.table(table)} rename to ${sql.ref(name)}`.execute(tx);
  }
}

/** The tables of before the units give their space back, once everything in them was deleted. */
export async function clearBefore(database: Database, before: number): Promise<void> {
  const end = (await partitionsOf(database.write, "events")).find(({ from }) => from < 0)?.to ?? 0;
  if (end > before * SLOTS) return;
  for (const parent of PARENTS) {
    const table = sql.table(`${parent}_before`);
    const { rows } = await sql<{
      bytes: number;
    }>`select pg_relation_size(${`${parent}_before`}::regclass) as bytes`.execute(database.write);
    if (rows[0]?.bytes === 0) continue;
    await patiently(database, async (tx) => {
      await lockUnits(tx, LOCK_MS);
      await sql`lock table ${table} in access exclusive mode`.execute(tx);
      const left = await sql`select 1 from ${table} limit 1`.execute(tx);
      if (left.rows.length === 0) await sql`truncate table ${table}`.execute(tx);
    });
  }
}

/** Also what a process that ended in between has left. */
async function dropDetached(database: Database): Promise<Dropped> {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relkind = 'r' and pg_table_is_visible(oid) and relname ~ ${`^${DETACHED}_.*_[0-9]{8}_[0-9]+$`}`.execute(
    database.write,
  );
  let [events, rawMessages] = [0, 0];
  for (const { name } of rows)
    await patiently(database, async (tx) => {
      await lockUnits(tx, LOCK_MS);
      const present = await sql<{ there: boolean }>`select to_regclass(${name}) is not null as there`.execute(tx);
      if (present.rows[0]?.there !== true) return;
      const table = sql.table(name);
      const isOf = (parent: Parent): boolean => /^\D+(?=_\d{8}_)/.exec(name)?.[0] === `${DETACHED}_${parent}`;
      if (isOf("events"))
        await sql`delete from verdicts using ${table} as gone where verdicts.event_id = gone.id`.execute(tx);
      const count = isOf("events") || isOf("raw_messages") ? await rowsIn(tx, name) : 0;
      await sql`drop table ${table}`.execute(tx);
      if (isOf("events")) events += count;
      else rawMessages += count;
    });
  return { events, rawMessages };
}

async function rowsIn(tx: Transaction<Tables>, table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(tx);
  return rows[0]?.count ?? 0;
}
