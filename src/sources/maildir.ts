/** Maildir: a message is marked by its file's name. https://cr.yp.to/proto/maildir.html */
import { rename } from "node:fs/promises";
import { basename, join } from "node:path";

const INFO = /:2,([A-Za-z]*)$/;

export const isSeen = (path: string): boolean => INFO.exec(path)?.[1]?.includes("S") ?? false;

/** Where a message lies once it is marked: in `cur`, with `S` among its flags in the order of ASCII. */
export function seenPath(maildir: string, path: string): string {
  const name = basename(path);
  const flags = new Set([...(INFO.exec(name)?.[1] ?? "").split(""), "S"]);
  return join(maildir, "cur", `${name.replace(INFO, "")}:2,${[...flags].toSorted().join("")}`);
}

/** Resolves with its new path. A message that another program moved meanwhile is left to it: null. */
export async function markSeen(maildir: string, path: string): Promise<string | null> {
  const target = seenPath(maildir, path);
  try {
    await rename(path, target);
    return target;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
