/** Runs the load generator as a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { KEY_VARIABLE } from "./signed-headers.ts";

export interface Load {
  readonly port: number;
  readonly messages: number;
  readonly connections: number;
  /** Makes the messages' ids distinct from those of other runs. */
  readonly prefix: string;
  /** Messages a second; 0: as many as go. @defaultValue 0 */
  readonly rate?: number;
  /** Whether every other message returns a signed header, or the same octets that prove nothing. */
  readonly mode?: "proof" | "no-proof";
  /** What the headers are signed with. */
  readonly signingKey?: string;
}

export interface LoadResult {
  readonly accepted: number;
  readonly seconds: number;
  /** From when a message was to begin to its 250. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Rejects if not every message was accepted. */
export async function runLoad({
  port,
  messages,
  connections,
  prefix,
  rate = 0,
  mode,
  signingKey = "",
}: Load): Promise<LoadResult> {
  const words = [port, messages, connections, prefix, rate, ...(mode ? [mode] : [])].map(String);
  const child = spawn(process.execPath, [join(import.meta.dirname, "load.ts"), ...words], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, [KEY_VARIABLE]: signingKey },
  });
  const [output] = (await once(child.stdout, "data")) as [Buffer];
  const result = JSON.parse(String(output)) as LoadResult;
  if (result.accepted !== messages) throw new Error(`${result.accepted} of ${messages} accepted`);
  return result;
}
