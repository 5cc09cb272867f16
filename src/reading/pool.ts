/**
 * Threads that read messages. A message that takes too long, or more memory than a thread may have, costs that thread;
 * the message gets a recorded outcome like any other, and the rest are read by the next thread.
 */
import { siblingModule } from "../sibling-module.ts";
import { Worker } from "node:worker_threads";
import type { Config } from "../config.ts";
import { messageOf } from "../error-message.ts";
import type { MessageInput } from "../core/message-input.ts";
import type { FromThread, ReadResult, ToThread } from "./thread.ts";

export type { ReadResult } from "./thread.ts";

const CHECK_MS = 250;
const RESTART_MS = 1000;

/** Why a message could not be read. */
export type Unreadable = "time-budget" | "crashed";

export interface ReaderPoolOptions {
  readonly config: Config;
  readonly threads: number;
  /** A message may take this long, once it is its turn. @defaultValue 10 s */
  readonly budgetMs?: number;
  /** Of each thread. @defaultValue 512 */
  readonly maxHeapMb?: number;
  /** Makes the outcome of a message that stopped its thread. */
  readonly onUnreadable: (input: MessageInput, why: Unreadable, detail: string) => ReadResult;
  /** Another thread program, for tests. */
  readonly program?: URL;
}

export interface ReaderPool {
  /** Never rejects on mail. Rejects only when the pool is closed meanwhile. */
  read(input: MessageInput): Promise<ReadResult>;
  /** Reads the rule files again. */
  reload(): void;
  close(): Promise<void>;
}

interface Task {
  readonly input: MessageInput;
  readonly resolve: (result: ReadResult) => void;
  readonly reject: (cause: Error) => void;
}

interface Reader {
  worker: Worker;
  readonly tasks: Task[];
  /** When the oldest task came to the front; null while the thread starts, which is no message's fault. */
  frontSince: number | null;
}

export function openReaderPool(options: ReaderPoolOptions): ReaderPool {
  const { budgetMs = 10_000, maxHeapMb = 512, onUnreadable } = options;
  let isClosed = false;

  const spawn = (reader: Omit<Reader, "worker">): Worker => {
    const worker = new Worker(options.program ?? siblingModule(import.meta.url, "thread"), {
      workerData: options.config,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    worker.on("message", (message: FromThread) => {
      reader.frontSince = performance.now();
      if (message !== "ready") reader.tasks.shift()?.resolve(message);
      // Only now: whatever ended the thread before was no message.
      else for (const { input } of reader.tasks) worker.postMessage({ kind: "read", input } satisfies ToThread);
    });
    worker.on("error", (error) => replace(reader as Reader, worker, "crashed", messageOf(error)));
    return worker;
  };

  /** The oldest unanswered message is to blame; the others are read again. */
  const replace = (reader: Reader, worker: Worker, why: Unreadable, detail: string): void => {
    if (reader.worker !== worker || isClosed) return;
    void worker.terminate();
    if (reader.frontSince === null) {
      // The thread cannot even start (a rule file was broken meanwhile): the messages wait for another try.
      for (const { reject } of reader.tasks.splice(0)) reject(new Error(`the reader does not start: ${detail}`));
      setTimeout(() => isClosed || (reader.worker = spawn(reader)), RESTART_MS);
      return;
    }
    reader.frontSince = null;
    reader.worker = spawn(reader);
    const culprit = reader.tasks.shift();
    if (culprit) culprit.resolve(onUnreadable(culprit.input, why, detail));
  };

  const readers = Array.from({ length: options.threads }, (): Reader => {
    const reader: Omit<Reader, "worker"> = { tasks: [], frontSince: null };
    return Object.assign(reader, { worker: spawn(reader) });
  });
  const timer = setInterval(() => {
    const now = performance.now();
    for (const reader of readers)
      if (reader.tasks.length > 0 && reader.frontSince !== null && now - reader.frontSince > budgetMs)
        replace(reader, reader.worker, "time-budget", `not read within ${budgetMs} ms`);
  }, CHECK_MS);
  timer.unref();

  return {
    read(input) {
      if (isClosed) return Promise.reject(new Error("the reader pool is closed"));
      const reader = readers.reduce((least, other) => (other.tasks.length < least.tasks.length ? other : least));
      return new Promise((resolve, reject) => {
        const isReady = reader.frontSince !== null;
        if (isReady && reader.tasks.length === 0) reader.frontSince = performance.now();
        reader.tasks.push({ input, resolve, reject });
        if (isReady) reader.worker.postMessage({ kind: "read", input } satisfies ToThread);
      });
    },
    reload() {
      for (const { worker } of readers) worker.postMessage({ kind: "reload" } satisfies ToThread);
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      for (const { tasks } of readers) for (const { reject } of tasks.splice(0)) reject(new Error("closed"));
      await Promise.all(readers.map(({ worker }) => worker.terminate()));
    },
  };
}
