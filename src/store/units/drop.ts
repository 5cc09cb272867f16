/**
 * Units of SQLite out of the log: out of sight at first, in one short transaction; their tables go later, when no search that
 * began before asks for them: index by index and table by table, so that writers wait for some tenths of a second at most.
 */
import { sql, type Kysely, type RawBuilder, type Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import { CUT_TABLES } from "../db/cut-tables.ts";
import type { Tables } from "../db/tables.ts";
import { idTableOf, oldIds } from "./ids.ts";
import { definitions, rowTable } from "./rows.ts";
import { allUnitsOf, REST, type LogUnit } from "./units.ts";
import { dropViews, renewViews } from "./views.ts";

/** What the indexes of a unit without rows still have of its events leads nowhere. */
export async function leaveUnit(tx: Transaction<Tables>, { from }: LogUnit, now: number): Promise<void> {
  await tx.updateTable("log_units").set({ dropped: now }).where("starts", "=", from).execute();
  await renewViews(tx);
}

type Handles = Pick<Database, "write" | "read">;

/** A search that began before the unit was left has ended by then. */
const LEFT_MS = 60_000;

/** Also what a process that ended in between has left. `others`: tables of a unit beside those of its rows. */
export async function dropLeftUnits(
  handles: Handles,
  now: number,
  others: (suffix: string) => readonly string[],
): Promise<void> {
  const { write } = handles;
  for (const { from, dropped, suffix, rows } of await allUnitsOf(write)) {
    if (dropped === 0 || Math.abs(now - dropped) < LEFT_MS) continue;
    const ofRows = rows === REST ? [] : CUT_TABLES.map((table) => rowTable(table, rows));
    await dropTables(handles, [...others(suffix), ...ofRows]);
    await write.deleteFrom("log_units").where("starts", "=", from).execute();
  }
  await dropTables(handles, await emptiedTables(write));
}

/** Tables of ids of which all events are gone since `before`, in ms. */
export async function dropOldIds({ write }: Pick<Database, "write">, before: number): Promise<void> {
  const old = await oldIds(write, before);
  if (old.length === 0) return;
  await write.transaction().execute(async (tx) => {
    for (const { from } of old) await tx.deleteFrom("log_ids").where("starts", "=", from).execute();
    await renewViews(tx);
    for (const span of old) await sql`drop table ${sql.table(idTableOf(span))}`.execute(tx);
  });
}

const EMPTIED = "emptied_";

/** All messages of a unit at once; resolves to how many there were. An empty table takes the place of theirs. */
export async function emptyMessages({ write }: Pick<Database, "write">, { rows }: LogUnit): Promise<number> {
  const name = rowTable("raw_messages", rows);
  const table = sql.table(name);
  return write.transaction().execute(async (tx) => {
    const { rows: counted } = await sql<{ count: number }>`select count(*) as count from ${table}`.execute(tx);
    const count = counted[0]?.count ?? 0;
    if (count === 0) return 0;
    await dropViews(tx);
    await sql`alter table ${table} rename to ${sql.table(`${EMPTIED}${name}_${Date.now()}`)}`.execute(tx);
    for (const text of await definitions(tx, rows, ["raw_messages"])) await sql.raw(text).execute(tx);
    await renewViews(tx);
    return count;
  });
}

async function emptiedTables(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from sqlite_schema
    where type = 'table' and name glob ${`${EMPTIED}*`}`.execute(db);
  return rows.map(({ name }) => name);
}

/** Others write again after so long. */
const TURN_MS = 100;

async function dropTables({ write, read }: Handles, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return;
  const { rows: indexes } = await sql<{ name: string }>`select name from sqlite_schema
    where type = 'index' and sql is not null and tbl_name in (${sql.join(tables)})`.execute(write);
  await inTurns(
    write,
    indexes.map(({ name }) => sql`drop index if exists ${sql.ref(name)}`),
  );
  for (const table of tables) {
    await readAll(read, table);
    await inTurns(write, [sql`drop table if exists ${sql.table(table)}`]);
  }
}

/** A table that is dropped is read, from the disk after so many days: before nobody can write, not meanwhile. */
async function readAll(read: Kysely<Tables>, table: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from sqlite_schema where type = 'table'
    and name in (${table}, ${`${table}_data`}) and sql not like 'create virtual%'`.execute(read);
  for (const { name } of rows) await sql`select count(*) from ${sql.table(name)} not indexed`.execute(read);
}

/** Pages are overwritten when they are used again: to overwrite all at once takes seconds. */
async function inTurns(write: Kysely<Tables>, steps: readonly RawBuilder<unknown>[]): Promise<void> {
  for (let at = 0; at < steps.length;)
    await write.connection().execute(async (connection) => {
      const begun = performance.now();
      await sql`pragma secure_delete = off`.execute(connection);
      try {
        do await steps[at++]?.execute(connection);
        while (at < steps.length && performance.now() - begun < TURN_MS);
      } finally {
        await sql`pragma secure_delete = on`.execute(connection);
      }
    });
}
