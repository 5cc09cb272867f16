/** The tables of a unit of SQLite that have its rows: made like those of the rest. */
import { sql, type Kysely, type Transaction } from "kysely";
import type { KeySpan } from "../db/key-span.ts";
import { CUT_TABLES, type CutTable } from "../db/cut-tables.ts";
import type { Tables } from "../db/tables.ts";
import { addIds, makeIdsFor, idOctetsOf } from "./ids.ts";
import { REST, suffixOf } from "./units.ts";

export const rowTable = (table: CutTable, suffix: string): string => `${table}_${suffix}`;

/** So many are moved into a new unit; with more, which takes seconds in which nothing is written, it does without tables. */
const MOST_MOVED = 2048;

/** Keys of events that were moved out of the rest; null where it has too many rows of these days: they stay there. */
export async function createRows(
  tx: Transaction<Tables>,
  span: KeySpan,
  unitDays: number,
): Promise<readonly number[] | null> {
  const within = sql`key >= ${span.from} and key < ${span.to}`;
  for (const table of CUT_TABLES) {
    const rest = sql.table(rowTable(table, REST));
    const { rows } = await sql`select 1 from ${rest} where ${within} limit 1 offset ${MOST_MOVED}`.execute(tx);
    if (rows.length > 0) return null;
  }
  const suffix = suffixOf(span.from);
  for (const text of await definitions(tx, suffix, CUT_TABLES)) await sql.raw(text).execute(tx);
  await makeIdsFor(tx, span, unitDays);
  const { rows: moved } = await sql<Moved>`select id, key from events_rest where ${within}`.execute(tx);
  await addIds(
    tx,
    moved.map(({ id, key }) => ({ id: idOctetsOf(id), key })),
  );
  for (const table of CUT_TABLES) {
    const [rest, own] = [sql.table(rowTable(table, REST)), sql.table(rowTable(table, suffix))];
    await sql`insert into ${own} select * from ${rest} where ${within}`.execute(tx);
    await sql`delete from ${rest} where ${within}`.execute(tx);
  }
  return moved.map(({ key }) => key);
}

interface Moved {
  readonly id: string;
  readonly key: number;
}

/** Of tables and indexes like those of the rest, which alone see that an id is unique. */
export async function definitions(
  tx: Kysely<Tables>,
  suffix: string,
  tables: readonly CutTable[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ type: string; name: string; table: string; text: string }>`
    select type, name, tbl_name as "table", sql as text from sqlite_schema
    where sql is not null and type in ('table', 'index')
      and tbl_name in (${sql.join(tables.map((table) => rowTable(table, REST)))}) order by type desc`.execute(tx);
  return rows.flatMap(({ type, name, table, text }) => {
    if (/^create unique/i.test(text)) return [];
    const own = table.replace(/_rest$/, `_${suffix}`);
    const renamed = text.replace(new RegExp(`"?\\b${table}\\b"?`), `"${own}"`);
    return [type === "index" ? renamed.replace(new RegExp(`"?\\b${name}\\b"?`), `"${name}_${suffix}"`) : renamed];
  });
}
