/**
 * A log -> reported refusals, each accepted before the place in the log is stored: whatever is killed, the lines since
 * the last stored place are read again, and their refusals have the ids that they had.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ReportedRefusalInput } from "../core/index.ts";
import type { LogFormat, LogReader } from "./formats/log-reader.ts";
import type { PlaceFile } from "./place-file.ts";
import type { LogChunk, LogPlace } from "./tail.ts";

/** Why one was not accepted: it will not be the next time either. */
export interface NotRead {
  readonly index: number;
  readonly field: string;
  readonly message: string;
}

export interface FollowCounts {
  readonly lines: number;
  readonly octets: number;
  readonly failed: number;
  readonly delayed: number;
  /** Lines that should say something of a failure and cannot be read, and refusals that are none. */
  readonly unreadable: number;
}

export interface FollowOptions {
  readonly format: LogFormat;
  readonly places: Pick<PlaceFile, "write">;
  /** State of the reader as it was stored. */
  readonly reader: unknown;
  readonly chunks: AsyncIterable<LogChunk>;
  /** Up to 1,000. Rejects where it is not known that they are durable: they are handed over again. */
  readonly accept: (refusals: readonly ReportedRefusalInput[]) => Promise<readonly NotRead[]>;
  readonly signal: AbortSignal;
  readonly onChunk: (counts: FollowCounts) => void;
  /** Told of each line, or what is wrong with what was read from it. */
  readonly onUnreadable: (what: string) => void;
  readonly onWait: (error: unknown) => void;
  /** Between two tries. @defaultValue 1 s */
  readonly waitMs?: number;
}

const AT_A_TIME = 1000;
const STORE_EVERY_MS = 1000;
/** Of the time that is spent on storing the place at most. */
const STORE_SHARE = 0.05;

/** Resolves with what was read when the chunks end, or when it is told to stop; then all that was read is accepted. */
export async function followLog(options: FollowOptions): Promise<FollowCounts> {
  const { format, places, chunks, signal, onChunk } = options;
  const reader = format.create(options.reader);
  let total: FollowCounts = { lines: 0, octets: 0, failed: 0, delayed: 0, unreadable: 0 };
  let unstored: LogPlace | null = null;
  let storedAt = -Infinity;
  let waitMs = STORE_EVERY_MS;
  const store = async (): Promise<void> => {
    if (!unstored) return;
    const startedAt = performance.now();
    await places.write({ place: unstored, reader: reader.state() });
    unstored = null;
    storedAt = performance.now();
    waitMs = Math.max(STORE_EVERY_MS, (storedAt - startedAt) / STORE_SHARE);
  };
  for await (const chunk of withPauses(chunks, STORE_EVERY_MS)) {
    if (chunk !== null) {
      const read = readChunk(reader, chunk, options);
      const rejected = await acceptAll(read.refusals, options);
      // Told to stop while nothing could be accepted: the place stays where it was.
      if (rejected === null) break;
      total = sum(total, chunk, read, rejected);
      unstored = chunk.place;
      onChunk(total);
    }
    if (performance.now() - storedAt >= waitMs) await store();
    if (signal.aborted) break;
  }
  await store();
  return total;
}

interface ReadChunk {
  readonly refusals: readonly ReportedRefusalInput[];
  readonly unreadable: number;
}

function readChunk(reader: LogReader, { lines, at, tooLong }: LogChunk, { onUnreadable }: FollowOptions): ReadChunk {
  const refusals: ReportedRefusalInput[] = [];
  let unreadable = tooLong;
  for (const line of lines) {
    const reading = reader.read(line, at);
    if (reading.kind === "refusals") refusals.push(...reading.refusals);
    else if (reading.kind === "unreadable") {
      unreadable++;
      onUnreadable(line);
    }
  }
  return { refusals, unreadable };
}

/** Tries until it succeeds. Returns how many are no refusals; null when it was told to stop before. */
async function acceptAll(
  refusals: readonly ReportedRefusalInput[],
  { accept, signal, onWait, onUnreadable, waitMs = 1000 }: FollowOptions,
): Promise<number | null> {
  let rejected = 0;
  for (let at = 0; at < refusals.length; at += AT_A_TIME) {
    const some = refusals.slice(at, at + AT_A_TIME);
    for (;;) {
      if (signal.aborted) return null;
      try {
        const wrong = await accept(some);
        for (const { field, message, index } of wrong) onUnreadable(`${some[index]?.recipient}: ${field}: ${message}`);
        rejected += new Set(wrong.map(({ index }) => index)).size;
        break;
      } catch (error) {
        onWait(error);
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
  return rejected;
}

const sum = (total: FollowCounts, chunk: LogChunk, { refusals, unreadable }: ReadChunk, rejected: number) => {
  const failed = refusals.filter(({ action }) => action === "failed").length;
  return {
    lines: total.lines + chunk.lines.length + chunk.tooLong,
    octets: total.octets + chunk.octets,
    failed: total.failed + failed,
    delayed: total.delayed + refusals.length - failed,
    unreadable: total.unreadable + unreadable + rejected,
  };
};

/** The same values, and null whenever none came for a while: time to store what was read last. */
async function* withPauses<Value>(values: AsyncIterable<Value>, ms: number): AsyncGenerator<Value | null> {
  const iterator = values[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const paused = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), ms)));
      const result = await Promise.race([next, paused]);
      clearTimeout(timer);
      if (result === null) {
        yield null;
        continue;
      }
      if (result.done) return;
      next = iterator.next();
      yield result.value;
    }
  } finally {
    // What was asked for last comes when it is told to stop, and is read again the next time.
    void next.then(
      () => iterator.return?.(),
      () => undefined,
    );
  }
}
