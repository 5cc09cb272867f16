import { accessSync, constants, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Client } from "pg";
import { BANS_FROM, BANS_TO, bansWith, type Bans } from "../erasure/ban.ts";
import { messageOf } from "../machine/error-message.ts";
import { askPostgres, DATABASE_MS } from "./ask-postgres.ts";
import { fail, ok, skip, warn, type Check, type Finding } from "./check.ts";

const ID = "store";

/** More than this is not read through while somebody waits. */
const MOST_READ = 2 * 1024 ** 3;

/** The log's database answers, is whole, and takes writes. It is never changed here, not even made. */
export const checkStore: Check = async ({ config: { DATABASE_URL, BOUNCED_SECRET, dataDir } }) => {
  const bans = bansWith(BOUNCED_SECRET);
  return DATABASE_URL ? await checkPostgres(DATABASE_URL, bans) : checkSqlite(join(dataDir, "log.sqlite"), bans);
};

const size = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

const BANS = `select value from suppressions where value >= '${BANS_FROM}' and value < '${BANS_TO}'`;

/** Nothing to say is the usual case. */
function lostBans(values: readonly string[], bans: Bans): readonly Finding[] {
  const lost = values.filter((value) => bans.isOfLostKey(value)).length;
  if (lost === 0) return [];
  return [
    warn(
      "bans",
      `${lost} of ${values.length} bans of erased addresses were made with a key that is gone: they suppress nobody`,
      "add the old key behind the present one in BOUNCED_SECRET",
    ),
  ];
}

function checkSqlite(path: string, bans: Bans): readonly Finding[] {
  if (!existsSync(path)) return [skip(ID, `${path} does not exist yet; bounced serve creates it`)];
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: DATABASE_MS });
    let values: readonly string[];
    const bytes = [path, `${path}-wal`]
      .map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0)
      .reduce((sum, each) => sum + each, 0);
    try {
      database.prepare("select count(*) as n from sqlite_master").get();
      const answer = bytes > MOST_READ ? "ok" : wholeness(database);
      if (answer !== "ok") throw new Error(`it is damaged: ${answer}`);
      const isMade = database.prepare("select 1 from sqlite_master where name = 'suppressions'").get() !== undefined;
      values = isMade
        ? database
            .prepare(BANS)
            .all()
            .map(({ value }) => String(value))
        : [];
    } finally {
      database.close();
    }
    for (const file of [path, `${path}-wal`]) if (existsSync(file)) accessSync(file, constants.W_OK);
    const unread = bytes > MOST_READ ? "; too large to be read through here: sqlite3 FILE 'pragma quick_check'" : "";
    return [ok(ID, `the log is ${path}, ${size(bytes)}${unread}`), ...lostBans(values, bans)];
  } catch (error) {
    return [
      fail(
        ID,
        `the log cannot be used: ${messageOf(error)}`,
        `let the user that runs bounced write ${path}; if it is damaged, restore the last backup (docs/operating.md). Until then events wait in Redis`,
      ),
    ];
  }
}

/** `ok`, or what is wrong first. */
const wholeness = (database: DatabaseSync): string =>
  String(Object.values(database.prepare("pragma quick_check(1)").get() ?? {})[0] ?? "no answer");

async function checkPostgres(url: string, bans: Bans): Promise<readonly Finding[]> {
  try {
    return await askPostgres(url, (client) => postgresFindings(client, bans));
  } catch (error) {
    return [
      fail(
        ID,
        `PostgreSQL does not answer: ${messageOf(error)}`,
        "start it, or correct DATABASE_URL; until then events wait in Redis",
      ),
    ];
  }
}

async function postgresFindings(client: Client, bans: Bans): Promise<readonly Finding[]> {
  const { rows } = await client.query<{ version: string; size: string; reading: boolean; schema: boolean }>(
    `select current_setting('server_version') as version, pg_database_size(current_database()) as size,
      pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as reading,
      has_schema_privilege(current_schema(), 'CREATE') as schema`,
  );
  const [row] = rows;
  if (!row) return [fail(ID, "PostgreSQL gave no answer", "see its log")];
  if (row.reading)
    return [fail(ID, "this PostgreSQL accepts no writes", "let DATABASE_URL name the primary; events wait in Redis")];
  const text = `the log is in PostgreSQL ${row.version}, ${size(Number(row.size))}`;
  const { rows: made } = await client.query("select 1 from pg_tables where tablename = 'suppressions'");
  const { rows: banned } = made.length > 0 ? await client.query<{ value: string }>(BANS) : { rows: [] };
  const values = banned.map(({ value }) => value);
  return [
    row.schema
      ? ok(ID, text)
      : warn(
          ID,
          `${text}, but this user may not create tables`,
          "grant create on schema public to the user of DATABASE_URL",
        ),
    ...lostBans(values, bans),
  ];
}
