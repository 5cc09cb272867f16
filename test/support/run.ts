/** Runs the command line as a person or a mail server does. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly done: Promise<Ran>;
}

export function startBounced(words: readonly string[], env: Record<string, string>, stdin = ""): Running {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...env },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.on("error", () => undefined);
  child.stdin.end(Buffer.from(stdin, "latin1"));
  const done = new Promise<Ran>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
  return { child, done };
}

export const runBounced = (words: readonly string[], env: Record<string, string>, stdin = ""): Promise<Ran> =>
  startBounced(words, env, stdin).done;
