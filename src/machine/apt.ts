/** Installs Debian packages without starting the daemons that come with them. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const POLICY = "/usr/sbin/policy-rc.d";

/** Absolute path of a program on PATH, or null. */
export function findProgram(...names: readonly string[]): string | null {
  // Debian keeps daemons in sbin, which is not on every user's PATH.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin"];
  for (const name of names)
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  return null;
}

/** True where `installDebianPackages` can work: Debian or a child of it, as root. */
export const canInstallDebianPackages = (): boolean => process.getuid?.() === 0 && findProgram("apt-get") !== null;

/**
 * Says no to every start of a daemon while the process runs. Where that was killed before it removed the file, the next
 * package to ask removes it and may start its daemon.
 */
export const policyOf = (pid: number): string =>
  `#!/bin/sh\n# Made by bounced for one installation.\nkill -0 ${pid} 2>/dev/null && exit 101\nrm -f "$0"\nexit 0\n`;

/**
 * One `apt-get install`. Daemons in the packages are not started: a program that runs `redis-server` for itself must
 * not leave a second one on port 6379. Throws with the end of apt's output.
 */
export function installDebianPackages(packages: readonly string[]): void {
  const ownPolicy = !existsSync(POLICY);
  if (ownPolicy) writeFileSync(POLICY, policyOf(process.pid), { mode: 0o755 });
  try {
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages]);
  } finally {
    if (ownPolicy) rmSync(POLICY, { force: true });
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  if (error || status !== 0)
    throw new Error(`${program} ${args.join(" ")}: ${`${error?.message ?? ""}${stdout}${stderr}`.trim().slice(-600)}`);
}
