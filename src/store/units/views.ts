/** `events` and the other tables of the log of SQLite are views: they show the rows of the rest and of all units in use. */
import { sql, type Kysely, type Transaction } from "kysely";
import { CUT_TABLES } from "../db/cut-tables.ts";
import type { Tables } from "../db/tables.ts";
import { idTables } from "./ids.ts";
import { rowTable } from "./rows.ts";
import { logUnitsOf, REST } from "./units.ts";

/** After a unit was made or left, or a table of ids. */
export async function renewViews(tx: Transaction<Tables>): Promise<void> {
  await dropViews(tx);
  const suffixes = [...new Set([REST, ...(await logUnitsOf(tx)).map(({ rows }) => rows)])];
  for (const table of CUT_TABLES)
    await createView(
      tx,
      table,
      suffixes.map((suffix) => rowTable(table, suffix)),
    );
  await createView(tx, "event_ids", await idTables(tx));
}

/** Before one of their tables gets another name, which they would follow. */
export async function dropViews(tx: Kysely<Tables>): Promise<void> {
  for (const view of [...CUT_TABLES, "event_ids"]) await sql`drop view if exists ${sql.table(view)}`.execute(tx);
}

function createView(tx: Kysely<Tables>, view: string, tables: readonly string[]): Promise<unknown> {
  const each = tables.map((table) => sql`select * from ${sql.table(table)}`);
  return sql`create view ${sql.table(view)} as ${sql.join(each, sql` union all `)}`.execute(tx);
}
