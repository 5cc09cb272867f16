/**
 * Processes whose supervisor was killed end by themselves, in good order, which takes as long as the message that they
 * have in hand. Until then they hold their ports: the next start waits for them.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const WAIT_MS = 30_000;

const folderOf = (dataDir: string): string => join(dataDir, "run");
const fileOf = (dataDir: string, supervisor: number): string => join(folderOf(dataDir), `${supervisor}.json`);

/** For the next start; an empty list takes the note away. A disk that fails must not end the service. */
export function notePids(dataDir: string, pids: readonly number[]): void {
  try {
    mkdirSync(folderOf(dataDir), { recursive: true, mode: 0o700 });
    if (pids.length === 0) rmSync(fileOf(dataDir, process.pid), { force: true });
    else writeFileSync(fileOf(dataDir, process.pid), JSON.stringify(pids));
  } catch {
    // The next start then does not wait.
  }
}

/** Resolves when what a killed supervisor left behind has ended, at the latest after half a minute. */
export async function awaitOrphans(dataDir: string, announce: (line: string) => void): Promise<void> {
  for (const { file, supervisor, pids } of readNotes(dataDir)) {
    if (supervisor !== process.pid && isSupervisor(supervisor)) continue;
    const deadline = performance.now() + WAIT_MS;
    let orphans = pids.filter(isRoleProcess);
    if (orphans.length > 0)
      announce(`waiting for the processes of a killed bounced to finish their active jobs (${orphans.join(", ")})`);
    while (orphans.length > 0 && performance.now() < deadline) {
      await sleep(50);
      orphans = orphans.filter(isRoleProcess);
    }
    rmSync(file, { force: true });
  }
}

function readNotes(dataDir: string): readonly { file: string; supervisor: number; pids: readonly number[] }[] {
  let names: readonly string[];
  try {
    names = readdirSync(folderOf(dataDir)).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    return [];
  }
  return names.map((name) => {
    const file = join(folderOf(dataDir), name);
    return { file, supervisor: Number.parseInt(name, 10), pids: readPids(file) };
  });
}

function readPids(file: string): readonly number[] {
  try {
    const pids: unknown = JSON.parse(readFileSync(file, "utf8"));
    return Array.isArray(pids) ? pids.filter((pid) => typeof pid === "number") : [];
  } catch {
    return [];
  }
}

/** Pids are used again: what the process was called with tells. */
const isRoleProcess = (pid: number): boolean => argumentsOf(pid).includes("role-process");
const isSupervisor = (pid: number): boolean => /\bserve\b/.test(argumentsOf(pid));

function argumentsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    if (process.platform === "linux") return "";
    return spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
  }
}
