/**
 * Events into the text indexes of SQLite and out of them. FTS5 writes out what it holds whenever the next statement begins,
 * so the rows of a transaction go in at its end, all at once and in order.
 */
import { sql, type Kysely, type RawBuilder, type SqlBool, type Transaction } from "kysely";
import type { Database } from "../db/database.ts";
import { isWithin } from "../db/key-span.ts";
import { periodWordsOfRow } from "../db/period-words.ts";
import { dialectOf, oneOf } from "../db/statements.ts";
import type { Tables } from "../db/tables.ts";
import { rowTable } from "../units/rows.ts";
import { logUnitsOf, REST, unitOf, type LogUnit } from "../units/units.ts";
import { REST_INDEXES, TEXT_COLUMNS, TEXT_INDEXES, textTable, type TextIndex } from "./units.ts";

type Texts = Pick<LogUnit, "suffix" | "rows">;
const OF_REST: Texts = { suffix: REST, rows: REST };

/** Over the events that the condition names. The rest is searched by the words of its days, a unit has one or few. */
export function textInsert(index: TextIndex, { suffix, rows }: Texts, which: RawBuilder<SqlBool>): RawBuilder<unknown> {
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
    select key, ${sql.join(values)} from ${sql.table(rowTable("events", rows))} where ${which} order by key`;
}

/** After the events were written. Those behind the end of their unit's indexes wait (`indexPending`). */
export async function indexTexts(tx: Transaction<Tables>, keys: readonly number[]): Promise<void> {
  if (dialectOf(tx) !== "sqlite" || keys.length === 0) return;
  const units = await logUnitsOf(tx);
  const present = keys.filter((key) => key < (unitOf(units, key)?.indexed ?? Infinity));
  for (const [unit, some] of Map.groupBy(present, (key) => unitOf(units, key)))
    for (const index of unit ? TEXT_INDEXES : REST_INDEXES)
      await textInsert(index, unit ?? OF_REST, oneOf(tx, "key", some)).execute(tx);
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
  readonly isAsked: (unit: LogUnit) => boolean;
}

/** Of the units that these were written to, where too many wait. */
export async function indexOverdue(database: Pick<Database, "write">, keys: readonly number[]): Promise<void> {
  const isWritten = (unit: LogUnit): boolean => keys.some((key) => isWithin(key, unit));
  await indexPending(database, MOST_PENDING, { leave: LEFT, mayGoOn: () => true, isAsked: isWritten });
}

/** All that wait; false if `mayGoOn` ended it before. */
export const indexWaiting = (database: Pick<Database, "write">, mayGoOn: () => boolean): Promise<boolean> =>
  indexPending(database, STEP, { leave: 0, mayGoOn, isAsked: () => true });

async function indexPending(
  { write }: Pick<Database, "write">,
  step: number,
  { leave, mayGoOn, isAsked }: Pending,
): Promise<boolean> {
  for (;;) {
    if (!mayGoOn()) return false;
    const indexed = await write.transaction().execute(async (tx) => {
      const units = (await logUnitsOf(tx)).filter(isAsked);
      const due = await unitWithPending(tx, units, leave === 0 ? 1 : step);
      if (!due) return false;
      await indexNext(tx, due, step - leave);
      return true;
    });
    if (!indexed) return true;
  }
}

async function unitWithPending(
  tx: Transaction<Tables>,
  units: readonly LogUnit[],
  atLeast: number,
): Promise<LogUnit | undefined> {
  for (const unit of units) {
    const { rows } = await sql`select 1 from ${eventsOf(unit)} where key >= ${unit.indexed} and key < ${unit.to}
      order by key limit 1 offset ${atLeast - 1}`.execute(tx);
    if (rows.length > 0) return unit;
  }
  return undefined;
}

const eventsOf = ({ rows }: LogUnit) => sql.table(rowTable("events", rows));

async function indexNext(tx: Transaction<Tables>, unit: LogUnit, most: number): Promise<void> {
  const { from, to, indexed } = unit;
  const { rows } = await sql<{ last: number }>`select max(key) as last from (
    select key from ${eventsOf(unit)} where key >= ${indexed} and key < ${to} order by key limit ${most}) as some`.execute(
    tx,
  );
  const end = (rows[0]?.last ?? indexed) + 1;
  for (const index of TEXT_INDEXES) await textInsert(index, unit, sql`key >= ${indexed} and key < ${end}`).execute(tx);
  await tx.updateTable("log_units").set({ indexed: end }).where("starts", "=", from).execute();
}
