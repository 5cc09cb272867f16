/** What every command is, and has. */
import { resolve } from "node:path";
import { Option, type Command } from "commander";

/** A command's module is loaded when it is called, so that `--help` and `classify` start fast. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Gives a command and those below it --data-dir, our prefix on errors, and exit status 2 for a mistake. */
export function prepareCommand(command: Command): Command {
  command
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "bounced: ")) })
    .addOption(new Option("--data-dir <folder>", "Use the service of this data directory; default: BOUNCED_DATA_DIR"))
    .on("option:data-dir", (folder: string) => void (process.env["BOUNCED_DATA_DIR"] = resolve(folder)));
  for (const below of command.commands) prepareCommand(below);
  return command;
}
