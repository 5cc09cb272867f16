/** Kysely's SQLite dialect over node:sqlite in threads. */
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from "kysely";
import { openConnection, type SqliteConnection } from "./connection.ts";

export interface SqliteOptions {
  readonly path: string;
  readonly readOnly: boolean;
  /** Connections at most; one for writing, since SQLite has one writer. */
  readonly connections: number;
}

class ThreadedSqliteAdapter extends SqliteAdapter {
  // Two processes that start together must not run the same migration twice; `begin immediate` is the lock.
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export const sqliteDialect = (options: SqliteOptions): Dialect => ({
  createAdapter: () => new ThreadedSqliteAdapter(),
  createDriver: () => poolDriver(options),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

function poolDriver(options: SqliteOptions): Driver {
  const open: SqliteConnection[] = [];
  const idle: SqliteConnection[] = [];
  const queue: ((connection: SqliteConnection) => void)[] = [];
  const run = async (connection: DatabaseConnection, sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: () => Promise.resolve(),
    acquireConnection() {
      for (let free = idle.pop(); free; free = idle.pop()) {
        if (!free.isDead()) return Promise.resolve(free);
        open.splice(open.indexOf(free), 1);
      }
      if (open.length < options.connections) {
        const connection = openConnection(options);
        open.push(connection);
        return Promise.resolve(connection);
      }
      return new Promise<SqliteConnection>((resolve) => queue.push(resolve));
    },
    releaseConnection(connection) {
      let usable = connection as SqliteConnection;
      if (usable.isDead()) {
        open.splice(open.indexOf(usable), 1);
        if (queue.length === 0) return Promise.resolve();
        usable = openConnection(options);
        open.push(usable);
      }
      const next = queue.shift();
      if (next) next(usable);
      else idle.push(usable);
      return Promise.resolve();
    },
    beginTransaction: (connection) => run(connection, options.readOnly ? "begin" : "begin immediate"),
    commitTransaction: (connection) => run(connection, "commit"),
    rollbackTransaction: (connection) => run(connection, "rollback"),
    async destroy() {
      await Promise.all(open.splice(0).map((connection) => connection.close()));
    },
  };
}
