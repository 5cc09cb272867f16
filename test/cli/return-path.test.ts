import { join } from "node:path";
import { tmpdir } from "node:os";
import { mkdtempSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { returnPathCommand } from "../../src/cli/commands/return-path.ts";

beforeEach(() => {
  vi.stubEnv("BOUNCED_SECRET", "correct-horse-battery-staple,the-one-before");
  vi.stubEnv("BOUNCED_DOMAINS", "bounces.example.com");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = 0;
});

async function run(...words: string[]): Promise<string> {
  const printed: string[] = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
  const command = returnPathCommand().exitOverride();
  command.commands.forEach((each) => each.exitOverride().configureOutput({ writeErr: () => undefined }));
  await command.parseAsync(words, { from: "user" });
  return printed.join("\n");
}

test("what create makes inspect reads", async () => {
  const address = await run("create", "user@example.org", "--tag", "campaign-42", "--at", "2026-11-23");
  expect(address).toMatch(/^b\+[a-z0-9]+@bounces\.example\.com$/);
  expect(JSON.parse(await run("inspect", "--json", "--at", "2026-11-30", address))).toEqual({
    address,
    scheme: "signed",
    recipient: "user@example.org",
    tag: "campaign-42",
    issuedAt: "2026-11-23T00:00:00.000Z",
    check: "valid",
    isRecipientBound: true,
  });
  expect(process.exitCode ?? 0).toBe(0);
  expect(await run("inspect", "--at", "2027-11-23", address)).toContain("expired");
  expect(process.exitCode).toBe(1);
});

test("several recipients give a list", async () => {
  const lines = (await run("create", "a@example.org", "b@example.org", "--scheme", "verp")).split("\n");
  expect(lines).toEqual([
    "a@example.org\tb+a=example.org@bounces.example.com",
    "b@example.org\tb+b=example.org@bounces.example.com",
  ]);
});

test("mistakes are named", async () => {
  await expect(run("create", "nobody")).rejects.toThrow("not an address");
  await expect(run("create", "--at", "yesterday")).rejects.toThrow("expected a date");
  await expect(run("create", "--scheme", "magic")).rejects.toThrow("Allowed choices");
  await expect(run("inspect", "nobody")).rejects.toThrow("not an address");
  // Without BOUNCED_SECRET the key of the data directory signs; asking makes none.
  vi.stubEnv("BOUNCED_SECRET", "");
  vi.stubEnv("BOUNCED_DATA_DIR", mkdtempSync(join(tmpdir(), "bounced-key-")));
  await expect(run("create", "a@example.org")).rejects.toThrow("no key to sign with");
});
