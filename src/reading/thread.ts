/** Runs in a worker thread: reads one message after the other. Hostile mail can only stop or kill this thread. */
import { deflateSync } from "node:zlib";
import { parentPort, workerData } from "node:worker_threads";
import type { Config } from "../config.ts";
import type { BouncedEvent } from "../core/event.ts";
import type { MessageInput } from "../core/message-input.ts";
import { readMessage } from "../core/read-message.ts";
import { readSettingsOf } from "../read-settings.ts";

export interface ReadResult {
  readonly events: readonly BouncedEvent[];
  /** The head, deflated, base64; null where nothing was kept. */
  readonly raw: string | null;
}
/** `ready` comes first, once; then one result for each message, in the order in which they came. */
export type FromThread = "ready" | ReadResult;
export type ToThread = { readonly kind: "read"; readonly input: MessageInput } | { readonly kind: "reload" };

const FAST = { level: 1 } as const;
const config = workerData as Config;
let settings = readSettingsOf(config);
let last: Promise<unknown> = Promise.resolve();
parentPort?.postMessage("ready" satisfies FromThread);

parentPort?.on("message", (message: ToThread) => {
  if (message.kind === "reload") settings = readSettingsOf(config);
  // One at a time: so it is always the oldest unanswered message that a stuck thread is stuck on.
  else last = last.then(() => read(message.input));
});

async function read(input: MessageInput): Promise<void> {
  const events = await readMessage(input, settings);
  const raw = input.head === "" ? null : deflateSync(Buffer.from(input.head, "latin1"), FAST).toString("base64");
  parentPort?.postMessage({ events, raw } satisfies FromThread);
}
