/** Messages from files: .eml, folders, Maildirs, mbox files, `-` for stdin. */
import { open } from "node:fs/promises";
import { checkMailHead } from "./mail-head.ts";
import { isMbox, readMbox } from "./mbox.ts";
import { walkMail, type OnProblem } from "./walk.ts";

export interface FileMessage {
  /** As given, or below the folder that was given; `#2` behind it for the second message of an mbox file. */
  readonly path: string;
  readonly bytes: Buffer;
  /** True: longer than `maxBytes`; `bytes` is its beginning. */
  readonly isCut: boolean;
}

export interface ReadMessagesOptions {
  /** Of one message. */
  readonly maxBytes?: number;
  /** What could not be read. Without it the first one is thrown. */
  readonly onProblem?: OnProblem;
  readonly stdin?: AsyncIterable<Uint8Array>;
}

export const DEFAULT_MAX_BYTES = 50 * 1024 ** 2;
const CHUNK_OCTETS = 256 * 1024;

/**
 * Every message, one at a time, in the order of the paths and of the names in a folder. In folders only what looks
 * like mail is read: .eml, .txt, .msg, .mbox, and everything in `new` and `cur` of a Maildir.
 */
export async function* readMessages(
  paths: readonly string[],
  { maxBytes = DEFAULT_MAX_BYTES, onProblem = rethrow, stdin = process.stdin }: ReadMessagesOptions = {},
): AsyncGenerator<FileMessage> {
  for (const path of paths) {
    if (path === "-") {
      yield* split("-", stdin, "unknown", maxBytes);
      continue;
    }
    for await (const file of walkMail(path, onProblem)) {
      try {
        yield* split(file.path, readChunks(file.path), file.kind, maxBytes);
      } catch (error) {
        onProblem(file.path, error);
      }
    }
  }
}

function rethrow(_path: string, error: unknown): never {
  throw error;
}

/** The octets of a file from `position` on. */
export async function* readChunks(path: string, position = 0): AsyncGenerator<Buffer> {
  const handle = await open(path, "r");
  try {
    for (let at = position; ;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_OCTETS), 0, CHUNK_OCTETS, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** A message named .eml is one message even behind a `From ` line: it may quote another. */
async function* split(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  kind: "message" | "mbox" | "unknown",
  maxBytes: number,
): AsyncGenerator<FileMessage> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head = await firstLine(iterator);
  const all = chain(head, iterator);
  if (kind === "message" || (kind === "unknown" && !isMbox(head))) {
    // What a pipe gives is taken as it is.
    if (kind === "unknown" && path !== "-") await checkHead(head, iterator);
    yield { path, ...(await collect(all, maxBytes)) };
    return;
  }
  // Numbered only where there is more than one.
  let waiting: { readonly bytes: Buffer; readonly isCut: boolean } | null = null;
  let count = 0;
  for await (const { bytes, isCut } of readMbox(all, { maxBytes })) {
    if (waiting) yield { path: `${path}#${++count}`, ...waiting };
    waiting = { bytes, isCut };
  }
  if (waiting) yield { path: count === 0 ? path : `${path}#${count + 1}`, ...waiting };
}

async function checkHead(head: Buffer, rest: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    checkMailHead(head);
  } catch (error) {
    await rest.return?.();
    throw error;
  }
}

/** Enough octets to see whether it is an mbox: a pipe may give them one by one. */
async function firstLine(iterator: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 1_024 && !head.includes("\n")) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* chain(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** One message of a stream, cut at `maxBytes`; what follows is not read. */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ readonly bytes: Buffer; readonly isCut: boolean }> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (length + chunk.length > maxBytes) {
      pieces.push(chunk.subarray(0, maxBytes - length));
      return { bytes: Buffer.concat(pieces), isCut: true };
    }
    pieces.push(chunk);
    length += chunk.length;
  }
  return { bytes: Buffer.concat(pieces), isCut: false };
}
