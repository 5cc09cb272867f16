/** What docs/cli.md promises of every command, asked of every command: a new one that lacks it fails here. */
import { readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { COMMANDS } from "../../src/cli/command-list.ts";
import { columnsOf } from "../../src/cli/wrap.ts";
import { COMMAND_LINES, makeCommandData, type CommandData, type CommandLine } from "../support/command-lines.ts";
import { runSession, type SessionOutput } from "../support/command-session.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { runHere } from "../support/run-here.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** Why a command has no --json: docs/cli.md says it too. */
const WITHOUT_JSON: Readonly<Record<string, string>> = {
  demo: "runs until it is stopped, for people to look at",
  serve: "logs JSON lines by itself wherever it does not write to a terminal",
  "log raw": "prints the message, octet by octet",
  mcp: "speaks a protocol on standard input and output",
  completion: "prints a script for a shell",
  man: "prints a page for man",
};
/** No line of theirs ends: test/service.test.ts, test/demo and test/mcp run them. */
const UNTIL_STOPPED = ["serve", "demo", "mcp"];
const ESCAPE = "\u001b[";

const commands = new Map<string, Command>();
let redis: TestRedis;
let endpoint: Server;
let data: CommandData;
beforeAll(async () => {
  for (const { name, load } of COMMANDS) collect((await load()).name(name), []);
  redis = await startTestRedis();
  endpoint = createServer((request, response) => request.resume().on("end", () => response.end())).listen(
    0,
    "127.0.0.1",
  );
  await new Promise((resolve) => endpoint.once("listening", resolve));
  data = await makeCommandData(redis.url, `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`);
});
afterAll(async () => {
  endpoint.close();
  await redis.stop();
  rmSync(data.dir, { recursive: true, force: true });
});

/** A command with others below it counts where it does something of its own. */
function collect(command: Command, above: readonly string[]): void {
  const path = [...above, command.name()];
  const acts = (command as unknown as { readonly _actionHandler: unknown })._actionHandler !== null;
  if (acts) commands.set(path.join(" "), command);
  for (const below of command.commands) collect(below, path);
}

const run = (line: CommandLine, ...more: string[]) => runHere(data.words(line, ...more), data.env);
const codesOf = ({ code = 0 }: CommandLine): readonly number[] => (typeof code === "number" ? [code] : code);
const objectsOf = (text: string): readonly unknown[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

test("every command is walked", () => {
  expect([...commands.keys()].toSorted()).toEqual([...Object.keys(COMMAND_LINES), ...UNTIL_STOPPED].toSorted());
});

test("--json: one object per line, nothing else on standard output; what has none is listed in docs/cli.md", async () => {
  const docs = readFileSync("docs/cli.md", "utf8");
  for (const [name, command] of commands) {
    const hasJson = command.options.some(({ long }) => long === "--json");
    expect.soft(hasJson, name).toBe(!(name in WITHOUT_JSON));
    if (!hasJson) expect.soft(docs, name).toMatch(new RegExp(`^ +\\* \`${name}\``, "m"));
    const line = COMMAND_LINES[name];
    if (!hasJson || !line) continue;
    const { code, stdout } = await run(line, "--json");
    expect.soft(codesOf(line), `${name}: ${stdout}`).toContain(code);
    const objects = objectsOf(stdout);
    expect.soft(objects.length > 0, name).toBe(!line.isEmpty);
    for (const object of objects) expect.soft(object, name).toEqual(expect.objectContaining({}));
    expect.soft(objects.some(Array.isArray), name).toBe(false);
  }
});

test("--limit limits the table and the JSON lines", async () => {
  let tried = 0;
  for (const [name, command] of commands) {
    const line = COMMAND_LINES[name];
    if (!line || !command.options.some(({ long }) => long === "--limit")) continue;
    tried++;
    expect.soft(objectsOf((await run(line, "--json")).stdout).length, name).toBeGreaterThan(1);
    expect.soft(objectsOf((await run(line, "--json", "--limit", "1")).stdout).length, name).toBe(1);
    const [all, one] = [(await run(line)).stdout, (await run(line, "--limit", "1")).stdout];
    expect.soft(one.split("\n").length, name).toBeLessThan(all.split("\n").length);
  }
  expect(tried).toBe(8);
});

test("in a pipe: no escape codes, and the same exit status", async () => {
  for (const [name, line] of Object.entries(COMMAND_LINES)) {
    const { code, stdout, stderr } = await run(line);
    expect.soft(stdout + stderr, name).not.toContain(ESCAPE);
    expect.soft(codesOf(line), `${name}: ${stderr}`).toContain(code);
  }
});

/** What a bar writes over its line counts as lines. */
const longestOf = (text: string): number =>
  // oxlint-disable-next-line no-control-regex -- the escape code that goes back to a column
  Math.max(...text.split(/[\n\r]|\u001b\[\d*G/).map((row) => columnsOf(row)));

const session = (env: Readonly<Record<string, string>>, isTerminal: boolean): Promise<Map<string, SessionOutput>> => {
  const lines = Object.entries(COMMAND_LINES).flatMap(([name, line]) => [
    [name, data.words(line)] as const,
    ...(isTerminal || name in WITHOUT_JSON ? [] : [[`${name} --json`, data.words(line, "--json")] as const]),
  ]);
  return runSession({ folder: data.dir, lines: Object.fromEntries(lines), env: { ...data.env, ...env }, isTerminal });
};

test("FORCE_COLOR colours what is for people, in a pipe too", async () => {
  const outputs = await session({ FORCE_COLOR: "1" }, false);
  for (const [name, { isPlain }] of Object.entries(COMMAND_LINES)) {
    expect.soft(outputs.get(name)?.text.includes(ESCAPE), name).toBe(!isPlain);
    expect.soft(outputs.get(`${name} --json`)?.text ?? "", name).not.toContain(ESCAPE);
  }
});

test("NO_COLOR: no colour on a terminal either", async () => {
  const outputs = await session({ NO_COLOR: "1" }, true);
  for (const name of Object.keys(COMMAND_LINES))
    // What a progress bar writes moves the cursor and has no colour.
    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect.soft(outputs.get(name)?.text, name).not.toMatch(/\u001b\[[\d;]*m/);
});

test("a terminal of 80 columns: coloured, and no line is longer", async () => {
  const outputs = await session({}, true);
  for (const [name, line] of Object.entries(COMMAND_LINES)) {
    const { code, text } = outputs.get(name) ?? { code: -1, text: "" };
    expect.soft(codesOf(line), `${name}: ${text}`).toContain(code);
    expect.soft(text.includes(`${ESCAPE}1m`) || line.isPlain, `${name}: ${text}`).toBe(true);
    if (line.isUncut) continue;
    expect.soft(longestOf(text), `${name}: ${text}`).toBeLessThanOrEqual(80);
  }
});

test("help fits into 80 columns", async () => {
  const names = ["", ...commands.keys()];
  const lines = Object.fromEntries(names.map((name) => [name, [...name.split(" ").filter(Boolean), "--help"]]));
  const outputs = await runSession({ folder: data.dir, lines, env: data.env, isTerminal: true });
  for (const name of names) {
    const { code, text } = outputs.get(name) ?? { code: -1, text: "" };
    expect.soft(code, name).toBe(0);
    expect.soft(text, name).toContain(`Usage: ${`bounced ${name}`.trim()}`);
    expect.soft(longestOf(text), `${name}: ${text}`).toBeLessThanOrEqual(80);
  }
});
