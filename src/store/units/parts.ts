/** Where rows are: on SQLite in the tables of their units, on PostgreSQL in one table that is cut by itself. */
import { sql, type Expression, type Kysely, type RawBuilder } from "kysely";
import type { KeySpan, OpenSpan } from "../db/key-span.ts";
import { SLOTS } from "../db/slots.ts";
import { dialectOf } from "../db/statements.ts";
import { CUT_TABLES, type CutTable } from "../db/cut-tables.ts";
import type { Tables } from "../db/tables.ts";
import { withTables } from "../db/sqlite/renamed.ts";
import { rowTable } from "./rows.ts";
import { logUnitsOf, REST, rowsOf, type LogUnit } from "./units.ts";

type Db = Kysely<Tables>;

/** Queries over `events` and the others ask the tables of these rows alone. */
export const inRows = <Handle extends Db>(db: Handle, rows: string): Handle =>
  withTables(db, new Map(CUT_TABLES.map((table) => [table, rowTable(table, rows)])));

export interface KeyPart<Handle extends Db> {
  readonly db: Handle;
  readonly keys: readonly number[];
  /** SQLite: not those of a unit. */
  readonly isRest: boolean;
  /** Of a table, where a statement needs it as text. */
  readonly nameOf: (table: CutTable) => string;
}

/** The keys by the tables that have them. */
export async function partsOfKeys<Handle extends Db>(
  db: Handle,
  keys: readonly number[],
): Promise<readonly KeyPart<Handle>[]> {
  if (keys.length === 0) return [];
  if (dialectOf(db) === "postgres") return [{ db, keys, isRest: false, nameOf: (table) => table }];
  const units = await logUnitsOf(db);
  return [...Map.groupBy(keys, (key) => rowsOf(units, key))].map(([rows, some]) => ({
    db: inRows(db, rows),
    keys: some,
    isRest: rows === REST,
    nameOf: (table) => rowTable(table, rows),
  }));
}

/** For one key. */
export async function partOf<Handle extends Db>(db: Handle, key: number): Promise<Handle> {
  const [part] = await partsOfKeys(db, [key]);
  return part?.db ?? db;
}

/** What one query finds in each of them, in no order. */
export async function selectByKeys<Row>(
  db: Db,
  keys: readonly number[],
  select: (db: Db, keys: readonly number[]) => Expression<Row>,
): Promise<readonly Row[]> {
  const parts = await partsOfKeys(db, keys);
  if (parts.length === 0) return [];
  return (await united<Row>(parts.map((part) => select(part.db, part.keys))).execute(db)).rows;
}

const united = <Row>(queries: readonly Expression<Row>[]): RawBuilder<Row> =>
  sql<Row>`${sql.join(
    queries.map((query) => sql`select * from ${query} as part`),
    sql` union all `,
  )}`;

/** Handles for what may have keys of a span. */
export async function partsWithin<Handle extends Db>(db: Handle, span: OpenSpan): Promise<readonly Handle[]> {
  if (dialectOf(db) === "postgres") return [db];
  return rowsWithin(await logUnitsOf(db), span).map((rows) => inRows(db, rows));
}

function rowsWithin(units: readonly LogUnit[], { from, to }: OpenSpan): readonly string[] {
  const some = units.filter((unit) => (from === null || unit.to > from) && (to === null || unit.from < to));
  const isCovered = some.length > 0 && !hasGap(some, { from, to });
  return [...new Set([...(isCovered ? [] : [REST]), ...some.map(({ rows }) => rows)])];
}

/** Between or beside the units, where the rest may have rows. */
function hasGap(units: readonly KeySpan[], { from, to }: OpenSpan): boolean {
  let at = from;
  for (const unit of units) {
    if (at === null || unit.from > at) return true;
    at = unit.to;
  }
  return to === null || at === null || at < to;
}

/** All that one query finds within a span, as a table. */
export async function selectWithin<Row>(
  db: Db,
  span: OpenSpan,
  select: (db: Db) => Expression<Row>,
): Promise<RawBuilder<Row>> {
  return united((await partsWithin(db, span)).map(select));
}

export interface RawPart<Handle extends Db> {
  /** `events` and `raw_messages` are those of the part; no message is in two of them. */
  readonly db: Handle;
  readonly keys: readonly number[];
}

/** Keys of events by the tables that have them, beside those that may have their messages: at midnight two. */
export async function partsWithRaw<Handle extends Db>(
  db: Handle,
  keys: readonly number[],
  reach: { readonly beforeMs: number; readonly afterMs: number },
): Promise<readonly RawPart<Handle>[]> {
  if (keys.length === 0) return [];
  if (dialectOf(db) === "postgres") return [{ db, keys }];
  const units = await logUnitsOf(db);
  const parts = new Map<string, { events: string; raw: string; keys: number[] }>();
  for (const key of keys) {
    const events = rowsOf(units, key);
    const near = [key - reach.beforeMs * SLOTS, key, key + reach.afterMs * SLOTS].map((at) => rowsOf(units, at));
    for (const raw of new Set(near)) {
      const part = parts.get(`${events} ${raw}`) ?? { events, raw, keys: [] };
      part.keys.push(key);
      parts.set(`${events} ${raw}`, part);
    }
  }
  return [...parts.values()].map(({ events, raw, keys: some }) => ({
    db: withTables(
      db,
      new Map([
        ["events", rowTable("events", events)],
        ["raw_messages", rowTable("raw_messages", raw)],
      ]),
    ),
    keys: some,
  }));
}
