/** Installs what builds the site, once: its lockfile is in this folder, so that npm ci in the checkout does not install it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export function provideSite(): void {
  const folder = import.meta.dirname;
  if (existsSync(join(folder, "node_modules/.package-lock.json"))) return;
  const words = ["ci", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--silent"];
  execFileSync("npm", words, { cwd: folder, stdio: "inherit" });
}
