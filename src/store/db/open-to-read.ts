/** For those who only look at a log, beside a service or without one: nothing is made, changed or migrated. */
import { existsSync } from "node:fs";
import { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { openPostgres, sqlitePath, type Database, type DatabaseConfig } from "./database.ts";
import { migrations } from "./migrations/index.ts";
import { sqliteDialect } from "./sqlite/dialect.ts";
import type { Tables } from "./tables.ts";

/** How long a server may take to answer. */
const WAIT_MS = 5000;

/** Null where there is no log yet, or one of another version. Rejects where the database does not answer. */
export async function openToRead(config: DatabaseConfig): Promise<Database | null> {
  const database = config.DATABASE_URL
    ? await openPostgres(config.DATABASE_URL, "", WAIT_MS)
    : openSqlite(sqlitePath(config.dataDir));
  if (database === null) return null;
  try {
    if (await isOfThisVersion(database)) return database;
  } catch (cause) {
    await database.close();
    throw cause;
  }
  await database.close();
  return null;
}

function openSqlite(path: string): Database | null {
  if (!existsSync(path)) return null;
  const db = new Kysely<Tables>({ dialect: sqliteDialect({ path, readOnly: true, connections: 1 }) });
  return {
    dialect: "sqlite",
    write: db,
    read: db,
    replica: db,
    quick: db,
    assertWhole: () => undefined,
    close: () => db.destroy(),
  };
}

async function isOfThisVersion({ dialect, read }: Database): Promise<boolean> {
  const all = migrations(dialect);
  const migrator = new Migrator({ db: read, provider: { getMigrations: () => Promise.resolve(all) } });
  return (await migrator.getMigrations()).every(({ executedAt }) => executedAt !== undefined);
}
