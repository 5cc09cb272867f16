#!/usr/bin/env node
// Plain JavaScript that an old Node can parse: finds a Node new enough for the rest, or says what to do in one line.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const NEEDED = 24;
const here = dirname(fileURLToPath(import.meta.url));
/** A checkout runs the sources, the published package what was built of them. */
const main = ["main.ts", "../../dist/src/cli/main.js"].map((name) => join(here, name)).find((path) => existsSync(path));

/** Node from the platform package that the lockfile pins, or null. */
function pinnedNode() {
  const require = createRequire(import.meta.url);
  for (const name of [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]) {
    try {
      return join(dirname(require.resolve(`${name}/package.json`)), "bin", "node");
    } catch {
      // not for this platform
    }
  }
  return null;
}

if (Number(process.versions.node.split(".")[0]) >= NEEDED) {
  await import(main);
} else {
  const node = pinnedNode();
  if (!node) {
    console.error(
      `bounced needs Node ${NEEDED} or newer, this is ${process.version}. Install it (https://nodejs.org), or run \`npm ci\` here, which brings one.`,
    );
    process.exit(1);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  const isOnTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  // A terminal sends Ctrl-C to both, and a second one would end the child before it has stopped in order.
  process.on("SIGINT", () => isOnTerminal || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // As a shell counts: Ctrl-C is 130.
  child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
}
