/** Runs many command lines in one process of its own, in a pipe or on a terminal of 80 columns (a pty of `script`). */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MODULE_CACHE } from "./module-cache.ts";

const HERE = join(import.meta.dirname, "command-session-main.ts");
const MARK = /^@@@ (begin|end) (.*?)\r?\n/gm;

export interface SessionOutput {
  readonly code: number;
  /** Standard output; on a terminal, standard error too. */
  readonly text: string;
}

interface Session {
  readonly folder: string;
  readonly lines: Readonly<Record<string, readonly string[]>>;
  readonly env: Readonly<Record<string, string>>;
  readonly isTerminal: boolean;
}

/** By the name of each line. */
export async function runSession({ folder, lines, env, isTerminal }: Session): Promise<Map<string, SessionOutput>> {
  const file = join(folder, "lines.json");
  writeFileSync(file, JSON.stringify(lines));
  const words = [process.execPath, HERE, file];
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const all = await run(
    isTerminal ? ["script", "-qec", `stty cols 80 rows 24 -onlcr; ${quoted}`, "/dev/null"] : words,
    {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      TERM: "xterm-256color",
      NODE_COMPILE_CACHE: MODULE_CACHE,
      ...env,
    },
  );
  const outputs = new Map<string, SessionOutput>();
  const marks = [...all.matchAll(MARK)];
  for (const [index, [mark, kind, rest = ""]] of marks.entries()) {
    const end = marks[index + 1];
    if (kind !== "begin" || !end) continue;
    const text = all.slice((marks[index]?.index ?? 0) + mark.length, end.index);
    outputs.set(rest, { code: Number(end[2]), text });
  }
  return outputs;
}

const run = ([command = "", ...words]: readonly string[], env: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(command, words, { env, maxBuffer: 64 * 1024 ** 2 }, (error, stdout, stderr) =>
      error ? reject(new Error(`${error.message}\n${stdout.slice(-2000)}${stderr}`)) : resolve(stdout),
    );
  });
