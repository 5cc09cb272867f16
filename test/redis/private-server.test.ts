import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { provideRedisBinary } from "../../src/redis/binary.ts";
import { connectRedis } from "../../src/redis/client.ts";
import { privateSocket } from "../../src/redis/private-socket.ts";
import { startPrivateRedis } from "../../src/redis/private-server.ts";

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
  expect(notes.join("\n")).toContain("Redis ended (SIGKILL); restarting it");
});

test("a server left behind by a killed service is ended before a new one starts", async () => {
  const folder = makeFolder();
  const script = `
    const { startPrivateRedis } = await import(${JSON.stringify(join(import.meta.dirname, "../../src/redis/private-server.ts"))});
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

/** Another service on the folder, as a process of its own. */
async function startElsewhere(folder: string): Promise<ChildProcess> {
  const script = `
    const { startPrivateRedis } = await import(${JSON.stringify(join(import.meta.dirname, "../../src/redis/private-server.ts"))});
    const server = await startPrivateRedis({ binary: ${JSON.stringify(binary)}, folder: ${JSON.stringify(folder)} });
    process.once("message", () => server.stop().then(() => process.exit(0)));
    process.send("ready");`;
  const service = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(service, "message");
  return service;
}

test("a second service on the same data directory uses the first one's server and leaves it running", async () => {
  const folder = makeFolder();
  const first = await startElsewhere(folder);
  const second = await startPrivateRedis({ binary, folder });
  expect(second.pid()).toBeNull();
  await second.stop();
  const redis = connectRedis(second.url, "work");
  expect(await redis.ping()).toBe("PONG");
  redis.disconnect();
  first.send("stop");
  await once(first, "exit");
});

test.each(["stops", "is killed"])("when the service that runs the server %s, the other one runs it", async (how) => {
  const folder = makeFolder();
  const notes: string[] = [];
  const first = await startElsewhere(folder);
  const second = await startPrivateRedis({ binary, folder, onNote: (line) => notes.push(line) });
  const redis = connectRedis(second.url, "work");
  await redis.set("key", "value");
  const ended = once(first, "exit");
  if (how === "stops") first.send("stop");
  else first.kill("SIGKILL");
  await ended;
  await expect.poll(() => second.pid(), { timeout: 30_000 }).not.toBeNull();
  expect(await redis.get("key")).toBe("value");
  redis.disconnect();
  await second.stop();
  expect(notes.join("\n")).toContain("has ended: starting one here");
  expect(existsSync(join(folder, "owner.pid"))).toBe(false);
});

test("two services that start at the same moment run one server", async () => {
  const folder = makeFolder();
  const [one, other] = await Promise.all([startElsewhere(folder), startElsewhere(folder)]);
  const server = Number(readFileSync(join(folder, "server.pid"), "utf8"));
  const redis = connectRedis(`unix:${join(folder, "redis.sock")}`, "work");
  expect(await redis.info("server")).toContain(`process_id:${server}`);
  redis.disconnect();
  for (const service of [one, other]) {
    service.send("stop");
    await once(service, "exit");
  }
});

describe("the socket", () => {
  test("stands in a folder that only we can enter, also where the path is too long for it", async () => {
    const folder = join(makeFolder(), "a-rather-long-name-".repeat(6));
    const server = await startPrivateRedis({ binary, folder });
    const place = dirname(server.url.slice("unix:".length));
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(privateSocket(folder)).toBe(`${place}/redis.sock`);
    await server.stop();
    // The next start finds it again, unless others could have been there.
    chmodSync(place, 0o777);
    expect(privateSocket(folder)).not.toContain(place);
    const next = await startPrivateRedis({ binary, folder });
    expect(next.url).not.toContain(place);
    await next.stop();
  });

  test("that somebody else put there first is not used", async () => {
    const folder = makeFolder();
    chmodSync(folder, 0o777);
    const strangers = createServer((socket) => socket.on("data", () => socket.write("+PONG\r\n"))).listen(
      join(folder, "redis.sock"),
    );
    await once(strangers, "listening");
    const server = await startPrivateRedis({ binary, folder });
    const redis = connectRedis(server.url, "work");
    expect(await redis.info("server")).toContain(`process_id:${server.pid()}`);
    expect(statSync(folder).mode & 0o077).toBe(0);
    redis.disconnect();
    await server.stop();
    strangers.close();
  });

  test("a folder of another user is refused", () => {
    const folder = makeFolder();
    chmodSync(folder, 0o777);
    // As root the test becomes somebody else; as anybody else it takes a folder of root's.
    const isRoot = process.getuid?.() === 0;
    const script = `import(${JSON.stringify(join(import.meta.dirname, "../../src/redis/private-socket.ts"))})
      .then(({ prepareSocket }) => {
        ${isRoot ? "process.setuid(65534);" : ""}
        prepareSocket(${JSON.stringify(isRoot ? folder : "/var")});
      })
      .catch((error) => { console.log(error.message); process.exit(3); })`;
    const { status, stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect([status, stdout]).toEqual([3, expect.stringContaining("belongs to another user")]);
  });
});
