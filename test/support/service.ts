/** `bounced serve` as a process of its own, on free ports, with what a test wants different in its environment. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MODULE_CACHE } from "./module-cache.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");

export interface TestService {
  readonly process: ChildProcess;
  readonly dataDir: string;
  /** 0 where the role does not run here. */
  readonly smtpPort: number;
  /** `http://127.0.0.1:…`; "" where the role does not run here. */
  readonly httpUrl: string;
  /** Everything printed so far, stdout and stderr. */
  output(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; the data stays. */
  kill(): Promise<void>;
}

/** `roles` null: all of them, each in the process that `serve` gives it. */
export async function startTestService(
  environment: Readonly<Record<string, string>> = {},
  roles: string | null = "smtp,worker",
  onOutput: (all: string) => void = () => undefined,
): Promise<TestService> {
  const ownDataDir = environment["BOUNCED_DATA_DIR"] === undefined;
  const dataDir = environment["BOUNCED_DATA_DIR"] ?? mkdtempSync(join(tmpdir(), "bounced-service-"));
  const child = spawn(process.execPath, [MAIN, "serve", ...(roles === null ? [] : ["--role", roles])], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      BOUNCED_DATA_DIR: dataDir,
      BOUNCED_SMTP_PORT: "0",
      BOUNCED_HTTP_PORT: "0",
      BOUNCED_HTTP_OPEN: "1",
      BOUNCED_DOMAINS: "bounces.example.com",
      BOUNCED_PROVISION: "0",
      NO_COLOR: "1",
      NODE_COMPILE_CACHE: MODULE_CACHE,
      ...environment,
    },
  });
  let text = "";
  const exited = once(child, "exit") as Promise<[number | null]>;
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString("utf8");
      onOutput(text);
      if (text.includes("data in ")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", () => reject(new Error(`serve ended: ${text}`)));
  });
  return {
    process: child,
    dataDir,
    smtpPort: Number(/SMTP on [^ ]*:(\d+)/.exec(text)?.[1] ?? 0),
    httpUrl: /API and pages on (\S+)/.exec(text)?.[1] ?? "",
    output: () => text,
    async stop() {
      child.kill("SIGTERM");
      const [code] = await exited;
      if (ownDataDir) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
