/** Files that a person names: what is wrong with one, in our words. */
import { createReadStream, readFileSync, type ReadStream } from "node:fs";
import { open } from "node:fs/promises";

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
