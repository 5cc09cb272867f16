/**
 * Threads that read messages: the one host for them, of the worker and of the API. A message that takes too much
 * processor time, or more memory than a thread may have, costs that thread; it gets a recorded outcome like any other,
 * every copy of it the same one, and the rest are read by the next thread.
 *
 * Messages wait in one line. A thread gets them in batches, and has two in hand, so that the next one is there when one is
 * read. It answers a batch at once, and counts each message that it has read in memory that is shared with it: the
 * oldest in hand that is not counted is the one that it reads. A thread is in one of these states:
 *
 * **starting**: it loads its rules. It has no message in hand.
 * -> `ready`, when it says so. -> `resting`, if it ends before.
 *
 * **ready**: it reads the oldest message in hand, and no other.
 * -> `ending`, when that has had more processor time than the budget, or needs none and never ends.
 * -> `starting`, if it ends: the message that it was reading is condemned, the others go back to the head of the line,
 * those too that were read and not answered.
 *
 * **ending**: it was told to end. It may still have finished the message that it was ended for.
 * -> `starting`, once it has ended, as above.
 *
 * **resting**: it could not start (a rule file was broken meanwhile), which is no message's fault.
 * -> `starting`, a second later. When all threads rest, waiting callers are rejected.
 */
import { Worker } from "node:worker_threads";
import type { Config } from "../config/config.ts";
import type { BouncedEvent } from "../event/event.ts";
import { remember } from "../machine/bounded-map.ts";
import { messageOf } from "../machine/error-message.ts";
import { siblingModule } from "../machine/sibling-module.ts";
import type { KeyRecords } from "../core/index.ts";
import type { KeyLookup } from "../proof/key-lookup.ts";
import type { FromThread, MessageAnswer, Readable, ThreadSettings, ToThread } from "./thread.ts";

export type { Readable } from "./thread.ts";

const CHECK_MS = 250;
const RESTART_MS = 1000;
/** Messages of a batch: a wake-up of either side costs as much as half a message. */
const A_BATCH = 16;
/** Of a batch, octets: a thread that ends has them read again. */
const BATCH_OCTETS = 512 * 1024;
const IN_HAND = 2 * A_BATCH;
/** More processor time than asking for it takes. */
const PROGRESS_MS = 50;
const NO_KEYS: KeyRecords = new Map();
/** So many digests of condemned messages are remembered. */
const MAX_CONDEMNED = 1000;

/** Why a message could not be read. */
export type Unreadable = "time-budget" | "crashed";

export interface ReaderPoolOptions {
  readonly config: Config;
  readonly threads: number;
  /** Processor time that one message may take. @defaultValue 1 s */
  readonly budgetMs?: number;
  /** A message that makes no progress for so long is one that never ends. @defaultValue 30 s */
  readonly stuckMs?: number;
  /** Of each thread. @defaultValue 512 */
  readonly maxHeapMb?: number;
  /** Makes the outcome of a message that stopped its thread. */
  readonly onUnreadable: (input: Readable, why: Unreadable) => readonly BouncedEvent[];
  /** Told once for each message, however many copies of it there are. */
  readonly onCondemned?: (input: Readable, why: Unreadable, detail: string) => void;
  /** Ended while it read nothing. */
  readonly onCrash?: (detail: string) => void;
  /** Key records for the DKIM signatures of ours in returned headers. */
  readonly keys?: Pick<KeyLookup, "known" | "find">;
  /** How long each message took to be read. */
  readonly onRead?: (input: Readable, readMs: number) => void;
  /** Another thread program, for tests. */
  readonly program?: URL;
}

export interface ReaderPool {
  /** Never rejects on mail. Rejects when the pool is closed meanwhile, or no thread starts. */
  read(input: Readable): Promise<readonly BouncedEvent[]>;
  /** From now on messages with this digest get the outcome of one that could not be read. */
  condemn(sha256: string, why: Unreadable): void;
  /** Reads the rule files again. */
  reload(): void;
  close(): Promise<void>;
}

interface Task {
  readonly input: Readable;
  /** It is read again with these: the first time there was no key. */
  readonly keys?: KeyRecords;
  readonly resolve: (events: readonly BouncedEvent[]) => void;
  readonly reject: (cause: Error) => void;
}

interface Reader {
  state: "starting" | "ready" | "ending" | "resting";
  worker: Worker;
  readonly tasks: Task[];
  /** Messages that it has read, and how many of these were answered. */
  read: Int32Array;
  answered: number;
  /** How many it had read when it was looked at for the first time since the last one, and its processor time then. */
  front: { readonly read: number; readonly cpuMs: number };
  /** When it was last known to use the processor, and how much it had used. */
  progress: { readonly at: number; readonly cpuMs: number };
  isAsked: boolean;
  /** Why it ends, and because of which message. */
  end: { readonly why: Unreadable; readonly detail: string; readonly task: Task | undefined } | null;
}

export function openReaderPool(options: ReaderPoolOptions): ReaderPool {
  const { budgetMs = 1000, stuckMs = 30_000, maxHeapMb = 512, onUnreadable } = options;
  const condemned = new Map<string, Unreadable>();
  const waiting: Task[] = [];
  const looking = new Set<Task>();
  const known = (): KeyRecords => options.keys?.known() ?? NO_KEYS;
  let isClosed = false;

  const start = (reader: Partial<Reader> & Pick<Reader, "tasks">): Reader => {
    const read = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(options.program ?? siblingModule(import.meta.url, "thread"), {
      workerData: { config: options.config, progress: read } satisfies ThreadSettings,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    const self: Reader = Object.assign(reader, {
      state: "starting" as const,
      worker,
      read,
      answered: 0,
      front: UNSEEN,
      progress: { at: performance.now(), cpuMs: 0 },
      isAsked: false,
      end: null,
    });
    worker.on("message", (message: FromThread) => {
      if (message !== "ready") take(self, message);
      else if (self.state === "starting") self.state = "ready";
      feed(self);
    });
    worker.on("error", (error) => {
      self.end ??= { why: "crashed", detail: messageOf(error), task: undefined };
    });
    // All that it answered before has been heard by now.
    worker.on("exit", () => isClosed || ended(self));
    return self;
  };

  const take = (reader: Reader, answers: readonly MessageAnswer[]): void => {
    reader.answered += answers.length;
    for (const { events: text, wantedKeys, readMs } of answers) {
      const task = reader.tasks.shift();
      if (!task) return;
      const events = JSON.parse(text) as readonly BouncedEvent[];
      options.onRead?.(task.input, readMs);
      if (options.keys && wantedKeys.length > 0 && !task.keys) void readAgain(task, events, wantedKeys);
      else task.resolve(events);
    }
  };

  /** The thread reads on meanwhile. Without a key the message keeps the outcome that it has. */
  const readAgain = async (task: Task, events: readonly BouncedEvent[], wanted: readonly string[]): Promise<void> => {
    looking.add(task);
    const keys = await options.keys?.find(wanted).catch(() => null);
    looking.delete(task);
    if (isClosed) return;
    if (!keys) return task.resolve(events);
    waiting.push({ ...task, keys });
    feedSoon();
  };

  const feed = (reader: Reader): void => {
    while (reader.state === "ready" && reader.tasks.length <= IN_HAND - A_BATCH) {
      const batch = nextBatch();
      if (batch.length === 0) return;
      if (reader.tasks.length === 0) reader.front = UNSEEN;
      reader.tasks.push(...batch);
      const requests = batch.map(({ input, keys = null }) => ({ input, keys }));
      reader.worker.postMessage({ kind: "read", batch: requests, keys: known() } satisfies ToThread);
    }
  };

  /** As many as each thread would get. */
  const nextBatch = (): readonly Task[] => {
    const batch: Task[] = [];
    const most = Math.min(A_BATCH, Math.ceil(waiting.length / options.threads));
    for (let octets = 0; batch.length < most && octets < BATCH_OCTETS;) {
      const task = waiting.shift();
      if (!task) break;
      if (settleCondemned(task)) continue;
      batch.push(task);
      octets += task.input.octets.length;
    }
    return batch;
  };

  const settleCondemned = ({ input, resolve }: Task): boolean => {
    const why = condemned.get(input.sha256);
    if (why) resolve(onUnreadable(input, why));
    return why !== undefined;
  };

  const condemn = (sha256: string, why: Unreadable): void => {
    remember(condemned, sha256, why, MAX_CONDEMNED);
    for (const task of waiting.splice(0)) if (!settleCondemned(task)) waiting.push(task);
  };

  const ended = (reader: Reader): void => {
    const { why, detail, task } = reader.end ?? { why: "crashed", detail: "it ended", task: undefined };
    if (reader.state === "starting") {
      reader.state = "resting";
      setTimeout(() => isClosed || start(reader), RESTART_MS);
      options.onCrash?.(detail);
      if (readers.every(({ state }) => state === "resting"))
        for (const { reject } of waiting.splice(0)) reject(new Error(`the reader does not start: ${detail}`));
      return;
    }
    const inHand = reader.tasks.splice(0);
    const reading = inHand[unanswered(reader)];
    // Ended for a message that it finished in the meantime: nobody's fault.
    const culprit = task === undefined || task === reading ? reading : undefined;
    waiting.unshift(...inHand.filter((one) => one !== culprit));
    start(reader);
    if (culprit) {
      condemn(culprit.input.sha256, why);
      options.onCondemned?.(culprit.input, why, detail);
      culprit.resolve(onUnreadable(culprit.input, why));
    } else options.onCrash?.(detail);
    for (const other of readers) feed(other);
  };

  /** Processor time, so that a machine with much else to do condemns nobody. */
  const look = async (reader: Reader): Promise<void> => {
    const { worker, read } = reader;
    const task = reader.tasks[unanswered(reader)];
    if (reader.state !== "ready" || !task) return;
    const isSame = (): boolean =>
      reader.state === "ready" && reader.worker === worker && reader.tasks[unanswered(reader)] === task;
    const end = (detail: string): void => {
      if (!isSame()) return;
      reader.state = "ending";
      reader.end = { why: "time-budget", detail, task };
      void worker.terminate();
    };
    const isSeen = reader.front.read === Atomics.load(read, 0);
    if (isSeen && performance.now() - reader.progress.at > stuckMs) return end(`made no progress for ${stuckMs} ms`);
    if (!isSeen) {
      reader.front = { read: Atomics.load(read, 0), cpuMs: NaN };
      reader.progress = { at: performance.now(), cpuMs: NaN };
    }
    if (reader.isAsked) return;
    reader.isAsked = true;
    const { user, system } = await worker.cpuUsage();
    if (reader.worker !== worker) return;
    reader.isAsked = false;
    const cpuMs = (user + system) / 1000;
    if (!isSame()) return;
    if (Number.isNaN(reader.front.cpuMs)) reader.front = { ...reader.front, cpuMs };
    if (!(cpuMs - reader.progress.cpuMs <= PROGRESS_MS)) reader.progress = { at: performance.now(), cpuMs };
    const usedMs = cpuMs - reader.front.cpuMs;
    if (usedMs > budgetMs) end(`took ${Math.round(usedMs)} ms of processor time and was not read`);
  };

  const readers = Array.from({ length: options.threads }, () => start({ tasks: [] }));
  let isFeeding = false;
  /** What this turn of the event loop brings in goes together. */
  const feedSoon = (): void => {
    if (isFeeding) return;
    isFeeding = true;
    setImmediate(() => {
      isFeeding = false;
      for (const reader of readers.toSorted((a, b) => a.tasks.length - b.tasks.length)) feed(reader);
    });
  };
  const timer = setInterval(() => {
    // A thread that ends meanwhile answers with an error.
    for (const reader of readers) look(reader).catch(() => undefined);
  }, CHECK_MS);
  timer.unref();

  return {
    read(input) {
      if (isClosed) return Promise.reject(new Error("the reader pool is closed"));
      return new Promise((resolve, reject) => {
        const task = { input, resolve, reject };
        if (settleCondemned(task)) return;
        waiting.push(task);
        feedSoon();
      });
    },
    condemn,
    reload() {
      condemned.clear();
      for (const { worker } of readers) worker.postMessage({ kind: "reload" } satisfies ToThread);
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      const all = [...waiting.splice(0), ...looking, ...readers.flatMap(({ tasks }) => tasks.splice(0))];
      for (const { reject } of all) reject(new Error("closed"));
      await Promise.all(readers.map(({ worker }) => worker.terminate()));
    },
  };
}

/** Nothing is known of the message that it reads. */
const UNSEEN = { read: -1, cpuMs: NaN };

/** Messages in hand that are read, and wait for the rest of their batch: the next one is the one that it reads. */
const unanswered = ({ read, answered }: Reader): number => Atomics.load(read, 0) - answered;
