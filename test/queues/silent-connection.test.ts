import type { Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { consume } from "../../src/queues/consume.ts";
import { openQueues } from "../../src/queues/queues.ts";
import { sampleEvent } from "../support/event.ts";
import { pathTo, type Path } from "../support/path.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";

const path: Path = { loss: 0, delayMs: 0, isBlackHole: false, cuts: 0 };
let server: TestRedis;
let proxy: Server;
let redisUrl: string;
beforeAll(async () => {
  server = await startTestRedis();
  const socketPath = join(server.folder, "path.sock");
  proxy = pathTo(server.url.slice("unix:".length), socketPath, path);
  redisUrl = `unix:${socketPath}`;
});
afterAll(async () => {
  proxy.close();
  await server.stop();
});

test("connections that are silent for ever are made anew: what was asked is answered, and a worker goes on", async () => {
  const queues = openQueues({ redisUrl, prefix: "bounced" });
  const seen: string[] = [];
  const consumer = consume("bounce-hard", async (event) => seen.push(event.id), { redisUrl, prefix: "bounced" });
  await queues.get("bounce-hard").add("bounce", sampleEvent({ id: "before" }), { jobId: "before" });
  await expect.poll(() => seen).toEqual(["before"]);

  path.isBlackHole = true;
  const added = queues.get("bounce-hard").add("bounce", sampleEvent({ id: "meanwhile" }), { jobId: "meanwhile" });
  // As long as it lasts, new connections are silent too.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  path.isBlackHole = false;

  await added;
  await expect.poll(() => seen, { timeout: 60_000, interval: 100 }).toEqual(["before", "meanwhile"]);
  await consumer.close();
  await queues.close();
}, 90_000);
