import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../src/config/config.ts";
import { shareKey } from "../src/redis/share-key.ts";
import { keptKeys, provideReturnPathKeys, returnPathKeyFile } from "../src/config/return-path-key.ts";
import { startTestRedis } from "./support/redis.ts";

const GIVEN = "0123456789abcdef0123456789abcdef";
const alone = (offered: string): Promise<string> => Promise.resolve(offered);
const folders: string[] = [];
let dataDir: string;
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "bounced-key-"));
  folders.push(folder);
  return folder;
};
const configOf = (folder: string, secret = "") =>
  loadConfig({ BOUNCED_DATA_DIR: folder, BOUNCED_SECRET: secret, BOUNCED_REQUIRE_SIGNED: "1" });
beforeEach(() => {
  dataDir = newFolder();
});
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

test("the first start makes a key that only its user can read, and says where; later starts use it", async () => {
  const first = await provideReturnPathKeys(configOf(dataDir), alone);
  expect(first.keys).toHaveLength(1);
  expect(first.keys[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(returnPathKeyFile(dataDir)).mode & 0o777).toBe(0o600);
  expect(first.notes.join()).toContain(`BOUNCED_SECRET=$(head -n1 ${returnPathKeyFile(dataDir)})`);
  expect(first.notes.join()).not.toContain(first.keys[0]);
  expect(await provideReturnPathKeys(configOf(dataDir), alone)).toEqual(first);
  // Every program of this configuration has it: the CLI, the package, the threads.
  expect(configOf(dataDir).BOUNCED_SECRET).toEqual(first.keys);
});

test("a key that is given signs, and the kept one still verifies", async () => {
  const { keys } = await provideReturnPathKeys(configOf(dataDir), alone);
  const config = configOf(dataDir, GIVEN);
  expect(config.BOUNCED_SECRET).toEqual([GIVEN, ...keys]);
  expect(await provideReturnPathKeys(config, alone)).toEqual({ keys: [GIVEN, ...keys], notes: [] });
  const fresh = newFolder();
  await provideReturnPathKeys(configOf(fresh, GIVEN), alone);
  expect(keptKeys(fresh)).toEqual([]);
});

test("processes that start at once on one data directory have one key", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => provideReturnPathKeys(configOf(dataDir), alone)));
  expect(new Set(all.map(({ keys }) => keys.join())).size).toBe(1);
});

test("machines that share a Redis sign with one key, also those that had one of their own", async () => {
  const redis = await startTestRedis();
  try {
    const share = (offered: string) => shareKey({ redisUrl: redis.url, prefix: "keys" }, offered);
    const other = newFolder();
    const own = await provideReturnPathKeys(configOf(other), alone);
    const [one, two] = await Promise.all([
      provideReturnPathKeys(configOf(dataDir), share),
      provideReturnPathKeys(configOf(newFolder()), share),
    ]);
    expect(one.keys[0]).toBe(two.keys[0]);
    const late = await provideReturnPathKeys(configOf(other), share);
    expect(late.keys).toEqual([one.keys[0], ...own.keys]);
    expect(readFileSync(returnPathKeyFile(other), "utf8").trim().split("\n")).toEqual(late.keys);
  } finally {
    await redis.stop();
  }
});

test("a Redis that does not answer keeps nobody from starting", async () => {
  const { keys, notes } = await provideReturnPathKeys(configOf(dataDir), () => Promise.reject(new Error("away")));
  expect(keys).toHaveLength(1);
  expect(notes.join()).toContain("away");
});
