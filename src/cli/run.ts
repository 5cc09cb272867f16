/** `bounced`: finds the command, runs it, and says how it ended. main.ts is the process around it. */
import { Command, CommanderError } from "commander";
import { ConfigError, unknownVariables, type Config } from "../config/config.ts";
import { loadConfigOfAny } from "../client/find-service.ts";
import { didYouMean } from "../machine/nearest.ts";
import { VERSION } from "../machine/version.ts";
import { sayPlainly } from "../config/plain-words.ts";
import { COMMANDS } from "./command-list.ts";
import { EXIT, exitStatusOf } from "./exit-status.ts";
import { prepareCommand } from "./command-entry.ts";

const AFTER_HELP = `
Examples:
  bounced serve                   start everything on this machine
  bounced classify returned.eml   what does this bounce say?
  bounced explain 5.7.26          what does this code mean, and what to do?

Settings come from the environment (bounced config shows them all) and
bounced.yaml. Commands beside a running service find its data directory:
--data-dir or BOUNCED_DATA_DIR, else ./data, else that of the service you
started last.

Exit status: 0 done, 1 not there or failed, 2 wrong arguments or settings,
130 interrupted by Ctrl-C.`;

/** Runs one command line, without `bounced` in front. Resolves with the exit status; never rejects. */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const asked = words[0] === "help" ? words[1] : words[0];
  // Commander answers `tokens --help` with the general help, as if the word were known.
  const isWord = asked !== undefined && !asked.startsWith("-") && asked !== "help";
  if (isWord && !NAMES.includes(asked)) {
    const near = didYouMean(asked, NAMES);
    console.error(`bounced: there is no command ${JSON.stringify(asked)}${near}. bounced --help lists all commands.`);
    return EXIT.usage;
  }
  for (const problem of unknownVariables()) console.error(`bounced: ${problem}`);
  try {
    await (await programFor(asked)).parseAsync(words, { from: "user" });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    // Commander has said what is wrong.
    if (!(error instanceof CommanderError)) {
      console.error(`bounced: ${error instanceof ConfigError ? error.message : sayPlainly(error, settings())}`);
      if (process.env["BOUNCED_LOG_LEVEL"] === "debug") console.error(error);
    }
    return exitStatusOf(error);
  }
}

const NAMES = COMMANDS.map(({ name }) => name);

/** Only the command that is asked for is loaded. */
async function programFor(asked: string | undefined): Promise<Command> {
  const program = new Command("bounced")
    .description("Returned mail in, one classified event per recipient out.")
    .version(VERSION)
    .showSuggestionAfterError()
    .showHelpAfterError("Run with --help to see what is possible.")
    .exitOverride()
    .addHelpText("after", AFTER_HELP);
  for (const entry of COMMANDS) {
    const command =
      entry.name === asked ? prepareCommand(await entry.load()) : new Command(entry.name).description(entry.summary);
    program.addCommand(command.name(entry.name).summary(entry.summary));
  }
  return program;
}

/** Null where they are what is wrong. */
function settings(): Config | null {
  try {
    return loadConfigOfAny();
  } catch {
    return null;
  }
}
