import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { provideRedisBinary } from "../../src/queues/redis-binary.ts";
import { connectRedis } from "../../src/queues/redis.ts";
import { startPrivateRedis } from "../../src/queues/redis-server.ts";

const binary = provideRedisBinary({ mayInstall: false, announce: () => undefined });
const folders: string[] = [];
const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-own-redis-"));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test("has every write on disk before it answers, and never evicts", async () => {
  const server = await startPrivateRedis({ binary, folder: makeFolder() });
  const redis = connectRedis(server.url, "work");
  const settings = ["appendonly", "appendfsync", "maxmemory-policy", "no-appendfsync-on-rewrite", "port"];
  const values = await Promise.all(settings.map(async (name) => (await redis.config("GET", name))[1]));
  redis.disconnect();
  await server.stop();
  expect(values).toEqual(["yes", "always", "noeviction", "no", "0"]);
});

test("a killed server comes back with what it had acknowledged", async () => {
  const notes: string[] = [];
  const server = await startPrivateRedis({ binary, folder: makeFolder(), onNote: (line) => notes.push(line) });
  const redis = connectRedis(server.url, "work");
  await redis.set("key", "value");
  process.kill(server.pid() ?? 0, "SIGKILL");
  await expect.poll(() => redis.get("key"), { timeout: 20_000 }).toBe("value");
  redis.disconnect();
  await server.stop();
  expect(notes.join("\n")).toContain("Redis ended (SIGKILL); starting it again");
});

test("a server left behind by a killed service is ended before a new one starts", async () => {
  const folder = makeFolder();
  const script = `
    const { startPrivateRedis } = await import(${JSON.stringify(join(import.meta.dirname, "../../src/queues/redis-server.ts"))});
    await startPrivateRedis({ binary: ${JSON.stringify(binary)}, folder: ${JSON.stringify(folder)} });
    process.send("ready");`;
  const service = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await new Promise((resolve) => service.once("message", resolve));
  const orphan = Number(readFileSync(join(folder, "server.pid"), "utf8"));
  service.kill("SIGKILL");
  await new Promise((resolve) => service.once("exit", resolve));
  const server = await startPrivateRedis({ binary, folder });
  expect(() => process.kill(orphan, 0)).toThrow("ESRCH");
  expect(server.pid()).not.toBe(orphan);
  await server.stop();
});

test("a second service on the same data directory joins the first one's server and leaves it running", async () => {
  const folder = makeFolder();
  const owner = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
  const first = await startPrivateRedis({ binary, folder });
  const { writeFileSync } = await import("node:fs");
  writeFileSync(join(folder, "owner.pid"), String(owner.pid));
  const second = await startPrivateRedis({ binary, folder });
  await second.stop();
  await sleep(50);
  expect(first.pid()).not.toBeNull();
  owner.kill();
  await first.stop();
});
