/**
 * The private Redis: a supervised child on a Unix socket under the data directory, which has every write on disk
 * before it answers. A service that was killed leaves its child behind; the next one takes it over, because a second
 * server on the same append-only file would destroy it.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** sun_path holds 108 octets on Linux and 104 on macOS. */
const MAX_SOCKET_PATH = 100;
const START_MS = 60_000;
const JOIN_MS = 10_000;
const STOP_MS = 10_000;
const LONGEST_RESTART_MS = 5000;
/** Pid of the service that answers for the server, and of the server itself. */
const OWNER_FILE = "owner.pid";
const SERVER_FILE = "server.pid";

export interface PrivateRedisOptions {
  readonly binary: string;
  /** Where the append-only file lives. */
  readonly folder: string;
  readonly maxMemoryBytes?: number;
  readonly onNote?: (line: string) => void;
}

export interface PrivateRedis {
  /** `unix:<path>`. */
  readonly url: string;
  /** Of the server that runs now; null while it is down. */
  pid(): number | null;
  /** Stops the server, unless another running service started it. */
  stop(): Promise<void>;
}

/** Where the private Redis of a data directory keeps its files. */
export const privateFolder = (dataDir: string): string => join(dataDir, "redis");

/** Where it listens. */
export function privateSocket(folder: string): string {
  const path = join(folder, "redis.sock");
  if (path.length <= MAX_SOCKET_PATH) return path;
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  return join(tmpdir(), `bounced-${name}.sock`);
}

/** Starts the server, or joins the one that another running service has on this folder; resolves when it answers. */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const { folder, onNote = () => undefined } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const socket = privateSocket(folder);
  if (!claim(folder) && (await isAnswering(socket, JOIN_MS))) {
    onNote("joined the Redis that another service runs here");
    return { url: `unix:${socket}`, pid: () => null, stop: () => Promise.resolve() };
  }
  await endOrphan(folder, socket, onNote);
  writeFileSync(join(folder, OWNER_FILE), String(process.pid));
  let child = spawnServer(options, socket);
  let isStopping = false;
  let restarts = 0;
  const superviseChild = (): void => {
    const startedAt = Date.now();
    child.once("exit", (code, signal) => {
      if (isStopping) return;
      restarts = Date.now() - startedAt > 60_000 ? 1 : restarts + 1;
      const waitMs = Math.min(100 * 2 ** (restarts - 1), LONGEST_RESTART_MS);
      onNote(`Redis ended (${signal ?? `code ${code}`}); starting it again in ${waitMs} ms`);
      setTimeout(() => {
        if (isStopping) return;
        child = spawnServer(options, socket);
        superviseChild();
      }, waitMs);
    });
  };
  superviseChild();
  if (!(await isAnswering(socket, START_MS, () => isAlive(child)))) {
    isStopping = true;
    child.kill("SIGKILL");
    throw new Error(`the private Redis in ${folder} did not start; run ${options.binary} by hand to see why`);
  }
  // Last resort where the service ends without stop(): TERM makes Redis end in good order.
  const onExit = (): void => void child.kill("SIGTERM");
  process.once("exit", onExit);
  return {
    url: `unix:${socket}`,
    pid: () => (isAlive(child) ? (child.pid ?? null) : null),
    async stop() {
      isStopping = true;
      process.removeListener("exit", onExit);
      if (isAlive(child)) {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        // A server that is stopped (SIGSTOP) or stuck on its disk does not hear TERM.
        const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
        await ended;
        clearTimeout(killer);
      }
      note(folder, OWNER_FILE, null);
    },
  };
}

/** False if another running service owns the folder. */
function claim(folder: string): boolean {
  const file = join(folder, OWNER_FILE);
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    return !isRunning(readPid(file));
  }
}

/** A server left behind by a killed service: everything it acknowledged is on disk, so it may be ended at any time. */
async function endOrphan(folder: string, socket: string, onNote: (line: string) => void): Promise<void> {
  const pid = readPid(join(folder, SERVER_FILE));
  if (pid === null || !isRedis(pid)) return;
  onNote(`ending the Redis that a killed service left behind (pid ${pid})`);
  process.kill(pid, "SIGTERM");
  const deadline = Date.now() + STOP_MS;
  while (isRedis(pid)) {
    if (Date.now() > deadline) process.kill(pid, "SIGKILL");
    await sleep(20);
  }
  rmSync(socket, { force: true });
}

function spawnServer({ binary, folder, maxMemoryBytes, onNote }: PrivateRedisOptions, socket: string): ChildProcess {
  const settings: Readonly<Record<string, string>> = {
    port: "0",
    unixsocket: socket,
    unixsocketperm: "700",
    dir: folder,
    daemonize: "no",
    appendonly: "yes",
    appendfsync: "always",
    save: "",
    // A rewrite of the append-only file must not suspend the promise.
    "no-appendfsync-on-rewrite": "no",
    "maxmemory-policy": "noeviction",
    maxmemory: String(maxMemoryBytes ?? Math.floor(totalmem() / 2)),
    loglevel: "warning",
  };
  // Detached: Ctrl-C reaches the whole process group, and Redis must outlive the listener's last 250.
  const child = spawn(
    binary,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  const report = (chunk: Buffer): void => {
    for (const line of chunk.toString("utf8").split("\n")) if (line.includes(" # ")) onNote?.(`redis: ${line}`);
  };
  child.stdout?.on("data", report);
  child.stderr?.on("data", report);
  child.on("error", (error) => onNote?.(`redis: ${error.message}`));
  note(folder, SERVER_FILE, child.pid ?? null);
  return child;
}

const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** While the append-only file is being loaded the answer to PING is `-LOADING`: not yet. */
async function isAnswering(socket: string, withinMs: number, goOn: () => boolean = () => true): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline && goOn()) {
    if ((await command(socket, "PING")) === "+PONG") return true;
    await sleep(20);
  }
  return false;
}

/** First line of the reply to an inline command; null if nobody answers. */
function command(socket: string, line: string): Promise<string | null> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.setTimeout(2000, () => connection.destroy());
    connection.once("connect", () => connection.write(`${line}\r\n`));
    connection.once("data", (data) => {
      resolve(data.toString("latin1").split("\r\n", 1)[0] ?? null);
      connection.destroy();
    });
    connection.once("error", () => resolve(null));
    connection.once("close", () => resolve(null));
  });
}

/** A disk that fails must not end the service: it goes on answering 451. */
function note(folder: string, file: string, pid: number | null): void {
  try {
    if (pid === null) rmSync(join(folder, file), { force: true });
    else writeFileSync(join(folder, file), String(pid));
  } catch {
    // The notes only help the next start.
  }
}

function readPid(file: string): number | null {
  try {
    return Number(readFileSync(file, "utf8")) || null;
  } catch {
    return null;
  }
}

/** Pids are used again: only a process that calls itself Redis or Valkey is one. */
function isRedis(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" });
  return /redis|valkey/.test(stdout ?? "");
}

function isRunning(pid: number | null): boolean {
  if (pid === null || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
