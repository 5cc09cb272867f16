/**
 * A log -> reported refusals, each accepted before the place in the log is stored: whatever is killed, the lines since
 * the last stored place are read again, and their refusals have the ids that they had. Counts are handed over once they
 * are stored with the place (tally-log.ts).
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ReportedRefusalInput } from "../core/index.ts";
import type { LogFormat, LogReader } from "./formats/log-reader.ts";
import type { PlaceFile } from "./place-file.ts";
import type { NumberedTallies } from "../tallies/redis-tallies.ts";
import type { LogChunk, LogPlace } from "./tail.ts";
import type { LogTally } from "./tally-log.ts";

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
  readonly delivered: number;
  /** Lines that should say something of a delivery or failure and cannot be read, and refusals that are none. */
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
  readonly tally: LogTally;
  /** Rejects where it is not known that it is durable: it is handed over again. */
  readonly count: (batch: NumberedTallies) => Promise<unknown>;
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
  const { format, places, chunks, tally, signal, onChunk } = options;
  const reader = format.create(options.reader);
  let total: FollowCounts = { lines: 0, octets: 0, failed: 0, delayed: 0, delivered: 0, unreadable: 0 };
  let unstored: LogPlace | null = null;
  let storedAt = -Infinity;
  let waitMs = STORE_EVERY_MS;
  const store = async (): Promise<void> => {
    if (!unstored) return;
    const startedAt = performance.now();
    await places.write({ place: unstored, reader: reader.state(), tally: tally.close() });
    unstored = null;
    storedAt = performance.now();
    waitMs = Math.max(STORE_EVERY_MS, (storedAt - startedAt) / STORE_SHARE);
    await handOver(options);
  };
  await handOver(options);
  for await (const chunk of withPauses(chunks, STORE_EVERY_MS)) {
    if (chunk !== null) {
      const read = readChunk(reader, chunk, options);
      const rejected = await acceptAll(read.refusals.filter(isNoDelivery), options);
      // Told to stop while nothing could be accepted: the place stays where it was.
      if (rejected === null) break;
      for (const refusal of read.refusals) if (!rejected.has(refusal)) tally.add(refusal, chunk.at);
      total = sum(total, chunk, read, rejected.size);
      unstored = chunk.place;
      onChunk(total);
    }
    if (tally.isFull || performance.now() - storedAt >= waitMs) await store();
    if (signal.aborted) break;
  }
  await store();
  return total;
}

const isNoDelivery = ({ action }: ReportedRefusalInput): boolean => action !== "delivered";

/** Tries until it succeeds, or it is told to stop: then the batch is handed over the next time. */
async function handOver({ tally, count, signal, onWait, waitMs = 1000 }: FollowOptions): Promise<void> {
  for (let batch = tally.batch(); batch !== null; batch = tally.batch()) {
    try {
      await count(batch);
      tally.handedOver();
    } catch (error) {
      onWait(error);
      if (signal.aborted) return;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
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

/** Tries until it succeeds. Returns those that are no refusals; null when it was told to stop before. */
async function acceptAll(
  refusals: readonly ReportedRefusalInput[],
  { accept, signal, onWait, onUnreadable, waitMs = 1000 }: FollowOptions,
): Promise<ReadonlySet<ReportedRefusalInput> | null> {
  const rejected = new Set<ReportedRefusalInput>();
  for (let at = 0; at < refusals.length; at += AT_A_TIME) {
    const some = refusals.slice(at, at + AT_A_TIME);
    for (;;) {
      if (signal.aborted) return null;
      try {
        const wrong = await accept(some);
        for (const { field, message, index } of wrong) {
          const refusal = some[index];
          onUnreadable(`${refusal?.recipient}: ${field}: ${message}`);
          if (refusal) rejected.add(refusal);
        }
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
  const counted = (wanted: ReportedRefusalInput["action"]): number =>
    refusals.filter(({ action }) => action === wanted).length;
  return {
    lines: total.lines + chunk.lines.length + chunk.tooLong,
    octets: total.octets + chunk.octets,
    failed: total.failed + counted("failed"),
    delayed: total.delayed + counted("delayed"),
    delivered: total.delivered + counted("delivered"),
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
