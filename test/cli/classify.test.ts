import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { eventSchema } from "../../src/event/event.ts";
import { runBounced, startBounced } from "../support/run-bounced.ts";

// Each starts the command line, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const FIXTURE = "fixtures/eml/rfc3464/01-postfix-gmail-no-such-user.eml";
const folder = mkdtempSync(join(tmpdir(), "bounced-classify-"));
const lines = (text: string) => text.trimEnd().split("\n");

test("--json: one line a message, in input order, whatever stands in it", async () => {
  const junk = join(folder, "junk.eml");
  writeFileSync(junk, Buffer.from([0, 255, 10, 13, 0, 61, 63]));
  const { code, stdout } = await runBounced(["classify", "--json", junk, FIXTURE]);
  expect(code).toBe(0);
  const parsed = lines(stdout).map((line) => JSON.parse(line) as { path: string; events: unknown[] });
  expect(parsed.map(({ path }) => path)).toEqual([junk, FIXTURE]);
  for (const { events } of parsed) {
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(eventSchema.parse(event)).toEqual(event);
  }
  expect(parsed[0]?.events[0]).toMatchObject({ kind: "unrecognized" });
  expect(parsed[1]?.events[0]).toMatchObject({ kind: "bounce", severity: "hard", reason: "mailbox_unknown" });
});

test("a file and standard input give the same event", async () => {
  const fromFile = await runBounced(["classify", "--json", FIXTURE]);
  const fromStdin = await runBounced(["classify", "--json", "-"], { stdin: readFileSync(FIXTURE) });
  const eventsOf = (text: string) => (JSON.parse(text) as { events: unknown }).events;
  expect(eventsOf(fromStdin.stdout)).toEqual(eventsOf(fromFile.stdout));
});

test("the table names recipient, severity and reason", async () => {
  const { code, stdout } = await runBounced(["classify", FIXTURE]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/marta\.keller84@bigmail\.test\s+hard\s+mailbox_unknown\s+5\.1\.1/);
  expect(stdout).not.toContain("\u001b");
});

test("--diagnostics: one verdict a line, in order; a bad line is an error line", async () => {
  const file = join(folder, "texts.jsonl");
  writeFileSync(
    file,
    '{"text":"550 5.1.1 User unknown"}\nnot json\n{"text":"452 4.2.2 Mailbox full","replyCode":452}\n',
  );
  const { code, stdout } = await runBounced(["classify", "--diagnostics", file]);
  expect(code).toBe(0);
  const verdicts = lines(stdout).map((line) => JSON.parse(line) as { reason?: string; error?: string });
  expect(verdicts.map(({ reason }) => reason)).toEqual(["mailbox_unknown", undefined, "mailbox_full"]);
  expect(verdicts[1]?.error).toContain("JSON");
});

test("--diagnostic --language", async () => {
  const { stdout } = await runBounced([
    "classify",
    "--json",
    "--language",
    "de",
    "--diagnostic",
    "550 5.1.1 User unknown",
  ]);
  expect(JSON.parse(stdout)).toMatchObject({
    reason: "mailbox_unknown",
    explanation: expect.stringMatching(/Adresse/),
  });
});

test.each([
  [[], 2, "give at least one path"],
  [["/no/such/file.eml"], 1, "/no/such/file.eml"],
  [["--language", "xx", "--diagnostic", "550"], 2, "known languages are"],
])("classify %j exits with %i and says what to do", async (args, code, words) => {
  const result = await runBounced(["classify", ...args]);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(words);
  expect(result.stderr).not.toContain("    at ");
});

test("Ctrl-C ends with 130; the messages that were read are out, whole", async () => {
  const many = Array.from({ length: 20 }, () => "fixtures/eml/rfc3464");
  const { child, done } = startBounced(["classify", "--json", ...many]);
  await once(child.stdout!, "data");
  child.kill("SIGINT");
  const { code, stdout, stderr } = await done;
  expect(code).toBe(130);
  const read = lines(stdout).map((line) => (JSON.parse(line) as { path: string }).path);
  expect(read.length).toBeGreaterThan(0);
  expect(stderr).toBe(`bounced: interrupted after ${read.length} message${read.length === 1 ? "" : "s"}\n`);
});

test("a progress bar on the terminal while the output goes to a file", async () => {
  const file = join(folder, "out.jsonl");
  const command = `"${process.execPath}" src/cli/main.ts classify --json fixtures/eml/rfc3464 > "${file}"`;
  const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["ignore", "pipe", "ignore"] });
  let screen = "";
  child.stdout.on("data", (chunk: Buffer) => (screen += chunk.toString()));
  expect((await once(child, "close"))[0]).toBe(0);
  const messages = lines(readFileSync(file, "utf8")).length;
  expect(messages).toBeGreaterThan(100);
  expect(screen).toMatch(/classifying \[[^\]]+\] \d+%  \d+ messages/);
});
