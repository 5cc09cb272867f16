/** Runs in a worker thread: reads one message after the other. Hostile mail can only stop or kill this thread. */
import { parentPort, workerData } from "node:worker_threads";
import type { Config } from "../config/config.ts";
import { type KeyRecords, type MessageInput, readWithKeys } from "../core/index.ts";
import { unpackOctets } from "../queues/raw.ts";
import { readSettingsOf } from "./read-settings.ts";

/** What is to be read: the octets, or as they waited in Redis. */
export type Readable = Omit<MessageInput, "octets"> & { readonly octets: Uint8Array | string };

export interface ThreadSettings {
  readonly config: Config;
  /** Counts the messages that the thread has read: whoever watches it knows which one it is reading. */
  readonly progress: Int32Array;
}

export interface MessageAnswer {
  /** JSON: copying the objects to another thread costs more than writing and reading it. */
  readonly events: string;
  /** Key records that were missing. */
  readonly wantedKeys: readonly string[];
  /** How long reading took. */
  readonly readMs: number;
}

/** `ready` comes first, once; then an answer for each batch, in the order in which they came. */
export type FromThread = "ready" | readonly MessageAnswer[];

export interface ReadRequest {
  readonly input: Readable;
  /** Null: those of the batch. */
  readonly keys: KeyRecords | null;
}

export type ToThread =
  | { readonly kind: "read"; readonly batch: readonly ReadRequest[]; readonly keys: KeyRecords }
  | { readonly kind: "reload" };

const { config, progress } = workerData as ThreadSettings;
let settings = readSettingsOf(config);
let last: Promise<unknown> = Promise.resolve();
parentPort?.postMessage("ready" satisfies FromThread);

parentPort?.on("message", (message: ToThread) => {
  if (message.kind === "reload") settings = readSettingsOf(config);
  else last = last.then(() => readBatch(message.batch, message.keys));
});

/** One message at a time: so it is always the oldest one not counted that a stuck thread is stuck on. */
async function readBatch(batch: readonly ReadRequest[], known: KeyRecords): Promise<void> {
  const answers: MessageAnswer[] = [];
  for (const { input, keys } of batch) {
    const startedAt = performance.now();
    const { octets, ...rest } = input;
    const whole = typeof octets === "string" ? unpackOctets(octets) : octets;
    const { events, wantedKeys } = await readWithKeys({ ...rest, octets: whole }, settings, keys ?? known);
    answers.push({ events: JSON.stringify(events), wantedKeys, readMs: performance.now() - startedAt });
    Atomics.add(progress, 0, 1);
  }
  parentPort?.postMessage(answers satisfies FromThread);
}
