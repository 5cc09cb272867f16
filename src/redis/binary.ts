/** The redis-server or valkey-server program of this machine; installed through the system's package manager if missing. */
import { spawnSync } from "node:child_process";
import { canInstallDebianPackages, findProgram, installDebianPackages } from "../machine/apt.ts";

const NAMES = ["valkey-server", "redis-server"] as const;

export interface ProvisionOptions {
  /** BOUNCED_PROVISION. */
  readonly mayInstall: boolean;
  /** Told in one line what is about to be installed. */
  readonly announce: (line: string) => void;
}

/** Absolute path; null where there is none. */
export const findRedisBinary = (): string | null => findProgram(...NAMES);

/** One command a line. */
export const HOW_TO_INSTALL_REDIS: readonly string[] = [
  "  Debian, Ubuntu:  sudo apt-get install redis-server",
  "  Fedora, RHEL:    sudo dnf install valkey",
  "  Alpine:          sudo apk add redis",
  "  macOS:           brew install redis",
];

/** Absolute path. Throws an error that names the commands to run where there is none and it may not be installed. */
export function provideRedisBinary({ mayInstall, announce }: ProvisionOptions): string {
  const found = findRedisBinary();
  if (found) return found;
  if (mayInstall && canInstallDebianPackages()) {
    announce("No Redis found: installing Debian package redis-server (BOUNCED_PROVISION=0 prevents this) ...");
    installDebianPackages(["redis-server"]);
  } else if (mayInstall && process.platform === "darwin" && findProgram("brew")) {
    announce("No Redis found: running `brew install redis` (BOUNCED_PROVISION=0 prevents this) ...");
    spawnSync("brew", ["install", "--quiet", "redis"], { stdio: "inherit" });
  }
  const installed = findRedisBinary();
  if (installed) return installed;
  throw new Error(
    [
      "No Redis: REDIS_URL is not set, and neither redis-server nor valkey-server is on PATH. One of these helps:",
      ...HOW_TO_INSTALL_REDIS,
      "  a Redis of yours: REDIS_URL=redis://host:6379",
    ].join("\n"),
  );
}
