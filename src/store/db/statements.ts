/** Statements whose text does not change with the number of values: compiled and prepared once, not for every batch. */
import { CompiledQuery, PostgresAdapter, sql, type Kysely, type RawBuilder, type SqlBool } from "kysely";
import type { DialectName, Tables } from "./tables.ts";

type Db = Kysely<Tables>;

export const dialectOf = (db: Db): DialectName =>
  db.getExecutor().adapter instanceof PostgresAdapter ? "postgres" : "sqlite";

/** `column` is one of the values, of which there may be any number. */
export const oneOf = (db: Db, column: string, values: readonly string[] | readonly number[]): RawBuilder<SqlBool> =>
  dialectOf(db) === "postgres"
    ? sql`${sql.ref(column)} = any(${sql.val(values)})`
    : sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`;

/** Rows of one statement, below SQLite's 32,766 and PostgreSQL's 65,535 parameters; what is left takes smaller ones. */
const SIZES = [256, 64, 16, 4, 1] as const;

const texts = new Map<string, string>();

/** `ending`, e.g. `on conflict do nothing returning id`: the rows that it returns are returned, in no order. */
export async function insertAll<Returned = never>(
  db: Db,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
  ending = "",
): Promise<readonly Returned[]> {
  const columns = Object.keys(rows[0] ?? {});
  const returned: Returned[] = [];
  for (let at = 0; at < rows.length;) {
    const left = rows.length - at;
    const size = SIZES.find((one) => one <= left) ?? 1;
    const parameters = rows.slice(at, at + size).flatMap((row) => columns.map((column) => row[column]));
    const result = await db.executeQuery<Returned>(
      CompiledQuery.raw(insertText(db, { table, columns, size, ending }), parameters),
    );
    for (const row of result.rows) returned.push(row);
    at += size;
  }
  return returned;
}

interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly size: number;
  readonly ending: string;
}

function insertText(db: Db, { table, columns, size, ending }: Insert): string {
  const key = [dialectOf(db), table, size, ending, ...columns].join(" ");
  let text = texts.get(key);
  if (text === undefined) {
    const row = sql`(${sql.join(columns.map(() => sql.val(0)))})`;
    const names = sql.join(columns.map((column) => sql.ref(column)));
    const values = sql.join(Array.from({ length: size }, () => row));
    text = sql`insert into ${sql.table(table)} (${names}) values ${values} ${sql.raw(ending)}`.compile(db).sql;
    texts.set(key, text);
  }
  return text;
}
