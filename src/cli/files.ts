/** Files that a person names: what is wrong with one, in our words. */
import { closeSync, createReadStream, createWriteStream, openSync, readFileSync, type ReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Writable } from "node:stream";

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "this user may not read it",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is a file",
  ELOOP: "its links go in a circle",
};

/** The error of a file as a sentence with its path; every other error as it is. */
export function aboutFile(path: string, error: unknown): unknown {
  const problem = PROBLEMS[(error as NodeJS.ErrnoException | null)?.code ?? ""];
  return problem === undefined ? error : new Error(`${path}: ${problem}`, { cause: error });
}

/** Rejects before the first octet, so that a reader of the stream need not know how files fail. */
export async function openInput(path: string): Promise<ReadStream> {
  try {
    const handle = await open(path, "r");
    if ((await handle.stat()).isFile()) return handle.createReadStream();
    await handle.close();
    return createReadStream(path);
  } catch (error) {
    throw aboutFile(path, error);
  }
}

export function readTextFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw aboutFile(path, error);
  }
}

const OUTPUT_PROBLEMS: Readonly<Record<string, string>> = {
  EEXIST: "exists already: name a file that does not",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file",
};

/** Makes a file that does not exist yet, which only its owner can read: what we write has addresses and mail in it. */
export function createOutput(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    const problem = code === "ENOENT" ? `there is no folder ${dirname(path)}` : OUTPUT_PROBLEMS[code];
    throw problem === undefined ? cause : new Error(`${path}: ${problem}`, { cause });
  }
}

/** stdout, or a new file. */
export function openOutput(path: string | undefined): { readonly stream: Writable; readonly end: boolean } {
  if (path === undefined) return { stream: process.stdout, end: false };
  createOutput(path);
  return { stream: createWriteStream(path, { flags: "r+" }), end: true };
}
