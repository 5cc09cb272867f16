/**
 * The log on PostgreSQL is cut by time of receipt: each of its tables has a partition for every unit of whole days. What is
 * too old is dropped with its unit, and a search reads the indexes of the days that it asks for.
 *
 * Two partitions stand beside the units. `…_before` has what a log of before the units had (0010-by-day.ts), and is empty
 * in any other. `…_rest` takes what has no unit: a date of long ago or of the future, or a day that could not be made yet.
 */
import { sql, type Kysely } from "kysely";
import type { KeySpan } from "../db/key-span.ts";
import { SLOTS } from "../db/slots.ts";
import { CUT_TABLES, type CutTable } from "../db/cut-tables.ts";
import type { Tables } from "../db/tables.ts";

export const PARENTS = CUT_TABLES;
export type Parent = CutTable;

/** An arbitrary number, ours alone: the lock of PostgreSQL under which units are made and dropped. */
const LOCK = 8_025_110_323;

/** Ends with the transaction. Nobody waits for a table longer than `lockMs`: those who come after it would wait too. */
export async function lockUnits(tx: Kysely<Tables>, lockMs: number): Promise<void> {
  await sql`select set_config('lock_timeout', ${String(lockMs)}, true)`.execute(tx);
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx);
}

/** A table was in use for too long, or two waited for each other: worth another try. */
export const isLocked = (error: unknown): boolean =>
  ["55P03", "40P01"].includes((error as { readonly code?: string } | null)?.code ?? "");

/**
 * A unit was made right between the choice of a partition and the writing of a row: the row is no longer one of the rest.
 * Nothing was written, and the same work finds the unit now.
 */
export async function orAgain<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if ((error as { readonly code?: string } | null)?.code !== "23514") throw error;
    return work();
  }
}

export interface Unit extends KeySpan {
  readonly table: string;
}

/** Partitions of a table, oldest first. What is before the units counts as one; the rest has no span. */
export async function partitionsOf(db: Kysely<Tables>, parent: Parent): Promise<readonly Unit[]> {
  const { rows } = await sql<{ name: string; bound: string }>`
    select child.relname as name, pg_get_expr(child.relpartbound, child.oid) as bound
    from pg_inherits join pg_class as child on child.oid = inhrelid
    where inhparent = ${parent}::regclass`.execute(db);
  return rows
    .flatMap(({ name, bound }) => {
      const [, from, to] = /^FOR VALUES FROM \((MINVALUE|'\d+')\) TO \('(\d+)'\)$/.exec(bound) ?? [];
      if (from === undefined || to === undefined) return [];
      return [{ table: name, from: from === "MINVALUE" ? -1 : Number(from.slice(1, -1)), to: Number(to) }];
    })
    .sort((a, b) => a.from - b.from);
}

export async function unitsOf(db: Kysely<Tables>, parent: Parent): Promise<readonly Unit[]> {
  return (await partitionsOf(db, parent)).filter(({ from }) => from >= 0);
}

/** A query without a date range opens each partition and its indexes: so many of them fit into PostgreSQL's table of locks. */
const MOST_UNITS = 56;

/** Days of a unit where the log is kept for so many. */
export const daysOfUnit = (keptDays: number): number => Math.max(1, Math.ceil(keptDays / MOST_UNITS));

/** `events_20260301`: its first day. */
export const tableOf = (parent: Parent, { from }: KeySpan): string =>
  `${parent}_${new Date(from / SLOTS).toISOString().slice(0, 10).replaceAll("-", "")}`;
