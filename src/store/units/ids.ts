/**
 * Ids of the events in the units of SQLite: a table for eight units, so that a new id is looked for in few of them, and one
 * is dropped as cheaply as a day is. Events of the rest are found by the unique index that it has.
 */
import { createHash } from "node:crypto";
import { sql, type Kysely, type RawBuilder, type SqlBool, type Transaction } from "kysely";
import { spanOf, type KeySpan } from "../db/key-span.ts";
import { SLOTS } from "../db/slots.ts";
import { insertAll } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import { logUnitsOf, suffixOf } from "./units.ts";

/** Always there and empty: what the view of all ids begins with. */
const NONE = "event_ids_none";

export const idTableOf = ({ from }: Pick<KeySpan, "from">): string => `event_ids_${suffixOf(from)}`;

async function generationsOf(db: Kysely<Tables>): Promise<readonly KeySpan[]> {
  const rows = await db.selectFrom("log_ids").selectAll().orderBy("starts").execute();
  return rows.map(({ starts, ends }) => ({ from: starts, to: ends }));
}

export const idTables = async (db: Kysely<Tables>): Promise<readonly string[]> => [
  NONE,
  ...(await generationsOf(db)).map(idTableOf),
];

/** Units of one table. */
const UNITS = 8;

/** `unitDays`: of the units made at present. */
export async function makeIdsFor(tx: Transaction<Tables>, { from }: KeySpan, unitDays: number): Promise<void> {
  const span = spanOf(from, UNITS * unitDays, await generationsOf(tx));
  if (span === null) return;
  await createIds(tx, idTableOf(span));
  await tx.insertInto("log_ids").values({ starts: span.from, ends: span.to }).execute();
}

const createIds = (db: Kysely<Tables>, table: string) =>
  sql`create table ${sql.table(table)} (id blob primary key, key integer not null) without rowid`.execute(db);

/** 16 octets: what an id is already, and else a digest of it. */
export const idOctetsOf = (id: string): Buffer =>
  /^[0-9a-f]{32}$/.test(id) ? Buffer.from(id, "hex") : createHash("sha256").update(id).digest().subarray(0, 16);

export interface PlacedId {
  readonly id: Uint8Array;
  readonly key: number;
}

/** Of events in units; none may be known. */
export async function addIds(tx: Transaction<Tables>, ids: readonly PlacedId[]): Promise<void> {
  const generations = await generationsOf(tx);
  // In their order: neighbours lie on one page.
  const sorted = ids.toSorted((a, b) => Buffer.compare(a.id, b.id));
  const ofKey = (key: number): KeySpan | undefined => generations.findLast(({ from }) => from <= key);
  for (const [generation, some] of Map.groupBy(sorted, ({ key }) => ofKey(key))) {
    if (!generation) throw new Error("an event is in a unit that has no table of ids");
    await insertAll(
      tx,
      idTableOf(generation),
      some.map(({ id, key }) => ({ id, key })),
    );
  }
}

const withIds = (ids: readonly string[]): RawBuilder<SqlBool> => {
  const hex = ids.map((id) => idOctetsOf(id).toString("hex"));
  return sql<SqlBool>`id in (select unhex(value) from json_each(${JSON.stringify(hex)}))`;
};

/** Hexadecimal octets of those that an event in a unit has, or had until shortly ago. */
export async function idsInUnits(tx: Transaction<Tables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{
    hex: string;
  }>`select lower(hex(id)) as hex from event_ids where ${withIds(ids)}`.execute(tx);
  return new Set(rows.map(({ hex }) => hex));
}

export async function removeIds(tx: Transaction<Tables>, ids: readonly string[]): Promise<void> {
  for (const table of await idTables(tx)) await sql`delete from ${sql.table(table)} where ${withIds(ids)}`.execute(tx);
}

/** Generations that end before `before`, in ms, and that no unit in use has ids in. */
export async function oldIds(db: Kysely<Tables>, before: number): Promise<readonly KeySpan[]> {
  const generations = await generationsOf(db);
  const [oldest] = await logUnitsOf(db);
  return generations.filter(
    ({ to }, at) => to <= before * SLOTS && (generations[at + 1]?.from ?? Infinity) <= (oldest?.from ?? Infinity),
  );
}
