/** How large the log is, for those who watch it. */
import { sql } from "kysely";
import type { Database } from "./database.ts";

export const SIZED_TABLES = ["events", "raw_messages", "suppressions"] as const;

export interface StoreSize {
  readonly bytes: number;
  /** On PostgreSQL the server's own estimate, once it has one: counting millions of rows takes seconds. */
  readonly rows: Readonly<Record<(typeof SIZED_TABLES)[number], number>>;
}

export async function sizeOf(database: Database): Promise<StoreSize> {
  const rows = await Promise.all(SIZED_TABLES.map(async (table) => [table, await rowsOf(database, table)] as const));
  return { bytes: await bytesOf(database), rows: Object.fromEntries(rows) as StoreSize["rows"] };
}

export async function bytesOf({ read, dialect }: Database): Promise<number> {
  const { rows } =
    dialect === "sqlite"
      ? await sql<{ bytes: number }>`select page_count * page_size as bytes
          from pragma_page_count(), pragma_page_size()`.execute(read)
      : await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(read);
  return rows[0]?.bytes ?? 0;
}

async function rowsOf({ read, dialect }: Database, table: (typeof SIZED_TABLES)[number]): Promise<number> {
  if (dialect === "postgres") {
    const { rows } = await sql<{ estimate: number }>`select sum(greatest(reltuples, 0))::bigint as estimate
      from pg_class where oid = ${table}::regclass
        or oid in (select inhrelid from pg_inherits where inhparent = ${table}::regclass)`.execute(read);
    const estimate = rows[0]?.estimate ?? -1;
    if (estimate > 100_000) return estimate;
  }
  const { count } = await read
    .selectFrom(table)
    .select(sql<number>`count(*)`.as("count"))
    .executeTakeFirstOrThrow();
  return count;
}
