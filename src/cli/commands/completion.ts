/** `bounced completion SHELL` and `bounced man`: made of the same commands that run. */
import { Argument, Command } from "commander";
import { environmentSchema } from "../../config/config.ts";
import type { CommandEntry } from "../command-entry.ts";
import { bashCompletion } from "../completion/bash.ts";
import { readCommandTree, type CommandNode } from "../completion/command-tree.ts";
import { fishCompletion } from "../completion/fish.ts";
import { manPage } from "../completion/man-page.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { EXIT_MEANINGS } from "../exit-status.ts";
import { print } from "../terminal.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<
  string,
  (root: CommandNode) => string
>;

/** `entries` is a function: the list names this command too. */
export function completionCommand(entries: () => readonly CommandEntry[]): Command {
  return new Command("completion")
    .description("Print what a shell needs to complete commands, options and their values.")
    .addArgument(new Argument("<shell>", "Your shell").choices(Object.keys(SHELLS)))
    .addHelpText(
      "after",
      `
Examples:
  bounced completion bash > ~/.local/share/bash-completion/completions/bounced
  bounced completion zsh > ~/.zfunc/_bounced          # a folder of $fpath
  bounced completion fish > ~/.config/fish/completions/bounced.fish`,
    )
    .action(async (shell: keyof typeof SHELLS, _options: unknown, self: Command) => {
      print(SHELLS[shell](await readCommandTree(entries(), programOf(self))).trimEnd());
    });
}

export function manCommand(entries: () => readonly CommandEntry[]): Command {
  return new Command("man")
    .description("Print the manual page.")
    .addHelpText("after", "\nExample:\n  bounced man | man -l -")
    .action(async (_options: unknown, self: Command) => {
      const program = programOf(self);
      const root = await readCommandTree(entries(), program);
      const variables = Object.entries(environmentSchema.shape).map(
        ([name, { description = "" }]) => [name, description] as const,
      );
      print(manPage({ root, version: program.version() ?? "", statuses: EXIT_MEANINGS, variables }).trimEnd());
    });
}

function programOf({ parent }: Command): Command {
  if (parent === null) throw new Error("a command of no program");
  return parent;
}
