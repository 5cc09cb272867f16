/** Redis as big installations run it, on loopback: with Sentinels, as a cluster, behind TLS. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { freePort } from "./free-port.ts";
import { provideRedisBinary } from "../../src/redis/binary.ts";

export interface RedisTopology {
  readonly url: string;
  /** SIGKILL to the server that took the writes at first. */
  readonly killPrimary: () => Promise<void>;
  /** Stops the server that takes the writes now for so long, and waits until another one or the same has replicas. */
  readonly pausePrimary: (ms: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface Server {
  readonly port: number;
  readonly process: ChildProcess;
}

const DURABLE = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction"];
const CLUSTER_NODE_TIMEOUT_MS = 1500;

/** A primary, two replicas, three Sentinels that need two of them to agree. */
export async function startWithSentinels(): Promise<RedisTopology> {
  const { folder, servers, start, stop } = openFolder();
  const primary = await start([...DURABLE]);
  for (let n = 0; n < 2; n++) await start([...DURABLE, "--replicaof", `127.0.0.1 ${primary.port}`]);
  const sentinels = await Promise.all(
    [1, 2, 3].map((n) => {
      const file = join(folder, `sentinel-${n}.conf`);
      writeFileSync(
        file,
        [
          `sentinel monitor mymaster 127.0.0.1 ${primary.port} 2`,
          "sentinel down-after-milliseconds mymaster 1000",
          "sentinel failover-timeout mymaster 5000",
        ].join("\n"),
      );
      return start(["--sentinel"], file);
    }),
  );
  for (const { port } of sentinels) {
    const client = new Redis({ port });
    const ask = async (what: string): Promise<readonly (readonly string[])[]> =>
      (await client.call("SENTINEL", what, "mymaster")) as string[][];
    while ((await ask("SENTINELS")).length < 2) await sleep(100);
    // It chooses only among replicas that it has seen in order.
    while ((await ask("REPLICAS")).filter((facts) => facts.join(" ").includes("master-link-status ok")).length < 2)
      await sleep(100);
    client.disconnect();
  }
  return {
    url: `redis-sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",")}/mymaster`,
    killPrimary: () => kill(primary),
    pausePrimary: (ms) => pauseOneOf(servers, ms),
    stop,
  };
}

/** Three primaries, and two replicas for the one that has the keys of `{bounced}`: one is left after a failover. */
export async function startCluster(): Promise<RedisTopology> {
  const { servers, start, stop } = openFolder();
  const cluster = `--cluster-enabled yes --cluster-node-timeout ${CLUSTER_NODE_TIMEOUT_MS} --cluster-allow-replica-migration no`;
  const settings = [...DURABLE, ...cluster.split(" ")];
  const nodes: Server[] = [];
  for (let n = 0; n < 5; n++) nodes.push(await start([...settings, "--cluster-config-file", `nodes-${n}.conf`]));
  const clients = nodes.map(({ port }) => new Redis({ port }));
  const [first] = clients;
  if (!first) throw new Error("no node");
  const share = Math.ceil(16_384 / 3);
  for (const [index, client] of clients.slice(0, 3).entries())
    await client.call("CLUSTER", "ADDSLOTSRANGE", index * share, Math.min((index + 1) * share, 16_384) - 1);
  for (const { port } of nodes.slice(1)) await first.call("CLUSTER", "MEET", "127.0.0.1", port);
  const slot = Number(await first.call("CLUSTER", "KEYSLOT", "{bounced}"));
  const owner = Math.floor(slot / share);
  const id = String(await clients[owner]?.call("CLUSTER", "MYID"));
  for (const replica of clients.slice(3)) {
    while (!String(await replica.call("CLUSTER", "NODES")).includes(id)) await sleep(50);
    await replica.call("CLUSTER", "REPLICATE", id);
    while (!(await replica.info("replication")).includes("master_link_status:up")) await sleep(50);
  }
  const isUp = async (client: Redis): Promise<boolean> =>
    String(await client.call("CLUSTER", "INFO")).includes("cluster_state:ok");
  while (!(await Promise.all(clients.map(isUp))).every(Boolean)) await sleep(50);
  for (const client of clients) client.disconnect();
  return {
    url: `redis-cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`,
    killPrimary: () => kill(nodes[owner]),
    pausePrimary: (ms) => pauseOneOf(servers, ms),
    stop,
  };
}

/** One server with these settings on a port of its own; `port` is what its URL needs. */
export async function startPlainServer(
  settings: (port: number) => readonly string[],
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const { start, stop } = openFolder();
  const { port } = await start([...DURABLE], null, settings);
  return { port, stop };
}

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), "bounced-topology-"));
  const binary = provideRedisBinary({ mayInstall: false, announce: () => undefined });
  const servers: Server[] = [];
  return {
    folder,
    servers,
    start: async (
      words: readonly string[],
      file: string | null = null,
      settings: (port: number) => readonly string[] = (port) => ["--port", String(port)],
    ): Promise<Server> => {
      const port = await lowPort();
      const child = spawn(
        binary,
        [
          ...(file === null ? [] : [file]),
          "--dir",
          folder,
          "--bind",
          "127.0.0.1",
          "--appenddirname",
          `aof-${port}`,
          ...settings(port),
          ...words,
        ],
        // One that is left over must not hold the output of the worker open: vitest waits for that to close.
        { stdio: ["ignore", "pipe", "pipe"] },
      );
      let log = "";
      child.stderr.resume();
      child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
      const server = { port, process: child };
      servers.push(server);
      for (;;) {
        if (child.exitCode !== null) throw new Error(`redis-server ended: ${log}`);
        if (await listens(port)) return server;
        await sleep(20);
      }
    },
    stop: async (): Promise<void> => {
      await Promise.all(servers.map(kill));
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

/** The primary with replicas: the one that has our keys. */
async function pauseOneOf(servers: readonly Server[], ms: number): Promise<void> {
  const paused = await primaryOf(servers);
  paused.process.kill("SIGSTOP");
  await sleep(ms);
  paused.process.kill("SIGCONT");
  // What it took in its sleep it says now.
  await sleep(500);
  await primaryOf(servers);
}

async function primaryOf(servers: readonly Server[]): Promise<Server> {
  for (;;) {
    for (const server of servers) {
      const client = new Redis({ port: server.port, commandTimeout: 1000, retryStrategy: () => null });
      client.on("error", () => undefined);
      const info = await client.info("replication").catch(() => "");
      client.disconnect();
      // Both replicas are there again: one may be lost, and the other has it all.
      if (info.includes("role:master") && /^slave1:.*state=online/m.test(info)) return server;
    }
    await sleep(100);
  }
}

async function kill(server: Server | undefined): Promise<void> {
  const child = server?.process;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Below 55536, because a cluster's servers also use the port 10000 above. */
async function lowPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port < 55_536) return port;
  }
}
