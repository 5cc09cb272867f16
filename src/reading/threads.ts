/**
 * Threads that take jobs and read messages, and who watches them. A message that takes too long, or more memory than a
 * thread may have, costs that thread: the next one is told which message it was, and gives it a recorded outcome
 * without reading it. The other jobs in hand come again when their locks expire.
 */
import { Worker } from "node:worker_threads";
import { messageOf } from "../error-message.ts";
import { makeCurrentJob, readCurrentJob } from "./current-job.ts";

const CHECK_MS = 250;
const RESTART_MS = 1000;
const STOP_MS = 20_000;
/** So many condemned messages are remembered; each is handled within seconds. */
const MAX_CONDEMNED = 1000;

/** Why a message could not be read. */
export type Unreadable = "time-budget" | "crashed";

export interface ThreadData<Settings> {
  readonly settings: Settings;
  readonly currentJob: SharedArrayBuffer;
  /** Ids of messages that must not be read, and why. */
  readonly condemned: ReadonlyMap<string, Unreadable>;
}

export interface ThreadsOptions<Settings> {
  readonly program: URL;
  readonly settings: Settings;
  readonly count: number;
  /** One message may take this long. @defaultValue 10 s */
  readonly budgetMs?: number;
  /** Of each thread. @defaultValue 512 */
  readonly maxHeapMb?: number;
  readonly onCondemned: (id: string, why: Unreadable, detail: string) => void;
  /** Ended while it read nothing: no message's fault. */
  readonly onCrash: (detail: string) => void;
  readonly onMessage: (message: unknown) => void;
}

export interface Threads {
  /** To every thread. Besides, they hear `condemn <id> <why>` and `stop`. */
  post(message: string): void;
  /** Sends `stop`; threads that have not ended in time are ended. */
  stop(): Promise<void>;
}

interface Slot {
  worker: Worker;
  currentJob: SharedArrayBuffer;
}

export function startThreads<Settings>(options: ThreadsOptions<Settings>): Threads {
  const { budgetMs = 10_000, maxHeapMb = 512 } = options;
  const condemned = new Map<string, Unreadable>();
  let isStopping = false;

  const spawn = (slot: Partial<Slot>): Worker => {
    const currentJob = makeCurrentJob();
    const workerData: ThreadData<Settings> = { settings: options.settings, currentJob, condemned };
    const worker = new Worker(options.program, { workerData, resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } });
    worker.on("message", options.onMessage);
    worker.on("error", (error) => replace(slot as Slot, worker, "crashed", messageOf(error)));
    slot.worker = worker;
    slot.currentJob = currentJob;
    return worker;
  };

  const replace = (slot: Slot, worker: Worker, why: Unreadable, detail: string): void => {
    if (slot.worker !== worker || isStopping) return;
    const culprit = readCurrentJob(slot.currentJob);
    if (culprit) {
      condemned.set(culprit.id, why);
      const oldest = condemned.keys().next();
      if (condemned.size > MAX_CONDEMNED && !oldest.done) condemned.delete(oldest.value);
      // The message may come to another thread next.
      for (const other of slots) if (other !== slot) other.worker.postMessage(`condemn ${culprit.id} ${why}`);
      options.onCondemned(culprit.id, why, detail);
    } else options.onCrash(detail);
    void worker.terminate();
    slot.currentJob = makeCurrentJob();
    // A thread that cannot even start (a rule file was broken meanwhile) is not tried without pause.
    if (culprit) spawn(slot);
    else setTimeout(() => isStopping || spawn(slot), RESTART_MS);
  };

  const slots = Array.from({ length: options.count }, () => {
    const slot: Partial<Slot> = {};
    spawn(slot);
    return slot as Slot;
  });
  const timer = setInterval(() => {
    for (const slot of slots) {
      const job = readCurrentJob(slot.currentJob);
      if (job && job.forMs > budgetMs) replace(slot, slot.worker, "time-budget", `not read within ${budgetMs} ms`);
    }
  }, CHECK_MS);
  timer.unref();

  return {
    post(message) {
      for (const { worker } of slots) worker.postMessage(message);
    },
    async stop() {
      isStopping = true;
      clearInterval(timer);
      await Promise.all(
        slots.map(async ({ worker }) => {
          const ended = new Promise((resolve) => worker.once("exit", resolve));
          worker.postMessage("stop");
          const killer = setTimeout(() => void worker.terminate(), STOP_MS);
          await ended;
          clearTimeout(killer);
        }),
      );
    },
  };
}
