/**
 * One SQLite connection in a thread of its own: node:sqlite is synchronous, and a search over millions of rows must
 * not hold up the event loop that answers SMTP.
 */
import { chmodSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { IS_WANTED } from "./is-wanted.ts";

export interface ThreadData {
  readonly path: string;
  readonly readOnly: boolean;
  /** One int32: the id of the query that is not wanted any more. */
  readonly cancelled: SharedArrayBuffer;
}
export interface ThreadQuery {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}
export type ThreadAnswer =
  | { readonly id: number; readonly rows: readonly unknown[]; readonly changes: number; readonly insertId: number }
  | { readonly id: number; readonly error: string; readonly code: number };

const CACHED_STATEMENTS = 200;

function serve(data: ThreadData): void {
  const database = new DatabaseSync(data.path, { timeout: 15_000, readOnly: data.readOnly });
  if (!data.readOnly) {
    // It holds people's addresses; the files beside it (-wal, -shm) take over its mode.
    chmodSync(data.path, 0o600);
    database.exec("pragma journal_mode = wal");
    // A recorded event is gone from Redis: a commit must survive a power cut, not only a crash.
    database.exec("pragma synchronous = full");
    // What is deleted is overwritten, or an erased address would stay in the file until its page is used again.
    database.exec("pragma secure_delete = on");
    // 64 MB: a page that many batches write comes to the database once.
    database.exec("pragma wal_autocheckpoint = 16000");
  }
  // Without mmap: a page that is missed there makes the kernel read its neighbours too, up to megabytes for each.
  database.exec(`pragma cache_size = ${data.readOnly ? -65_536 : -131_072}`);
  database.exec("pragma temp_store = memory");
  const statements = new Map<string, StatementSync>();
  const cancelled = new Int32Array(data.cancelled);
  let running = 0;
  database.function(IS_WANTED, () => {
    if (Atomics.load(cancelled, 0) === running) throw new Error("the query was cancelled");
    return 1;
  });

  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    const oldest = statements.size >= CACHED_STATEMENTS ? statements.keys().next().value : undefined;
    if (oldest !== undefined) statements.delete(oldest);
    statements.set(sql, statement);
    return statement;
  };

  const run = ({ id, sql, parameters }: ThreadQuery): ThreadAnswer => {
    running = id;
    try {
      const statement = prepare(sql);
      if (statement.columns().length > 0) return { id, rows: statement.all(...parameters), changes: 0, insertId: 0 };
      // What FTS5 wrote last, when rows were deleted from an index, has a number above 2^53.
      statement.setReadBigInts(true);
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { id, rows: [], changes: Number(changes), insertId: Number(lastInsertRowid) };
    } catch (error) {
      const code = error instanceof Error && "errcode" in error ? Number(error.errcode) : 0;
      return { id, error: error instanceof Error ? error.message : String(error), code };
    }
  };

  parentPort?.on("message", (query: ThreadQuery | "close") => {
    if (query === "close") {
      statements.clear();
      database.close();
      parentPort?.postMessage("closed");
      parentPort?.close();
    } else parentPort?.postMessage(run(query));
  });
}

serve(workerData as ThreadData);
