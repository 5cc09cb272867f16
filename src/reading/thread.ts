/** Runs in a worker thread: reads one message after the other. Hostile mail can only stop or kill this thread. */
import { parentPort, workerData } from "node:worker_threads";
import type { Config } from "../config/config.ts";
import type { BouncedEvent } from "../core/event.ts";
import type { MessageInput } from "../core/message-input.ts";
import type { KeyRecords } from "../core/proof/dkim/verify.ts";
import { readWithKeys } from "../core/read-message.ts";
import { unpackOctets } from "../queues/raw.ts";
import { readSettingsOf } from "./read-settings.ts";

/** What is to be read: the octets, or as they waited in Redis. */
export type Readable = Omit<MessageInput, "octets"> & { readonly octets: Uint8Array | string };

/** `ready` comes first, once; then an answer for each message, in the order in which they came. */
export interface FromThread {
  /** Null: ready. */
  readonly events: readonly BouncedEvent[] | null;
  /** Key records that were missing. */
  readonly wantedKeys: readonly string[];
  /** Processor time of the thread so far, milliseconds. */
  readonly cpuMs: number;
  /** How long reading took. */
  readonly readMs: number;
}
export type ToThread =
  | { readonly kind: "read"; readonly input: Readable; readonly keys: KeyRecords }
  | { readonly kind: "reload" };

const config = workerData as Config;
let settings = readSettingsOf(config);
let last: Promise<unknown> = Promise.resolve();
answer({ events: null, wantedKeys: [] }, 0);

parentPort?.on("message", (message: ToThread) => {
  if (message.kind === "reload") settings = readSettingsOf(config);
  // One at a time: so it is always the oldest unanswered message that a stuck thread is stuck on.
  else last = last.then(() => read(message.input, message.keys));
});

async function read({ octets, ...input }: Readable, keys: KeyRecords): Promise<void> {
  const startedAt = performance.now();
  const whole = typeof octets === "string" ? unpackOctets(octets) : octets;
  const reading = await readWithKeys({ ...input, octets: whole }, settings, keys);
  answer(reading, performance.now() - startedAt);
}

function answer(said: Pick<FromThread, "events" | "wantedKeys">, readMs: number): void {
  const { user, system } = process.threadCpuUsage();
  parentPort?.postMessage({ ...said, cpuMs: (user + system) / 1000, readMs } satisfies FromThread);
}
