import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runBounced } from "../support/run-bounced.ts";

/** `bounced word --option …` in shell blocks of the docs: command, its arguments. */
const shown = globSync("{README.md,CONTRIBUTING.md,docs/**/*.md}").flatMap((path) =>
  [...readFileSync(path, "utf8").matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = ""]) =>
    block
      .split("\n")
      .map((line) => line.replace(/(^|\s)#.*$/, "").replace(/\$\([^)]*\)?/g, ""))
      .flatMap((line) => [...line.matchAll(/(?:^|\s|\|\s*)(?:npx )?bounced ([a-z][a-z-]*)((?: [^|;&>]*)?)/g)])
      .map(([, command = "", rest = ""]) => ({ path, command, rest })),
  ),
);
const commands = [...new Set(shown.map(({ command }) => command))];

test("the docs show commands", () => expect(commands.length).toBeGreaterThan(5));

test.each(commands)(
  "bounced %s exists, with every sub-command and option that the docs show",
  async (command) => {
    const main = await runBounced([command, "--help"]);
    expect(main.code).toBe(0);
    const subcommands = [...main.stdout.matchAll(/^ {2}([a-z][a-z-]*) ?[^\n]* {2,}\S/gm)].map(([, name]) => name);
    for (const { path, rest } of shown.filter((each) => each.command === command)) {
      const words = rest.trim().split(/\s+/);
      const sub = words[0] !== undefined && subcommands.includes(words[0]) ? words[0] : null;
      const help = sub ? (await runBounced([command, sub, "--help"])).stdout + main.stdout : main.stdout;
      for (const [, option = ""] of rest.matchAll(/ (--[a-z][a-z-]*)/g))
        expect(help, `${path}: bounced ${command}${rest}`).toContain(option);
    }
  },
  60_000,
);
