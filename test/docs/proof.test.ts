/** Runs what docs/proof.md tells its readers to copy. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { configFileSchema } from "../../src/config/config-file.ts";
import { readReturnPath } from "../../src/return-path/read.ts";
import type { ReturnPathSettings } from "../../src/return-path/settings.ts";
import { startHarness, type Harness } from "../http/harness.ts";
import { blockOf, blocksOf } from "../support/docs.ts";

const PAGE = "proof.md";
const SECRET = "a-key-for-tests-only";
const settings: ReturnPathSettings = { ...configFileSchema.parse({}).returnPath, secrets: [SECRET] };
const main = new URL("../../src/cli/main.ts", import.meta.url).pathname;
let folder: string;
let harness: Harness;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-docs-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/bounced"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  chmodSync(join(folder, "bin/bounced"), 0o755);
  harness = await startHarness();
});
afterAll(async () => {
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
});

function sh(script: string, env: Record<string, string> = {}): string {
  const path = `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`;
  const known = { BOUNCED_SECRET: SECRET, BOUNCED_DOMAINS: "bounces.example.com", NO_COLOR: "1" };
  const ran = spawnSync("bash", ["--norc", "-euo", "pipefail", "-c", script], {
    encoding: "utf8",
    env: { ...known, PATH: path, ...env },
  });
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  return ran.stdout.trim();
}

const readingOf = (address: string) => readReturnPath(address, settings, new Date());

test("commands: a key, an address, many addresses, and what they say", { timeout: 120_000 }, () => {
  const [make = "", inspect = "", many = ""] = blocksOf(PAGE)
    .filter(({ heading, language }) => heading === "Signing" && language === "sh")
    .map(({ text }) => text);
  expect(sh(make)).toMatch(/^b\+1[a-z0-9]+@bounces\.example\.com$/);
  expect(sh(inspect)).toMatch(/recipient +user@example\.org\n +tag +campaign-42\n.*\n +check +valid/);
  const lines = sh(many).split("\n");
  expect(lines.map((line) => readingOf(line.split("\t")[1] ?? ""))).toMatchObject([
    { recipient: "ann@example.org", tag: "campaign-42", check: "valid" },
    { recipient: "bob@example.org", tag: "campaign-42", check: "valid" },
  ]);
});

test("the API makes an address", async () => {
  const url = await harness.app.listen({ host: "127.0.0.1", port: 0 });
  const script = blockOf(PAGE, "From your program", "sh").replace("http://127.0.0.1:8025", url);
  const { address } = JSON.parse(await shLater(script, { BOUNCED_TOKEN: harness.tokens.operator })) as {
    address: string;
  };
  expect(readReturnPath(address, settings, "2026-05-01T12:00:00Z")).toMatchObject({ tag: "campaign-42" });
});

/** Without holding up this process, which is the one that answers. */
async function shLater(script: string, env: Record<string, string>): Promise<string> {
  const { promisify } = await import("node:util");
  const { execFile } = await import("node:child_process");
  const path = process.env["PATH"] ?? "";
  return (await promisify(execFile)("bash", ["--norc", "-c", script], { env: { PATH: path, ...env } })).stdout;
}

test("the VERP and BATV addresses that the page shows are read", () => {
  expect(readingOf("b+user=example.org@bounces.example.com")).toMatchObject({
    scheme: "verp",
    recipient: "user@example.org",
  });
  const { batv } = configFileSchema.parse(parse(blockOf(PAGE, "Exim", "yaml"))).returnPath;
  const shown = "prvs=0787508c99=bounces@bounces.example.com";
  expect(readReturnPath(shown, { ...settings, batv }, "2026-11-23T10:00:00Z")?.check).toBe("valid");
});

test("every piece of bounced.yaml is valid", () => {
  const pieces = blocksOf(PAGE).filter(({ language }) => language === "yaml");
  expect(pieces.length).toBeGreaterThan(1);
  for (const { text } of pieces) expect(configFileSchema.safeParse(parse(text)).error).toBeUndefined();
});
