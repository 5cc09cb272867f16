/**
 * Which file a log is: a rotation renames it, compresses it, or copies it and cuts it to nothing. Its first octets stay
 * what they are, so a file is known by them wherever it went, and a file that begins otherwise is another one.
 */
import { createHash } from "node:crypto";
import { createReadStream, type ReadStream } from "node:fs";
import { open, readdir, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";

/** First octets that a file is known by. */
const HEAD_OCTETS = 1024;

export interface LogHead {
  readonly octets: number;
  /** Hex. */
  readonly sha256: string;
}

const digestOf = (octets: Uint8Array): string => createHash("sha256").update(octets).digest("hex");

/** Of a file that is at least one octet long. */
export async function headOf(file: FileHandle): Promise<LogHead | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_OCTETS), 0, HEAD_OCTETS, 0);
  return bytesRead === 0 ? null : { octets: bytesRead, sha256: digestOf(buffer.subarray(0, bytesRead)) };
}

/** Of a file whose first octets these are. */
export const headFrom = (octets: Uint8Array): LogHead => {
  const first = octets.subarray(0, HEAD_OCTETS);
  return { octets: first.length, sha256: digestOf(first) };
};

/** The head of a file that has grown since; the same one where it begins otherwise by now. */
export async function growHead(file: FileHandle, head: LogHead): Promise<LogHead> {
  if (head.octets === HEAD_OCTETS) return head;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_OCTETS), 0, HEAD_OCTETS, 0);
  const isSame = bytesRead >= head.octets && digestOf(buffer.subarray(0, head.octets)) === head.sha256;
  return isSame ? headFrom(buffer.subarray(0, bytesRead)) : head;
}

/** Whether the file begins as the one did whose head this is. */
export async function beginsWith(file: FileHandle, head: LogHead): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(head.octets), 0, head.octets, 0);
  return bytesRead === head.octets && digestOf(buffer) === head.sha256;
}

export interface OldLog {
  readonly path: string;
  readonly modifiedAt: number;
  readonly isCompressed: boolean;
}

const COMPRESSED = /\.(?:gz|zst)$/;

/** Rotated files of a log, oldest first: `mail.log.1`, `mail.log.2.gz`, `mail.log-20261129.zst`, `mail-20261129.log`. */
export async function oldLogs(path: string): Promise<readonly OldLog[]> {
  const folder = dirname(path);
  const name = basename(path);
  const [, stem = name, extension = ""] = /^(.+)(\.[^.]+)$/.exec(name) ?? [];
  const names = await readdir(folder).catch(() => []);
  const found: OldLog[] = [];
  for (const other of names) {
    const isOurs =
      /^[.-][\w.-]*$/.test(other.startsWith(name) ? other.slice(name.length) : "") ||
      (extension !== "" &&
        other.startsWith(`${stem}-`) &&
        /^-\d[\d.-]*$/.test(other.replace(COMPRESSED, "").slice(stem.length).replace(extension, "")));
    if (!isOurs || /\.(?:bz2|xz|lz4|swp|tmp)$/.test(other)) continue;
    const info = await stat(join(folder, other)).catch(() => null);
    if (info?.isFile() && info.size > 0)
      found.push({ path: join(folder, other), modifiedAt: info.mtimeMs, isCompressed: COMPRESSED.test(other) });
  }
  return found.toSorted((a, b) => a.modifiedAt - b.modifiedAt);
}

/** The octets of a file that grows no more, decompressed, from `offset` of those on. Ends early where it is damaged. */
export async function* readOldLog({ path, isCompressed }: OldLog, offset: number): AsyncGenerator<Buffer> {
  if (!isCompressed) {
    yield* createReadStream(path, { start: offset });
    return;
  }
  let skipped = 0;
  const source = createReadStream(path);
  const stream = decompressed(source, path);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const skip = Math.min(chunk.length, offset - skipped);
      skipped += skip;
      if (skip < chunk.length) yield chunk.subarray(skip);
    }
  } catch (error) {
    // What could be read has been; compressing may still go on, or the disk was full.
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z") !== true) throw error;
  } finally {
    source.destroy();
  }
}

function decompressed(source: ReadStream, path: string): Readable {
  const stream = path.endsWith(".zst") ? createZstdDecompress() : createGunzip();
  source.on("error", (error) => stream.destroy(error));
  return source.pipe(stream);
}

/** Where the file went that had this head; null where it is not there any more. */
export async function findOldLog(path: string, head: LogHead): Promise<OldLog | null> {
  for (const old of (await oldLogs(path)).toReversed()) if (await oldBeginsWith(old, head)) return old;
  return null;
}

async function oldBeginsWith(old: OldLog, head: LogHead): Promise<boolean> {
  if (!old.isCompressed) {
    const file = await open(old.path).catch(() => null);
    if (!file) return false;
    try {
      return await beginsWith(file, head);
    } finally {
      await file.close();
    }
  }
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of readOldLog(old, 0)) {
    parts.push(chunk);
    if ((length += chunk.length) >= head.octets) break;
  }
  const octets = Buffer.concat(parts).subarray(0, head.octets);
  return octets.length === head.octets && digestOf(octets) === head.sha256;
}
