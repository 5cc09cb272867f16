/** What a connection that does nothing costs the listener. */
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestRedis } from "../test/support/redis.ts";
import { startTestService } from "../test/support/service.ts";

const CONNECTIONS = 4000;

export async function benchConnections(): Promise<void> {
  const redis = await startTestRedis();
  const service = await startTestService(
    { REDIS_URL: redis.url, BOUNCED_MAX_CLIENTS: String(CONNECTIONS + 10) },
    "smtp",
  );
  const sockets: Socket[] = [];
  try {
    await greeted(service.smtpPort).then((socket) => sockets.push(socket));
    const before = residentKb(service.process.pid ?? 0);
    while (sockets.length < CONNECTIONS)
      sockets.push(...(await Promise.all(Array.from({ length: 200 }, () => greeted(service.smtpPort)))));
    await sleep(1000);
    const each = (residentKb(service.process.pid ?? 0) - before) / sockets.length;
    const startedAt = performance.now();
    sockets.push(await greeted(service.smtpPort));
    console.log(
      `\n${sockets.length - 1} idle connections: ${each.toFixed(1)} kB of the listener's memory each; ` +
        `the next one is greeted after ${Math.round(performance.now() - startedAt)} ms`,
    );
  } finally {
    for (const socket of sockets) socket.destroy();
    await service.stop();
    await redis.stop();
  }
}

async function greeted(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "data");
  return socket;
}

/** VmRSS of a process, from /proc. */
const residentKb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
