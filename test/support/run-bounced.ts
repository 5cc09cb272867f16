/** Runs the command line in a process of its own, as a person or a mail server does. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { MODULE_CACHE } from "./module-cache.ts";

const BIN = fileURLToPath(new URL("../../src/cli/bin.mjs", import.meta.url));

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly done: Promise<RunResult>;
}

interface RunOptions {
  /** Beside PATH; nothing else of the test's own environment is seen, and there is no home. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
}

export function startBounced(args: readonly string[], options: RunOptions = {}): RunningCommand {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: "/nonexistent",
      NO_COLOR: "1",
      NODE_COMPILE_CACHE: MODULE_CACHE,
      ...options.env,
    },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  const done = new Promise<RunResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") }),
    );
  });
  return { child, done };
}

export const runBounced = (args: readonly string[], options: RunOptions = {}): Promise<RunResult> =>
  startBounced(args, options).done;
