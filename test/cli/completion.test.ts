/** Completion in the real shells, and the manual page in the real man: both know every command and option. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { COMMANDS } from "../../src/cli/command-list.ts";
import { runHere } from "../support/run-here.ts";

vi.setConfig({ testTimeout: 60_000 });

const NAMES = COMMANDS.map(({ name }) => name);
const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bounced-completion-"));
  writeFileSync(join(folder, "some-file.eml"), "");
  for (const shell of SHELLS) {
    const { code, stdout } = await runHere(["completion", shell]);
    expect(code).toBe(0);
    writeFileSync(join(folder, shell), stdout);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (program: string, words: readonly string[], script = ""): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      program,
      words,
      {
        cwd: folder,
        env: { PATH: process.env["PATH"], HOME: folder, TERM: "dumb", MANPAGER: "cat", LC_ALL: "C.UTF-8" },
      },
      (error, stdout, stderr) => (error ? reject(new Error(`${error.message}\n${stderr}`)) : resolve(stdout + stderr)),
    );
    // A program that does not read its input may be gone before it is written.
    child.stdin?.on("error", () => undefined).end(script);
  });

/** What a person sees who types this line and then Tab. */
const OFFERS: Readonly<Record<Shell, (line: string) => Promise<readonly string[]>>> = {
  async bash(line) {
    const words = line.split(" ");
    const script = `source ./bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _bounced; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf(await run("bash", ["-c", script]));
  },
  async zsh(line) {
    const words = line.split(" ");
    // The functions of zsh that show what they are given; where the cursor is, is given.
    const script = `
_describe() { local -a shown; [[ $1 == -o ]] && shift; shown=("\${(@P)2}"); print -l -- "\${shown[@]%%:*}"; }
compadd() { shift; print -l -- "$@"; }
_files() { print -- FILES; }
compdef() { : }
source ./zsh
words=(${words.map((word) => `'${word}'`).join(" ")}); CURRENT=${words.length}; _bounced`;
    return linesOf(await run("zsh", ["-f"], script));
  },
  async fish(line) {
    const shown = await run("fish", ["--no-config", "-c", `source ./fish; complete -C '${line}'`]);
    return linesOf(shown).map((row) => row.split("\t")[0] ?? "");
  },
};
const linesOf = (text: string): readonly string[] => text.split("\n").filter(Boolean);

for (const shell of SHELLS) {
  const offers = OFFERS[shell];
  test(`${shell}: commands, those below them, options and their values`, async () => {
    expect(await offers("bounced ")).toEqual(expect.arrayContaining(NAMES));
    const below = await offers("bounced suppressions ");
    expect(below).toEqual(expect.arrayContaining(["check", "add", "dry-run"]));
    expect(below).not.toContain("serve");
    const options = await offers("bounced log --");
    expect(options).toEqual(expect.arrayContaining(["--severity", "--limit", "--json", "--data-dir"]));
    expect(options).not.toContain("--watch");
    expect(await offers("bounced log --limit 5 backup --")).toEqual(expect.arrayContaining(["--json"]));
    expect(await offers("bounced log --direction ")).toEqual(expect.arrayContaining(["asc", "desc"]));
    expect(await offers("bounced completion ")).toEqual(expect.arrayContaining([...SHELLS]));
  });
}

test("where a file is wanted, files are offered", async () => {
  expect(await OFFERS.bash("bounced classify ")).toEqual([]);
  expect(await run("bash", ["-c", "source ./bash; complete -p bounced"])).toContain("-o default");
  expect(await OFFERS.zsh("bounced classify ")).toEqual(["FILES"]);
  expect(await OFFERS.fish("bounced classify ")).toContain("some-file.eml");
});

test("the manual page: every command and option, statuses and settings, without a complaint of man", async () => {
  const { stdout } = await runHere(["man"]);
  const page = join(folder, "bounced.1");
  writeFileSync(page, stdout);
  const shown = await run("man", ["--warnings", "-l", page]);
  expect(shown).not.toContain("warning:");
  for (const { name, load } of COMMANDS) {
    expect(shown).toContain(`bounced ${name}`);
    for (const { long, hidden } of (await load()).options) if (!hidden) expect(shown).toContain(long);
  }
  for (const word of ["bounced suppressions add", "EXIT STATUS", "Interrupted by Ctrl-C", "BOUNCED_DOMAINS"])
    expect(shown).toContain(word);
});
