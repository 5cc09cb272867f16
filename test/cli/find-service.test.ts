/** Where commands and programs find the service, and that asking makes nothing. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { announceService, findService, loadServiceConfig, NoServiceError } from "../../src/client/find-service.ts";
import { runBounced } from "../support/run-bounced.ts";

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bounced-find-"));
  home = join(folder, "home");
  mkdirSync(home);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function serve(settings: Record<string, string> = {}): string {
  const environment = { HOME: home, BOUNCED_DATA_DIR: join(folder, "service/data"), ...settings };
  const config = loadConfig(environment);
  announceService(config, environment);
  return config.dataDir;
}

test("nowhere: where it looked, exit status 2, and no file is made", async () => {
  for (const words of [["log"], ["suppressions", "check", "a@example.org"], ["token", "list"], ["webhooks", "list"]]) {
    const { code, stderr, stdout } = await runBounced(words, { cwd: folder, env: { HOME: home } });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${folder}/data: does not exist`);
    expect(stderr).toContain(`${home}/.local/state/bounced/service.json: does not exist`);
    expect(stderr).toContain("Set BOUNCED_DATA_DIR (or --data-dir)");
  }
  const given = await runBounced(["log", "--data-dir", join(folder, "typo")], { cwd: folder, env: { HOME: home } });
  expect(given).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(`${folder}/typo`) });
  expect(readdirSync(folder)).toEqual(["home"]);
  expect(readdirSync(home)).toEqual([]);
}, 60_000);

test("the service that was started last is found from every folder; ./data and BOUNCED_DATA_DIR come first", () => {
  const dataDir = serve();
  const here = join(folder, "here");
  expect(findService({ HOME: home }, folder)).toMatchObject({ dataDir });
  mkdirSync(join(here, "data"), { recursive: true });
  // A folder of that name may be anybody's.
  expect(findService({ HOME: home }, here)).toMatchObject({ dataDir });
  writeFileSync(join(here, "data/log.sqlite"), "");
  expect(findService({ HOME: home }, here)).toMatchObject({ dataDir: join(here, "data") });
  expect(findService({ HOME: home, BOUNCED_DATA_DIR: "other" }, here)).toMatchObject({ dataDir: join(here, "other") });
});

test("its settings are found with it, its secrets are not written down", () => {
  const dataDir = serve({
    BOUNCED_DOMAINS: "bounces.example.com",
    BOUNCED_SECRET: "0123456789abcdef",
    REDIS_URL: "redis://127.0.0.1:6390",
    DATABASE_URL: "postgres://bounced:hunter2@db/bounced",
  });
  const path = join(dataDir, "service.json");
  expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
  expect(readFileSync(path, "utf8")).not.toMatch(/hunter2|0123456789abcdef/);
  const config = loadServiceConfig("redis", { HOME: home });
  expect(config).toMatchObject({
    REDIS_URL: "redis://127.0.0.1:6390",
    BOUNCED_DOMAINS: ["bounces.example.com"],
    dataDir,
  });
  expect(() => loadServiceConfig("log", { HOME: home })).toThrow(NoServiceError);
  expect(() => loadServiceConfig("log", { HOME: home })).toThrow(/DATABASE_URL is not set here/);
  expect(() => loadServiceConfig("key", { HOME: home })).toThrow(/BOUNCED_SECRET is not set here/);
  expect(loadServiceConfig("log", { HOME: home, DATABASE_URL: "postgres://db/x" }).DATABASE_URL).toBe(
    "postgres://db/x",
  );
});

test("a note that is damaged is as good as none", () => {
  mkdirSync(join(home, ".local/state/bounced"), { recursive: true });
  writeFileSync(join(home, ".local/state/bounced/service.json"), "{");
  expect(findService({ HOME: home }, folder).dataDir).toBeNull();
});
