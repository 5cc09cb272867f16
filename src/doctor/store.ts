import { accessSync, constants, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { messageOf } from "../machine/error-message.ts";
import { fail, ok, skip, warn, type Check, type Finding } from "./check.ts";

const TIMEOUT_MS = 5000;
const ID = "store";

/** The log's database answers and takes writes. It is never changed here, not even made. */
export const checkStore: Check = async ({ config }) => [
  config.DATABASE_URL ? await checkPostgres(config.DATABASE_URL) : checkSqlite(join(config.dataDir, "log.sqlite")),
];

const size = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

function checkSqlite(path: string): Finding {
  if (!existsSync(path)) return skip(ID, `${path} does not exist yet; bounced serve makes it`);
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: TIMEOUT_MS });
    try {
      database.prepare("select count(*) as n from sqlite_master").get();
    } finally {
      database.close();
    }
    for (const file of [path, `${path}-wal`]) if (existsSync(file)) accessSync(file, constants.W_OK);
    const bytes = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    return ok(ID, `the log is ${path}, ${size(bytes.reduce((sum, each) => sum + each, 0))}`);
  } catch (error) {
    return fail(
      ID,
      `the log cannot be used: ${messageOf(error)}`,
      `let the user that runs bounced write ${path}; if it is damaged, put the last backup in its place (docs/operating.md). Until then events wait in Redis`,
    );
  }
}

async function checkPostgres(connectionString: string): Promise<Finding> {
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  // Heard here: a connection that breaks later must not end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; size: string; reading: boolean; schema: boolean }>(
      `select current_setting('server_version') as version, pg_database_size(current_database()) as size,
        pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as reading,
        has_schema_privilege(current_schema(), 'CREATE') as schema`,
    );
    const [row] = rows;
    if (!row) return fail(ID, "PostgreSQL gave no answer", "see its log");
    if (row.reading)
      return fail(ID, "this PostgreSQL takes no writes", "let DATABASE_URL name the primary; events wait in Redis");
    const text = `the log is in PostgreSQL ${row.version}, ${size(Number(row.size))}`;
    return row.schema
      ? ok(ID, text)
      : warn(
          ID,
          `${text}, but this user may not make tables`,
          "grant create on schema public to the user of DATABASE_URL",
        );
  } catch (error) {
    return fail(
      ID,
      `PostgreSQL does not answer: ${messageOf(error)}`,
      "start it, or correct DATABASE_URL; until then events wait in Redis",
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
