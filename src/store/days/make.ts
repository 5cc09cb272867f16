/** Making the units of the log: ahead of time, and where an event needs one. */
import { sql, type Kysely, type Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import { isWithin, spanOf, type KeySpan } from "../db/key-span.ts";
import type { Tables } from "../db/tables.ts";
import { createLogUnit } from "../texts/units.ts";
import { createRows } from "../units/rows.ts";
import { allUnitsOf } from "../units/units.ts";
import { renewViews } from "../units/views.ts";
import { DAY_KEYS, SLOTS } from "../db/slots.ts";
import { daysOfUnit, isLocked, lockUnits, PARENTS, partitionsOf, tableOf } from "./units.ts";

const DAY_MS = 86_400_000;
/** Days after today that are made before they begin: so long may making them fail. */
const AHEAD = 3;
const LOCK_MS = 1000;
/** After a failure; until then events go to the rest, and whoever makes the unit takes them from there. */
const PAUSE_MS = 60_000;

export interface UnitMaker {
  /** Those that these keys belong in. What cannot be made is tried again later: there is room for every event. */
  readonly makeFor: (keys: Iterable<number>, now: number) => Promise<void>;
  readonly makeAhead: (now: number) => Promise<void>;
}

/** `keptDays`: the longest retention. Only one process makes a unit, the others find it. */
export function unitMakerOf({ write, dialect }: Pick<Database, "write" | "dialect">, keptDays: number): UnitMaker {
  const unitDays = daysOfUnit(keptDays);
  let taken: readonly KeySpan[] | null = null;
  let pausedUntil = 0;
  const [takenBy, makeUnit] =
    dialect === "sqlite" ? ([allUnitsOf, makeTables] as const) : ([partitioned, makePartitions] as const);
  const make = async (keys: Iterable<number>, now: number): Promise<void> => {
    const window = { from: (now - keptDays * DAY_MS) * SLOTS, to: (Math.floor(now / DAY_MS) + 1 + AHEAD) * DAY_KEYS };
    const days = new Set<number>();
    for (const key of keys) if (isWithin(key, window)) days.add(Math.floor(key / DAY_KEYS) * DAY_KEYS);
    const isMissing = (day: number): boolean => !taken?.some((span) => isWithin(day, span));
    if (![...days].some(isMissing)) return;
    taken = await takenBy(write);
    for (const day of days)
      if (isMissing(day)) taken = await write.transaction().execute((tx) => makeUnit(tx, day, unitDays));
  };
  return {
    async makeFor(keys, now) {
      if (performance.now() < pausedUntil) return;
      // Why it failed is said by `makeAhead`, which needs the same.
      await make(keys, now).catch(() => (pausedUntil = performance.now() + PAUSE_MS));
    },
    async makeAhead(now) {
      const today = Math.floor(now / DAY_MS);
      const days = Array.from({ length: AHEAD + 1 }, (_, index) => (today + index) * DAY_KEYS);
      await make(days, now).catch((error: unknown) => {
        if (!isLocked(error)) throw error;
      });
    },
  };
}

const partitioned = (db: Kysely<Tables>): Promise<readonly KeySpan[]> => partitionsOf(db, "events");

/** Returns what there is then. */
async function makeTables(tx: Transaction<Tables>, key: number, unitDays: number): Promise<readonly KeySpan[]> {
  const taken = await allUnitsOf(tx);
  const span = spanOf(key, unitDays, taken);
  if (span === null) return taken;
  await createLogUnit(tx, span, await createRows(tx, span, unitDays));
  await renewViews(tx);
  return [...taken, span];
}

/** Returns what there is then. The unit has its indexes before anybody is kept from anything. */
async function makePartitions(tx: Transaction<Tables>, key: number, unitDays: number): Promise<readonly KeySpan[]> {
  await lockUnits(tx, LOCK_MS);
  const taken = await partitionsOf(tx, "events");
  const span = spanOf(key, unitDays, taken);
  if (span === null) return taken;
  for (const parent of PARENTS)
    await sql`create table ${sql.table(tableOf(parent, span))} (like ${sql.table(parent)} including all)`.execute(tx);
  const rests = sql.join(PARENTS.map((parent) => sql.table(`${parent}_rest`)));
  await sql`lock table ${rests} in access exclusive mode`.execute(tx);
  for (const parent of PARENTS) {
    const [unit, rest] = [sql.table(tableOf(parent, span)), sql.table(`${parent}_rest`)];
    const [from, to] = [sql.lit(span.from), sql.lit(span.to)];
    await sql`with moved as (delete from ${rest} where key >= ${from} and key < ${to} returning *)
      insert into ${unit} select * from moved`.execute(tx);
    await sql`alter table ${sql.table(parent)} attach partition ${unit} for values from (${from}) to (${to})`.execute(
      tx,
    );
  }
  return [...taken, span];
}
