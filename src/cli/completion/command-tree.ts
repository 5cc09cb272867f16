/** All commands as plain records: what completions and the manual page are made of. */
import type { Argument, Command, Option } from "commander";
import { prepareCommand, type CommandEntry } from "../command-entry.ts";

export interface OptionNode {
  /** `--limit`. */
  readonly long: string;
  /** `-h`; null: none. */
  readonly short: string | null;
  /** As in help: `--limit <number>`. */
  readonly flags: string;
  readonly about: string;
  readonly takesValue: boolean;
  /** Null: any value. */
  readonly choices: readonly string[] | null;
}

export interface CommandNode {
  /** `log show`; "" for `bounced` itself. */
  readonly path: string;
  readonly name: string;
  /** One sentence, for a list. */
  readonly summary: string;
  readonly about: string;
  /** What follows the path: `[options] <id>`. */
  readonly usage: string;
  readonly options: readonly OptionNode[];
  /** Of the first argument; null: any. */
  readonly choices: readonly string[] | null;
  readonly commands: readonly CommandNode[];
}

/** `root` is the program, whose commands are loaded only when they are called. */
export async function readCommandTree(entries: readonly CommandEntry[], root: Command): Promise<CommandNode> {
  const commands = await Promise.all(
    entries.map(async ({ name, summary, load }) => {
      const command = prepareCommand(await load());
      return nodeOf(command.name(name).summary(summary), "");
    }),
  );
  return { ...nodeOf(root, null), commands };
}

function nodeOf(command: Command, above: string | null): CommandNode {
  const help = command.createHelp();
  const path = above === null ? "" : `${above} ${command.name()}`.trim();
  const [first] = command.registeredArguments;
  const commands = command.commands.map((below) => nodeOf(below, path));
  return {
    path,
    name: command.name(),
    summary: command.summary() || command.description(),
    about: command.description(),
    usage: command.usage(),
    options: help.visibleOptions(command).map((option) => optionNodeOf(option)),
    choices: choicesOf(first),
    commands,
  };
}

const optionNodeOf = (option: Option): OptionNode => ({
  long: option.long ?? option.flags,
  short: option.short ?? null,
  flags: option.flags,
  about: option.description,
  takesValue: option.required || option.optional,
  choices: choicesOf(option),
});

const choicesOf = (of: Option | Argument | undefined): readonly string[] | null => of?.argChoices ?? null;

/** The command itself and all below it. */
export const flatten = (node: CommandNode): readonly CommandNode[] => [node, ...node.commands.flatMap(flatten)];
