/** Which running service answers for the private Redis of a folder: a file with its pid, and when that process began. */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const OWNER_FILE = "owner.pid";
const SERVER_FILE = "server.pid";

/** True when this process answers for the folder from now on; false if another running one does. */
export function claimFolder(folder: string): boolean {
  const file = join(folder, OWNER_FILE);
  if (writeNew(file)) return true;
  if (isOwned(folder)) return false;
  // Left behind by a killed service. Only one of those who see that may take its place.
  const turn = `${file}.turn`;
  if (!writeNew(turn)) {
    if (!isRunning(read(turn))) rmSync(turn, { force: true });
    return false;
  }
  try {
    if (isOwned(folder)) return false;
    writeFileSync(file, identityOf(process.pid));
    return true;
  } finally {
    rmSync(turn, { force: true });
  }
}

/** A disk that fails must not end the service: it goes on answering 451. */
export function releaseFolder(folder: string): void {
  try {
    rmSync(join(folder, OWNER_FILE), { force: true });
  } catch {
    // The next start sees that this process is gone.
  }
}

/** Whether another running process answers for it. */
export const isOwned = (folder: string): boolean => {
  const owner = read(join(folder, OWNER_FILE));
  return owner !== null && !owner.startsWith(`${process.pid} `) && owner !== String(process.pid) && isRunning(owner);
};

/** Null takes the note away. */
export function noteServer(folder: string, pid: number | null): void {
  try {
    if (pid === null) rmSync(join(folder, SERVER_FILE), { force: true });
    else writeFileSync(join(folder, SERVER_FILE), String(pid));
  } catch {
    // The note only helps the next start.
  }
}

/** Pid of the server that was started last, if it still runs. Pids are used again: it must call itself Redis or Valkey. */
export function runningServer(folder: string): number | null {
  const pid = Number(read(join(folder, SERVER_FILE))) || null;
  if (pid === null) return null;
  const { stdout } = spawnSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" });
  return /redis|valkey/.test(stdout ?? "") ? pid : null;
}

function writeNew(file: string): boolean {
  try {
    writeFileSync(file, identityOf(process.pid), { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** A pid with the time at which its process began, where the system says that: pids are used again. */
function identityOf(pid: number): string {
  try {
    // Field 22 of proc(5), counted after the name, which may hold anything.
    const [began = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ").slice(19, 20) ?? [];
    return `${pid} ${began}`;
  } catch {
    return String(pid);
  }
}

function isRunning(identity: string | null): boolean {
  const pid = Number.parseInt(identity ?? "", 10);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return !identity?.includes(" ") || identity === identityOf(pid);
}
