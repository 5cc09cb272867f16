/** A mail server that runs for one test file. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface MailServer {
  /** Takes mail from applications, without authentication. */
  readonly port: number;
  /** What it printed, for a test that fails. */
  log(): string;
  stop(): Promise<void>;
}

const START_WITHIN_MS = 60_000;
const END_WITHIN_MS = 3000;

/** Started as the leader of a process group, which `stop` ends as a whole. Resolves once the port answers. */
export async function startMailServer(
  command: readonly [string, ...string[]],
  port: number,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<MailServer> {
  const [program, ...args] = command;
  const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const end = async (): Promise<void> => {
    if (child.pid === undefined || child.exitCode !== null) return;
    process.kill(-child.pid, "SIGTERM");
    const killer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), END_WITHIN_MS);
    await exited;
    clearTimeout(killer);
  };
  for (const deadline = Date.now() + START_WITHIN_MS; !(await answers(port)); await sleep(100))
    if (child.exitCode !== null || Date.now() > deadline) {
      await end();
      throw new Error(`${command.join(" ")}: does not answer on port ${port}: ${text}`);
    }
  return { port, log: () => text, stop: end };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    return await Promise.race([once(socket, "data").then(() => true), once(socket, "close").then(() => false)]);
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
