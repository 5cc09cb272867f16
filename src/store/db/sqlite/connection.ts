/** The near side of a SQLite thread: one query at a time, answered in order. */
import { siblingModule } from "../../../machine/sibling-module.ts";
import { Worker } from "node:worker_threads";
import type { DatabaseConnection, QueryResult } from "kysely";
import type { SQLInputValue } from "node:sqlite";
import { noteDamage } from "./damage.ts";
import type { ThreadAnswer, ThreadData, ThreadQuery } from "./thread.ts";

/** `code` is SQLite's extended result code, e.g. 5 for a database that stayed locked. */
export class SqliteError extends Error {
  override name = "SqliteError";
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB: whatever their extended codes. */
const DAMAGED: ReadonlySet<number> = new Set([11, 26]);
const DAMAGED_WORDS = /^(?:database disk image is malformed|file is not a database)$/;

export interface SqliteConnection extends DatabaseConnection {
  /** Its thread has died; every query rejects. */
  isDead(): boolean;
  close(): Promise<void>;
}

// The published package is JavaScript, and a URL is not rewritten by the compiler.
const THREAD = siblingModule(import.meta.url, "thread");

export function openConnection(options: Omit<ThreadData, "cancelled">): SqliteConnection {
  const data: ThreadData = { ...options, cancelled: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) };
  const cancelled = new Int32Array(data.cancelled);
  const worker = new Worker(THREAD, { workerData: data, execArgv: [] });
  // Only an unanswered query keeps the process alive, not an idle thread.
  worker.unref();
  const waiting = new Map<number, PromiseWithResolvers<ThreadAnswer>>();
  let next = 1;
  let failure: Error | null = null;

  const settle = (id: number): PromiseWithResolvers<ThreadAnswer> | undefined => {
    const promise = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    return promise;
  };
  const fail = (error: Error): void => {
    failure = error;
    for (const id of waiting.keys()) settle(id)?.reject(error);
  };
  worker.on("message", (answer: ThreadAnswer | "closed") => {
    if (answer !== "closed") settle(answer.id)?.resolve(answer);
  });
  worker.on("error", (error: Error) => {
    // What ends a thread while it opens the file comes without a code.
    if (DAMAGED_WORDS.test(error.message)) noteDamage(data.path, error.message);
    fail(error);
  });
  worker.on("exit", () => fail(failure ?? new Error("the SQLite connection is closed")));

  const ask = (sql: string, parameters: readonly unknown[]): Promise<ThreadAnswer> => {
    if (failure) return Promise.reject(failure);
    const promise = Promise.withResolvers<ThreadAnswer>();
    const query: ThreadQuery = { id: next++, sql, parameters: parameters as SQLInputValue[] };
    waiting.set(query.id, promise);
    worker.ref();
    worker.postMessage(query);
    return promise.promise;
  };

  return {
    async executeQuery<R>(compiled: { sql: string; parameters: readonly unknown[] }): Promise<QueryResult<R>> {
      const answer = await ask(compiled.sql, compiled.parameters);
      if ("error" in answer) {
        // Nobody waits for it; what ended it is no failure to report.
        if (answer.id === Atomics.load(cancelled, 0)) return { rows: [] };
        if (DAMAGED.has(answer.code & 0xff)) noteDamage(data.path, answer.error);
        throw new SqliteError(answer.error, answer.code);
      }
      return {
        rows: answer.rows as R[],
        numAffectedRows: BigInt(answer.changes),
        insertId: BigInt(answer.insertId),
      };
    },
    /** The one that runs: a connection has one query at a time. */
    cancelQuery() {
      const [running] = waiting.keys();
      if (running !== undefined) Atomics.store(cancelled, 0, running);
      return Promise.resolve();
    },
    // oxlint-disable-next-line require-yield -- the log pages by key instead, which holds no snapshot open
    async *streamQuery() {
      throw new Error("streaming is done by keyset pages");
    },
    isDead: () => failure !== null,
    close: () =>
      new Promise<void>((resolve) => {
        if (failure) return resolve();
        worker.once("exit", () => resolve());
        worker.ref();
        worker.postMessage("close");
      }),
  };
}
