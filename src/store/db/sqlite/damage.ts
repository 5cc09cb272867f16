/**
 * A log whose file is damaged, found by whichever process came upon it: noted beside the file, so that the one that
 * writes stops too. Writing on would put new events into a file that has to be replaced by a backup.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";

const markOf = (path: string): string => `${path}.damaged`;

/** `what`: in SQLite's words. The first one stays. */
export function noteDamage(path: string, what: string): void {
  try {
    writeFileSync(markOf(path), `${what}\n`, { flag: "wx", mode: 0o600 });
  } catch {
    // Noted before, or the disk takes no writes: then the log takes none either.
  }
}

export const clearDamage = (path: string): void => rmSync(markOf(path), { force: true });

/** What was found; null for a file in order. */
export function damageOf(path: string): string | null {
  try {
    return readFileSync(markOf(path), "utf8").trim() || "damaged";
  } catch {
    return null;
  }
}

export class DamagedLog extends Error {
  override name = "DamagedLog";
  constructor(path: string, what: string) {
    super(
      `${path} is damaged (${what}): nothing more is written to it, and events wait in Redis; restore it from a backup and restart`,
    );
  }
}
