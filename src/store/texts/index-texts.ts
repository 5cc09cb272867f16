/**
 * Events into the text indexes of SQLite and out of them. FTS5 writes out what it holds whenever the next statement begins,
 * so the rows of a transaction go in at its end, all at once and in order.
 */
import { sql, type Kysely, type RawBuilder, type SqlBool, type Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import { periodWordsOfRow } from "../db/period-words.ts";
import { dialectOf, oneOf } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import {
  logUnitsOf,
  REST,
  REST_INDEXES,
  TEXT_COLUMNS,
  TEXT_INDEXES,
  textTable,
  unitOf,
  type LogUnit,
  type TextIndex,
} from "./units.ts";

/** Over the events that the condition names. The rest is searched by the words of its days, a unit has one or few. */
export function textInsert(index: TextIndex, suffix: string, which: RawBuilder<SqlBool>): RawBuilder<unknown> {
  const columns = TEXT_COLUMNS[index].map((name) => sql.ref(name));
  const values = TEXT_COLUMNS[index].map((name) =>
    name === "mailed" ? sql`nullif(mailed, recipient)` : sql.ref(name),
  );
  if (suffix === REST) {
    columns.push(sql.ref("period"));
    values.push(periodWordsOfRow(sql.ref("received_at")));
  }
  // Trust: all, texts are searched whoever wrote them.
  return sql`insert into ${sql.table(textTable(index, suffix))} (rowid, ${sql.join(columns)})
    select key, ${sql.join(values)} from events where ${which} order by key`;
}

/** After the events were written. Those behind the end of their unit's indexes wait (`indexPending`). */
export async function indexTexts(tx: Transaction<Tables>, keys: readonly number[]): Promise<void> {
  if (dialectOf(tx) !== "sqlite" || keys.length === 0) return;
  const units = await logUnitsOf(tx);
  const present = keys.filter((key) => key < (unitOf(units, key)?.indexed ?? Infinity));
  for (const [unit, some] of Map.groupBy(present, (key) => unitOf(units, key)))
    for (const index of unit ? TEXT_INDEXES : REST_INDEXES)
      await textInsert(index, unit?.suffix ?? REST, oneOf(tx, "key", some)).execute(tx);
}

/** Before or after the events change or go. An event of before its unit is in the rest. `leaving`: not those units. */
export async function unindexTexts(
  tx: Transaction<Tables>,
  keys: readonly number[],
  leaving: readonly LogUnit[] = [],
): Promise<void> {
  if (dialectOf(tx) !== "sqlite" || keys.length === 0) return;
  const units = await logUnitsOf(tx);
  const byUnit = Map.groupBy(keys, (key) => unitOf(units, key));
  for (const [unit, some] of byUnit)
    if (unit && !leaving.some(({ from }) => from === unit.from))
      for (const index of TEXT_INDEXES) await remove(tx, textTable(index, unit.suffix), some);
  const ofRest = keys.filter((key) => key < (unitOf(units, key)?.since ?? Infinity));
  if (ofRest.length > 0) for (const index of REST_INDEXES) await remove(tx, textTable(index, REST), ofRest);
}

export async function reindexTexts(tx: Transaction<Tables>, keys: readonly number[]): Promise<void> {
  await unindexTexts(tx, keys);
  await indexTexts(tx, keys);
}

const remove = (tx: Kysely<Tables>, table: string, keys: readonly number[]) =>
  sql`delete from ${sql.table(table)} where ${oneOf(tx, "rowid", keys)}`.execute(tx);

/** So many may wait: a search reads them in some 5 ms. */
export const MOST_PENDING = 2048;
/** The newest wait for those that were received before them and come after them. */
const LEFT = 512;
/** Events of one step while nothing else is written: some 30 ms. */
const STEP = 512;

interface Pending {
  readonly leave: number;
  readonly mayGoOn: () => boolean;
}

/** Of each unit in which too many wait. */
export async function indexOverdue(database: Pick<Database, "write">): Promise<void> {
  await indexPending(database, MOST_PENDING, { leave: LEFT, mayGoOn: () => true });
}

/** All that wait; false if `mayGoOn` ended it before. */
export const indexWaiting = (database: Pick<Database, "write">, mayGoOn: () => boolean): Promise<boolean> =>
  indexPending(database, STEP, { leave: 0, mayGoOn });

async function indexPending(
  { write }: Pick<Database, "write">,
  step: number,
  { leave, mayGoOn }: Pending,
): Promise<boolean> {
  for (;;) {
    if (!mayGoOn()) return false;
    const indexed = await write.transaction().execute(async (tx) => {
      const due = await unitWithPending(tx, leave === 0 ? 1 : step);
      if (!due) return false;
      await indexNext(tx, due, step - leave);
      return true;
    });
    if (!indexed) return true;
  }
}

async function unitWithPending(tx: Transaction<Tables>, atLeast: number): Promise<LogUnit | undefined> {
  // Trust: all, texts are searched whoever wrote them.
  const { rows } = await sql<{ starts: number }>`select starts from log_units where exists (
    select 1 from events where key >= indexed and key < ends order by key limit 1 offset ${atLeast - 1}) limit 1`.execute(
    tx,
  );
  const [due] = rows;
  return due && (await logUnitsOf(tx)).find(({ from }) => from === due.starts);
}

async function indexNext(tx: Transaction<Tables>, { from, to, indexed, suffix }: LogUnit, most: number): Promise<void> {
  // Trust: all, texts are searched whoever wrote them.
  const { rows } = await sql<{ last: number }>`select max(key) as last from (
    select key from events where key >= ${indexed} and key < ${to} order by key limit ${most}) as some`.execute(tx);
  const end = (rows[0]?.last ?? indexed) + 1;
  for (const index of TEXT_INDEXES)
    await textInsert(index, suffix, sql`key >= ${indexed} and key < ${end}`).execute(tx);
  await tx.updateTable("log_units").set({ indexed: end }).where("starts", "=", from).execute();
}
