/** The whole service in this process and one temporary folder, with a log of five weeks; all of it gone at the end. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROLES } from "../client/service.ts";
import { loadConfig, type Config } from "../config/config.ts";
import { createSignInLink } from "../http/access/sign-in-links.ts";
import { findRedisBinary, HOW_TO_INSTALL_REDIS } from "../redis/binary.ts";
import { runInOneProcess } from "../supervisor/one-process.ts";
import { DEMO_DOMAIN } from "./arrivals.ts";
import { recordDemo, type RecordedDemo } from "./record.ts";

export interface DemoOptions {
  /** Of the pages; null: 8025, or any that is free. */
  readonly port: number | null;
  /** Ends the demo, at any time. */
  readonly signal: AbortSignal;
  readonly onFolder: (folder: string) => void;
  readonly onReady: (demo: ReadyDemo) => void;
}

export interface ReadyDemo {
  readonly recorded: RecordedDemo;
  /** Signs in, once. */
  readonly url: string;
  readonly smtpPort: number;
}

const HTTP_PORT = 8025;
const SMTP_PORT = 2525;
/** A longer one would leave no room for the socket of Redis, which would get a folder elsewhere. */
const LONGEST_BASE = 60;

/** Resolves when everything has ended and the folder is gone. Throws where there is no Redis, before it writes anything. */
export async function runDemo({ port, signal, onFolder, onReady }: DemoOptions): Promise<void> {
  if (findRedisBinary() === null)
    throw new Error(
      [
        "The demo starts a Redis of its own, and neither redis-server nor valkey-server is on PATH. Install one:",
        ...HOW_TO_INSTALL_REDIS,
      ].join("\n"),
    );
  const folder = mkdtempSync(join(tmpdir().length < LONGEST_BASE ? tmpdir() : "/tmp", "bounced-demo-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  // Last resort where the process ends without coming back here.
  process.once("exit", remove);
  try {
    onFolder(folder);
    const config = await configOf(folder, port);
    const recorded = await recordDemo(config, Date.now(), signal);
    if (!signal.aborted) await serve(config, signal, (ready) => onReady({ ...ready, recorded }));
  } finally {
    remove();
    process.removeListener("exit", remove);
  }
}

/** Nothing of the environment: what the user has set belongs to a real service. */
async function configOf(folder: string, port: number | null): Promise<Config> {
  const httpPort = await freePort(port ?? HTTP_PORT);
  if (port !== null && httpPort !== port)
    throw new Error(`--port ${port}: cannot listen on 127.0.0.1:${port}. Choose another port, or leave --port out.`);
  return loadConfig({
    BOUNCED_DATA_DIR: folder,
    BOUNCED_DOMAINS: DEMO_DOMAIN,
    BOUNCED_HTTP_PORT: String(httpPort),
    BOUNCED_LOG_LEVEL: "error",
    BOUNCED_PROVISION: "0",
    BOUNCED_SECRET: randomBytes(32).toString("hex"),
    BOUNCED_SMTP_PORT: String(await freePort(SMTP_PORT)),
  });
}

async function serve(
  config: Config,
  signal: AbortSignal,
  onReady: (ready: Omit<ReadyDemo, "recorded">) => void,
): Promise<void> {
  const roles = new Set(ROLES.filter((role) => role !== "policy"));
  const service = await runInOneProcess(config, roles, () => undefined);
  try {
    if (signal.aborted) return;
    const path = createSignInLink(config.dataDir, Date.now());
    onReady({ url: `http://127.0.0.1:${config.BOUNCED_HTTP_PORT}${path}`, smtpPort: config.BOUNCED_SMTP_PORT });
    await once(signal, "abort");
  } finally {
    await service.stop();
  }
}

/** The wanted one, else any other. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  try {
    await once(server.listen(wanted, "127.0.0.1"), "listening");
  } catch {
    if (wanted === 0) throw new Error("no port is free on 127.0.0.1");
    return freePort(0);
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
