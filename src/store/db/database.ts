/** Opens the database: PostgreSQL where DATABASE_URL names one, else SQLite in the data directory. */
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { checkRange } from "./check-range.ts";
import { migrations } from "./migrations/index.ts";
import { clearDamage, DamagedLog, damageOf } from "./sqlite/damage.ts";
import { sqliteDialect } from "./sqlite/dialect.ts";
import type { DialectName, Tables } from "./tables.ts";

export interface Database {
  readonly dialect: DialectName;
  /** SQLite has one writer and any number of readers beside it; on PostgreSQL both are the same pool. */
  readonly write: Kysely<Tables>;
  readonly read: Kysely<Tables>;
  /** For searches and figures only: on PostgreSQL a replica where there is one, which lags behind. */
  readonly replica: Kysely<Tables>;
  /** For look-ups by key only: they must not wait behind a search, since a sender waits for them. */
  readonly quick: Kysely<Tables>;
  /** Throws DamagedLog where the file is known to be damaged. */
  readonly assertWhole: () => void;
  close(): Promise<void>;
}

/** Of the configuration. */
export interface DatabaseConfig {
  /** PostgreSQL; without it SQLite in the data directory. */
  readonly DATABASE_URL?: string | undefined;
  /** A replica of it, for searches and figures. */
  readonly DATABASE_READ_URL?: string | undefined;
  readonly dataDir: string;
}

/** `upTo` names the last migration to run; only tests stop early. */
export async function openDatabase(config: DatabaseConfig, upTo?: string): Promise<Database> {
  const database = config.DATABASE_URL
    ? await openPostgres(config.DATABASE_URL, config.DATABASE_READ_URL ?? "")
    : openSqlite(config.dataDir);
  try {
    await migrate(database, upTo);
    if (database.dialect === "sqlite") await checkLog(database, config.dataDir);
  } catch (cause) {
    await database.close();
    throw cause;
  }
  return database;
}

function openSqlite(dataDir: string): Database {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = sqlitePath(dataDir);
  refuseLostLog(dataDir, path);
  const write = new Kysely<Tables>({ dialect: sqliteDialect({ path, readOnly: false, connections: 1 }) });
  const read = new Kysely<Tables>({ dialect: sqliteDialect({ path, readOnly: true, connections: 2 }) });
  const quick = new Kysely<Tables>({ dialect: sqliteDialect({ path, readOnly: true, connections: 1 }) });
  return {
    dialect: "sqlite",
    write,
    read,
    replica: read,
    quick,
    assertWhole() {
      const damage = damageOf(path);
      if (damage !== null) throw new DamagedLog(path, damage);
    },
    close: async () => {
      await Promise.all([read.destroy(), quick.destroy()]);
      await write.destroy();
    },
  };
}

export const sqlitePath = (dataDir: string): string => join(dataDir, "log.sqlite");
/** There once the data directory has a log. */
const MADE = "log.made";

/** A log that was there and is empty was lost: an empty one in its place would hide that, and the suppression list with it. */
function refuseLostLog(dataDir: string, path: string): void {
  const made = join(dataDir, MADE);
  if (!existsSync(made) || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) return;
  throw new Error(
    `${path} is empty or gone, and it held the log: restore it from a backup, or remove ${made} to begin an empty log`,
  );
}

/** Damage that was noted is looked for again at a start: a backup may be in the place of the file by now. */
async function checkLog({ read }: Database, dataDir: string): Promise<void> {
  const made = join(dataDir, MADE);
  if (!existsSync(made)) writeFileSync(made, "", { mode: 0o600 });
  const path = sqlitePath(dataDir);
  if (damageOf(path) === null) return;
  const { rows } = await sql<{ readonly quick_check: string }>`pragma quick_check(1)`.execute(read);
  if (rows[0]?.quick_check === "ok") clearDamage(path);
}

/** A new connection takes a tenth of a second to know the tables of all days. */
const IDLE_MS = 5 * 60_000;
/** int8 as number: keys stay below 2^53 until the year 2109. */
const INT8 = 20;

/** `waitMs`: how long a server may take to answer. */
export async function openPostgres(url: string, replicaUrl: string, waitMs?: number): Promise<Database> {
  const db = await poolOf(url, waitMs);
  const replica = replicaUrl ? await poolOf(replicaUrl, waitMs) : db;
  return {
    dialect: "postgres",
    write: db,
    read: db,
    replica,
    quick: db,
    assertWhole: () => undefined,
    close: async () => {
      if (replica !== db) await replica.destroy();
      await db.destroy();
    },
  };
}

async function poolOf(connectionString: string, waitMs?: number): Promise<Kysely<Tables>> {
  const { Pool, TypeOverrides } = await import("pg");
  const types = new TypeOverrides();
  types.setTypeParser(INT8, Number);
  const limits = waitMs === undefined ? {} : { connectionTimeoutMillis: waitMs, query_timeout: waitMs };
  const pool = new Pool({
    connectionString,
    max: 8,
    types,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
    ...limits,
  });
  // An idle connection that the server closes is replaced by the pool; unheard, it would end the process.
  pool.on("error", () => {});
  // The same for one that breaks while it is in use: the query in hand fails, and says why.
  pool.on("connect", (client) => client.on("error", () => {}));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

async function migrate({ write, dialect }: Database, upTo?: string): Promise<void> {
  if (dialect === "postgres" && upTo === undefined) await checkRange(write);
  const all = migrations(dialect);
  const migrator = new Migrator({ db: write, provider: { getMigrations: () => Promise.resolve(all) } });
  const { error } = upTo === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(upTo);
  if (!error) return;
  if (error instanceof Error && error.message.includes("previously executed migration"))
    throw new Error("the log was written by a newer version of bounced: install that version, or restore a backup", {
      cause: error,
    });
  throw error instanceof Error ? error : new Error("the migration of the log failed", { cause: error });
}
