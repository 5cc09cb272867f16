/**
 * A log that is written to while it is read: from a place on, through every rotation, without end. The file in hand is in
 * one of these states, looked at when there is nothing more to read of it:
 *
 * **the same**: it grew, or nothing happened. -> read on.
 * **cut**: it is shorter than what was read of it, or begins otherwise: copied and truncated. The copy is looked for and
 * read to its end. -> from the start of the file.
 * **renamed**: another file has its name. What is still written to it is read for a while. -> the files between, if more
 * than one rotation was missed; then the new one, from its start.
 */
import { open, stat, type FileHandle } from "node:fs/promises";
import {
  beginsWith,
  findOldLog,
  growHead,
  headFrom,
  oldLogs,
  readOldLog,
  type LogHead,
  type OldLog,
} from "./log-file.ts";
import { createLineSplitter, type Lines } from "./split-lines.ts";

export interface LogPlace {
  /** Of the file that was read; null: nothing of it is known. */
  readonly head: LogHead | null;
  /** Octets of its lines that were read, decompressed. */
  readonly offset: number;
  /** Of a journal, in place of both. */
  readonly cursor?: string | undefined;
}

export interface LogChunk extends Lines {
  /** Behind these lines. */
  readonly place: LogPlace;
  /** ms: what a date without a year is near to. */
  readonly at: number;
}

export interface TailOptions {
  readonly path: string;
  /** Null: from the start of the file. */
  readonly place: LogPlace | null;
  /** Ends at the end of the file, and does not wait for more. */
  readonly once: boolean;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** How often it is looked for more. @defaultValue 500 ms */
  readonly pollMs?: number;
}

const CHUNK_OCTETS = 256 * 1024;
/** A program that does not know yet that its file was renamed writes on to it: after so many looks without more it does not. */
const QUIET_LOOKS = 3;
export const NOWHERE: LogPlace = { head: null, offset: 0 };

export async function* tailLog(options: TailOptions): AsyncGenerator<LogChunk, void, undefined> {
  const { path, once, signal, now, pollMs = 500 } = options;
  let place = options.place ?? NOWHERE;
  const wait = (): Promise<void> => pause(pollMs, signal);

  if (place.head) {
    const current = await open(path).catch(() => null);
    const isCurrent = current !== null && (await isAt(current, place));
    await current?.close();
    if (!isCurrent) {
      yield* readMissed(path, place, now);
      place = NOWHERE;
    }
  }
  while (!signal.aborted) {
    const file = await open(path).catch(() => null);
    if (!file) {
      if (once) return;
      await wait();
      continue;
    }
    try {
      const end = yield* readFile(file, place, { ...options, wait });
      if (once || signal.aborted) return;
      yield* readMissed(path, end, now);
      place = NOWHERE;
    } finally {
      await file.close();
    }
  }
}

/** Whether the file is the one of the place, and not shorter than what was read of it. */
const isAt = async (file: FileHandle, { head, offset }: LogPlace): Promise<boolean> =>
  (await file.stat()).size >= offset && (head === null || (await beginsWith(file, head)));

async function* readFile(
  file: FileHandle,
  from: LogPlace,
  { path, once, signal, now, wait }: TailOptions & { readonly wait: () => Promise<void> },
): AsyncGenerator<LogChunk, LogPlace, undefined> {
  const splitter = createLineSplitter();
  const buffer = Buffer.alloc(CHUNK_OCTETS);
  const { ino, dev } = await file.stat();
  let place = from;
  let { head } = from;
  let readTo = from.offset;
  let quiet = 0;
  for (;;) {
    if (signal.aborted) return place;
    const { bytesRead } = await file.read(buffer, 0, CHUNK_OCTETS, readTo);
    if (bytesRead > 0) {
      // What was copied and truncated may have grown again beyond where we were.
      if (head && !(await beginsWith(file, head))) return place;
      if (readTo === 0) head = headFrom(buffer.subarray(0, bytesRead));
      readTo += bytesRead;
      quiet = 0;
      const lines = splitter.push(buffer.subarray(0, bytesRead));
      if (lines.octets === 0) continue;
      head = head === null ? null : await growHead(file, head);
      place = { head, offset: place.offset + lines.octets };
      yield { ...lines, place, at: now() };
      continue;
    }
    if (once) return place;
    if ((await file.stat()).size < readTo) return place;
    const named = await stat(path).catch(() => null);
    const isRenamed = named === null || named.ino !== ino || named.dev !== dev;
    // Until there is a file with its name again, this is the log.
    if (isRenamed && named !== null && ++quiet > QUIET_LOOKS) return place;
    await wait();
  }
}

/** The rest of a file that is not the log any more, and those that came between it and the log. */
async function* readMissed(path: string, place: LogPlace, now: () => number): AsyncGenerator<LogChunk> {
  const old = place.head && (await findOldLog(path, place.head));
  if (!old) return;
  yield* readOld(old, place, now);
  yield* readAfter(path, old, now);
}

async function* readAfter(path: string, last: OldLog, now: () => number): AsyncGenerator<LogChunk> {
  const current = await stat(path).catch(() => null);
  for (const old of await oldLogs(path)) {
    if (old.modifiedAt <= last.modifiedAt || old.path === last.path) continue;
    // A link to the log, or a copy of it that is still being made, is the log itself.
    const info = await stat(old.path).catch(() => null);
    if (info && current && info.ino === current.ino && info.dev === current.dev) continue;
    yield* readOld(old, NOWHERE, now);
  }
}

/** A stream that cannot be read again, to its end. */
export async function* readStream(
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
  now: () => number,
): AsyncGenerator<LogChunk> {
  const splitter = createLineSplitter();
  for await (const octets of stream) {
    const lines = splitter.push(Buffer.from(octets));
    if (lines.octets > 0) yield { ...lines, place: NOWHERE, at: now() };
    if (signal.aborted) return;
  }
  const rest = splitter.rest();
  if (rest.octets > 0) yield { ...rest, place: NOWHERE, at: now() };
}

/** Every rotated file, oldest first. */
export async function* readOldLogs(path: string, now: () => number): AsyncGenerator<LogChunk> {
  for (const old of await oldLogs(path)) yield* readOld(old, NOWHERE, now);
}

async function* readOld(old: OldLog, from: LogPlace, now: () => number): AsyncGenerator<LogChunk> {
  const splitter = createLineSplitter();
  const at = Math.min(old.modifiedAt, now());
  let { head, offset } = from;
  const chunkOf = (lines: Lines): LogChunk => {
    offset += lines.octets;
    return { ...lines, place: { head, offset }, at };
  };
  for await (const chunk of readOldLog(old, from.offset)) {
    head ??= headFrom(chunk);
    const lines = splitter.push(chunk);
    if (lines.octets > 0) yield chunkOf(lines);
  }
  const rest = splitter.rest();
  if (rest.octets > 0) yield chunkOf(rest);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
