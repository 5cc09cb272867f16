/** What all files of a run share: a folder, and the servers that the first of them to need one started in it. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const VARIABLE = "BOUNCED_TEST_RUN";
const STOP = "stop.json";
const LONGEST_MS = 120_000;

/** Of vitest's global set-up, which each project calls. */
export function setup(): void {
  if (process.env[VARIABLE] !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "bounced-run-"));
  // For servers that run as a user of their own.
  chmodSync(folder, 0o755);
  process.env[VARIABLE] = folder;
}

export function teardown(): void {
  const folder = process.env[VARIABLE];
  if (folder === undefined) return;
  delete process.env[VARIABLE];
  const stop = join(folder, STOP);
  if (existsSync(stop)) {
    const [file, ...args] = JSON.parse(readFileSync(stop, "utf8")) as string[];
    execFileSync(file ?? "", args, { cwd: folder, stdio: "ignore" });
  }
  rmSync(folder, { recursive: true, force: true });
}

export function runFolder(): string {
  const folder = process.env[VARIABLE];
  if (folder === undefined) throw new Error("this needs vitest's global set-up, test/support/run-folder.ts");
  return folder;
}

/** Runs `make` in the first process that asks, with an empty folder; the others wait for it. */
export async function onceInRun(name: string, make: (folder: string) => void | Promise<void>): Promise<string> {
  const folder = join(runFolder(), name);
  const [done, failed] = [`${folder}.done`, `${folder}.failed`];
  try {
    mkdirSync(folder);
  } catch {
    const until = Date.now() + LONGEST_MS;
    while (!existsSync(done)) {
      if (existsSync(failed) || Date.now() > until)
        throw new Error(`${name} was not made; the first test that asked says why`);
      await sleep(20);
    }
    return folder;
  }
  try {
    await make(folder);
  } catch (cause) {
    writeFileSync(failed, "");
    throw cause;
  }
  writeFileSync(done, "");
  return folder;
}

/** The command that stops the one server of the run. */
export const stopWith = (command: readonly string[]): void =>
  writeFileSync(join(runFolder(), STOP), JSON.stringify(command));
