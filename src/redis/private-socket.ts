/**
 * Where the private Redis listens: in its own folder, or, where that path is too long for a socket, in a folder of ours
 * under the system's temporary one, whose random name is noted. Whoever connects checks that nobody else could have put
 * the socket there.
 */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** sun_path holds 108 octets on Linux and 104 on macOS. */
const MAX_SOCKET_PATH = 100;
/** Names the socket, where it is not in the folder itself. */
const NOTE = "socket.path";
/** A path that leads nowhere. */
const NOWHERE = "/dev/null/redis.sock";

/** Where the private Redis of a data directory keeps its files. */
export const privateFolder = (dataDir: string): string => join(dataDir, "redis");

/** For programs that connect; a path that leads nowhere while there is no socket that can be trusted. */
export function privateSocket(folder: string): string {
  const path = join(folder, "redis.sock");
  if (path.length <= MAX_SOCKET_PATH) return path;
  const noted = readNote(folder);
  return noted !== null && isPrivate(dirname(noted), ownerOf(folder)) ? noted : NOWHERE;
}

/** For who starts the server: makes the folders, closes them to others. Throws where they belong to somebody else. */
export function prepareSocket(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const us = process.getuid?.() ?? null;
  const owner = ownerOf(folder);
  if (us !== null && us !== 0 && owner !== us)
    throw new Error(`${folder} belongs to another user (uid ${owner}): nothing in it can be trusted`);
  chmodSync(folder, 0o700);
  const socket = privateSocket(folder);
  if (socket !== NOWHERE) return socket;
  const place = mkdtempSync(join(tmpdir().length < 60 ? tmpdir() : "/tmp", "bounced-"));
  writeFileSync(join(folder, NOTE), join(place, "redis.sock"), { mode: 0o600 });
  return join(place, "redis.sock");
}

function readNote(folder: string): string | null {
  try {
    return readFileSync(join(folder, NOTE), "utf8");
  } catch {
    return null;
  }
}

/** Null where there is none, and on systems without owners. */
function ownerOf(path: string): number | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat && process.getuid ? stat.uid : null;
}

/** A real folder, not a link, of that owner, which nobody else can enter. */
function isPrivate(folder: string, owner: number | null): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return false;
  return owner === null || ((stat.uid === owner || stat.uid === process.getuid?.()) && (stat.mode & 0o077) === 0);
}
