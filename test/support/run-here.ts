/** Runs a command line in this process: as `bounced` in a pipe, without the start of a process and without settings. */
import { vi } from "vitest";
import { runCommandLine } from "../../src/cli/run.ts";
import type { RunResult } from "./run-bounced.ts";

type Write = (chunk: string | Uint8Array, encoding?: unknown, done?: () => void) => boolean;

export async function runHere(words: readonly string[], env: Record<string, string> = {}): Promise<RunResult> {
  const written = { stdout: "", stderr: "" };
  const into =
    (name: keyof typeof written): Write =>
    (chunk, encoding, done) => {
      written[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      const then = typeof encoding === "function" ? encoding : done;
      then?.();
      return true;
    };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(into("stdout")),
    vi.spyOn(process.stderr, "write").mockImplementation(into("stderr")),
    vi.spyOn(console, "log").mockImplementation((text: string) => void (written.stdout += `${text}\n`)),
    vi.spyOn(console, "error").mockImplementation((text: string) => void (written.stderr += `${text}\n`)),
  ];
  for (const name of Object.keys(process.env))
    if (name.startsWith("BOUNCED_") || name.endsWith("_URL")) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    return { code: await runCommandLine(words), ...written };
  } finally {
    process.exitCode = undefined;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}
