/**
 * The private Redis: a supervised child on a Unix socket that only we can reach, which has every write on disk before
 * it answers. A service that was killed leaves its child behind; the next one ends it and starts its own, because a
 * second server on the same append-only file would destroy it. Further services on the same data directory use the
 * server of the first, and start one of their own when that service ends.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { connect } from "node:net";
import { totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { claimFolder, isOwned, noteServer, releaseFolder, runningServer } from "./private-owner.ts";
import { prepareSocket } from "./private-socket.ts";

const START_MS = 60_000;
const STOP_MS = 10_000;
const LONGEST_RESTART_MS = 5000;
/** How often a service that uses another's server looks whether that service still runs. */
const WATCH_MS = 500;

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
  /** Of the server that runs now as our child; null while there is none. */
  pid(): number | null;
  /** Stops the server, unless another running service started it. */
  stop(): Promise<void>;
}

/** Starts the server, or joins the one that another running service has on this folder; resolves when it answers. */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const { folder, onNote = () => undefined } = options;
  const socket = prepareSocket(folder);
  const deadline = Date.now() + START_MS;
  while (!claimFolder(folder)) {
    // Whoever answers for the folder may be about to start its server, or about to stop.
    if (isOwned(folder) && (await isAnswering(socket, 200, () => runningServer(folder)))) {
      onNote("using the Redis that another service runs on this data directory");
      return joinServer(options, socket);
    }
    if (Date.now() > deadline)
      throw new Error(`another service uses ${folder}, and its Redis does not answer: stop that service first`);
    await sleep(100);
  }
  return runServer(options, socket);
}

/** Uses a server of another service until that service ends, then runs one. */
function joinServer(options: PrivateRedisOptions, socket: string): PrivateRedis {
  const { folder, onNote } = options;
  let own: Promise<PrivateRedis | null> | null = null;
  let running: PrivateRedis | null = null;
  const timer = setInterval(() => {
    if (own || isOwned(folder) || !claimFolder(folder)) return;
    onNote?.("the service that ran the Redis of this data directory has ended: starting one here");
    own = runServer(options, socket).then(
      (started) => (running = started),
      (error: unknown) => {
        onNote?.(`redis: error: ${error instanceof Error ? error.message : String(error)}`);
        releaseFolder(folder);
        own = null;
        return null;
      },
    );
  }, WATCH_MS);
  return {
    url: `unix:${socket}`,
    pid: () => running?.pid() ?? null,
    async stop() {
      clearInterval(timer);
      await (await own)?.stop();
    },
  };
}

/** The folder is ours. */
async function runServer(options: PrivateRedisOptions, socket: string): Promise<PrivateRedis> {
  const { folder, onNote = () => undefined } = options;
  await endOrphan(folder, onNote);
  // Nobody else can have put one there: the folder is ours alone. A server that was killed leaves it.
  rmSync(socket, { force: true });
  let child = spawnServer(options, socket);
  let isStopping = false;
  let restarts = 0;
  const superviseChild = (): void => {
    const startedAt = Date.now();
    child.once("exit", (code, signal) => {
      if (isStopping) return;
      restarts = Date.now() - startedAt > 60_000 ? 1 : restarts + 1;
      const waitMs = Math.min(100 * 2 ** (restarts - 1), LONGEST_RESTART_MS);
      onNote(`Redis ended (${signal ?? `code ${code}`}); restarting it in ${waitMs} ms`);
      setTimeout(() => {
        if (isStopping) return;
        child = spawnServer(options, socket);
        superviseChild();
      }, waitMs);
    });
  };
  superviseChild();
  if (!(await isAnswering(socket, START_MS, () => (isAlive(child) ? (child.pid ?? null) : null)))) {
    isStopping = true;
    child.kill("SIGKILL");
    releaseFolder(folder);
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
      releaseFolder(folder);
    },
  };
}

/** A server left behind by a killed service: everything it acknowledged is on disk, so it may be ended at any time. */
async function endOrphan(folder: string, onNote: (line: string) => void): Promise<void> {
  const pid = runningServer(folder);
  if (pid === null) return;
  onNote(`stopping the Redis that a killed service left behind (pid ${pid})`);
  process.kill(pid, "SIGTERM");
  const deadline = Date.now() + STOP_MS;
  while (runningServer(folder) === pid) {
    if (Date.now() > deadline) process.kill(pid, "SIGKILL");
    await sleep(20);
  }
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
  noteServer(folder, child.pid ?? null);
  return child;
}

const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/**
 * Whether the server with that pid answers on the socket. While the append-only file is being loaded the answer to PING
 * is `-LOADING`: not yet. Null as `pid`: it has ended, nothing will come.
 */
async function isAnswering(socket: string, withinMs: number, pid: () => number | null): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    const expected = pid();
    if (expected === null) return false;
    if ((await pidThatAnswers(socket)) === expected) return true;
    await sleep(20);
  }
  return false;
}

/** Null if nobody answers, or not yet. */
function pidThatAnswers(socket: string): Promise<number | null> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    let text = "";
    connection.setTimeout(2000, () => connection.destroy());
    connection.once("connect", () => connection.write("PING\r\nINFO server\r\n"));
    connection.on("data", (data) => {
      text += data.toString("latin1");
      const [, pid] = /^\+PONG\r\n.*\r\nprocess_id:(\d+)\r\n/s.exec(text) ?? [];
      if (pid === undefined && text.startsWith("+PONG") && text.length < 64 * 1024) return;
      resolve(pid === undefined ? null : Number(pid));
      connection.destroy();
    });
    connection.once("error", () => resolve(null));
    connection.once("close", () => resolve(null));
  });
}
