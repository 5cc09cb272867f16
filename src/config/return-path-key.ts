/**
 * The key of signed return paths where BOUNCED_SECRET gives none: made at the first start, kept in the data directory.
 * Machines that share a Redis agree through it, because an address that one signs comes back to any of them.
 */
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../machine/error-message.ts";

const KEY = /^[\w+/=-]{32,200}$/;

export const returnPathKeyFile = (dataDir: string): string => join(dataDir, "return-path.key");

/** The kept keys, one a line, the signing one first; empty where there is no file. */
export function keptKeys(dataDir: string): readonly string[] {
  try {
    return readFileSync(returnPathKeyFile(dataDir), "utf8")
      .split(/\s+/)
      .filter((line) => KEY.test(line));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR")) return [];
    throw cause;
  }
}

export interface ProvidedKeys {
  readonly keys: readonly string[];
  /** For the start banner. */
  readonly notes: readonly string[];
}

/**
 * The keys of this process: those of BOUNCED_SECRET and those kept before, else one that is made now. `shareKey` gives
 * the key of the installation: the one it is offered, or the one that another machine offered first.
 */
export async function provideReturnPathKeys(
  { dataDir, BOUNCED_SECRET }: { readonly dataDir: string; readonly BOUNCED_SECRET: readonly string[] },
  shareKey: (offered: string) => Promise<string>,
): Promise<ProvidedKeys> {
  const kept = keptKeys(dataDir);
  if (BOUNCED_SECRET.some((key) => !kept.includes(key))) return { keys: BOUNCED_SECRET, notes: [] };
  let keys = kept.length > 0 ? kept : keepFirst(dataDir, randomBytes(32).toString("hex"));
  const notes: string[] = [];
  const own = keys[0] ?? "";
  const shared = await shareKey(own).catch((error: unknown) => {
    notes.push(`return paths: Redis did not say whether another machine has made a key (${messageOf(error)})`);
    return own;
  });
  if (shared !== own) keys = keepAll(dataDir, [shared, ...keys.filter((key) => key !== shared)]);
  const file = returnPathKeyFile(dataDir);
  notes.push(`return paths are signed with the key in ${file}; to set it yourself: BOUNCED_SECRET=$(head -n1 ${file})`);
  return { keys, notes };
}

/** Where another process was first, its key is the one. */
function keepFirst(dataDir: string, key: string): readonly string[] {
  const temporary = writeTemporary(dataDir, [key]);
  try {
    linkSync(temporary, returnPathKeyFile(dataDir));
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
  } finally {
    rmSync(temporary, { force: true });
  }
  return keptKeys(dataDir);
}

function keepAll(dataDir: string, keys: readonly string[]): readonly string[] {
  renameSync(writeTemporary(dataDir, keys), returnPathKeyFile(dataDir));
  return keys;
}

function writeTemporary(dataDir: string, keys: readonly string[]): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = `${returnPathKeyFile(dataDir)}.${process.pid}`;
  writeFileSync(path, `${keys.join("\n")}\n`, { mode: 0o600 });
  return path;
}
