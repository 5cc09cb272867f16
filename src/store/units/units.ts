/**
 * The log on SQLite, cut by time of receipt as PostgreSQL's is (days/units.ts): each unit of whole days has tables of its
 * own for its rows (rows.ts) and three text indexes (texts/units.ts). It is dropped with all of them once everything in it
 * is too old; no row of it is deleted.
 *
 * The rest, tables `…_rest`, takes what has no unit: a date of long ago or of the future, and the log of a version without
 * units. A unit whose days had many such rows before it was made leaves them there, has no tables of its own for rows, and
 * loses them row by row.
 */
import type { Kysely } from "kysely";
import { isWithin, type KeySpan } from "../db/key-span.ts";
import { SLOTS } from "../db/slots.ts";
import type { Tables } from "../db/tables.ts";

export const REST = "rest";

export interface LogUnit extends KeySpan {
  /** What was written while the unit was there: all from this key on, and whatever came late. The other is in the rest. */
  readonly since: number;
  /** Up to this key, not included, its events are in its text indexes; from there on they wait. */
  readonly indexed: number;
  /** Of its text indexes: its first day. */
  readonly suffix: string;
  /** Of the tables that have its rows: the same, or the rest. */
  readonly rows: string;
}

/** Those in use, oldest first. */
export const logUnitsOf = async (db: Kysely<Tables>): Promise<readonly LogUnit[]> =>
  (await allUnitsOf(db)).filter(({ dropped }) => dropped === 0);

/** A day whose unit was dropped is taken as long as its tables are there. */
export async function allUnitsOf(db: Kysely<Tables>): Promise<readonly (LogUnit & { readonly dropped: number })[]> {
  const rows = await db.selectFrom("log_units").selectAll().orderBy("starts").execute();
  return rows.map(({ starts, ends, since, indexed, dropped, has_rows }) => ({
    from: starts,
    to: ends,
    since,
    indexed,
    dropped,
    suffix: suffixOf(starts),
    rows: has_rows === 1 ? suffixOf(starts) : REST,
  }));
}

export const unitOf = (units: readonly LogUnit[], key: number): LogUnit | undefined =>
  units.find((unit) => isWithin(key, unit));

/** Of the tables that have the row of this key. */
export const rowsOf = (units: readonly LogUnit[], key: number): string => unitOf(units, key)?.rows ?? REST;

export const suffixOf = (from: number): string => new Date(from / SLOTS).toISOString().slice(0, 10).replaceAll("-", "");
