/**
 * Ctrl-C and SIGTERM during long work: the command stops after the item in hand and prints what it has so far. A second
 * one ends it at once.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { EXIT } from "./exit-status.ts";

const STATUS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;
const TURN_MS = 20;

/** `isEnd`: work without an end of its own, for which a signal is the regular one. */
export async function untilSignal(
  work: (signal: AbortSignal) => Promise<void>,
  { isEnd = false }: { readonly isEnd?: boolean } = {},
): Promise<void> {
  const stopping = new AbortController();
  let status: number | null = null;
  const onSignal = (name: keyof typeof STATUS): void => {
    if (status !== null) process.exit(status);
    status = STATUS[name];
    stopping.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    await work(stopping.signal);
  } catch (error) {
    if (status === null || !isOfStopping(error)) throw error;
  } finally {
    process.removeListener("SIGINT", onSignal).removeListener("SIGTERM", onSignal);
    if (status !== null && !isEnd) process.exitCode = status;
  }
}

const isOfStopping = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "ABORT_ERR" || error.code === "ERR_STREAM_PREMATURE_CLOSE");

/** The items until the signal. Lets signals in: a log that is read from disk may never wait for anything. */
export async function* untilAborted<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item, void, undefined> {
  let turnedAt = performance.now();
  for await (const item of items) {
    if (performance.now() - turnedAt > TURN_MS) {
      await nextTurn();
      turnedAt = performance.now();
    }
    if (signal.aborted) return;
    yield item;
  }
}

/** On standard error, where nobody takes it for output. */
export const sayInterrupted = (after: string): void =>
  void process.stderr.write(`bounced: interrupted after ${after}\n`);
