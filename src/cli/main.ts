/** `bounced`: commands only. A command's module is loaded when it is called, so that `--help` and `classify` start fast. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { ConfigError, unknownVariables, type Config } from "../config/config.ts";
import { loadConfigOfAny } from "../client/find-service.ts";
import { didYouMean } from "../machine/nearest.ts";
import { sayPlainly } from "../config/plain-words.ts";

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** In the order a newcomer needs them. */
const COMMANDS: readonly Entry[] = [
  {
    name: "serve",
    summary: "Run the service: SMTP in, events out.",
    load: async () => (await import("./commands/serve.ts")).serveCommand(),
  },
  {
    name: "classify",
    summary: "Read bounces from files; say who failed and why.",
    load: async () => (await import("./commands/classify.ts")).classifyCommand(),
  },
  {
    name: "replay",
    summary: "Send messages through the running service; show the resulting events.",
    load: async () => (await import("./commands/replay.ts")).replayCommand(),
  },
  {
    name: "explain",
    summary: "Explain what a code or a pasted rejection means, and what to do.",
    load: async () => (await import("./commands/explain.ts")).explainCommand(),
  },
  {
    name: "import",
    summary: "Import messages from files, Maildirs, mbox files and pipes.",
    load: async () => (await import("./commands/import.ts")).importCommand(),
  },
  {
    name: "return-path",
    summary: "Create and decode signed return paths.",
    load: async () => (await import("./commands/return-path.ts")).returnPathCommand(),
  },
  {
    name: "log",
    summary: "Search the bounce log, download it, erase from it.",
    load: async () => (await import("./commands/log.ts")).logCommand(),
  },
  {
    name: "suppressions",
    summary: "Show, change, import and export the suppression list.",
    load: async () => (await import("./commands/suppressions.ts")).suppressionsCommand(),
  },
  {
    name: "reclassify",
    summary: "Preview the current rules on the log; list unmatched responses.",
    load: async () => (await import("./commands/reclassify.ts")).reclassifyCommand(),
  },
  {
    name: "rules",
    summary: "Check the rules you wrote; show which rule decides.",
    load: async () => (await import("./commands/rules.ts")).rulesCommand(),
  },
  {
    name: "webhooks",
    summary: "Show waiting, failed and recent webhook deliveries; send again.",
    load: async () => (await import("./commands/webhooks.ts")).webhooksCommand(),
  },
  {
    name: "doctor",
    summary: "Check Redis, DNS, TLS, ports, disk and settings; say what to do.",
    load: async () => (await import("./commands/doctor.ts")).doctorCommand(),
  },
  {
    name: "token",
    summary: "Create, list and revoke tokens for the API and the pages.",
    load: async () => (await import("./commands/token.ts")).tokenCommand(),
  },
  {
    name: "quarantine",
    summary: "List messages that could not be processed; put them back.",
    load: async () => (await import("./commands/quarantine.ts")).quarantineCommand(),
  },
  {
    name: "config",
    summary: "Print the effective settings.",
    load: async () => (await import("./commands/config.ts")).configCommand(),
  },
];

const EXIT = { failure: 1, usage: 2 } as const;

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** What every command has, those below it included: --data-dir, our prefix on errors, and exit code 2 for a mistake. */
function prepare(command: Command): Command {
  command
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "bounced: ")) })
    .addOption(new Option("--data-dir <folder>", "Use the service of this data directory; default: BOUNCED_DATA_DIR"))
    .on("option:data-dir", (folder: string) => void (process.env["BOUNCED_DATA_DIR"] = resolve(folder)));
  for (const below of command.commands) prepare(below);
  return command;
}

const program = new Command("bounced")
  .description("Returned mail in, one classified event per recipient out.")
  .version(version)
  .showSuggestionAfterError()
  .showHelpAfterError("Run with --help to see what is possible.")
  .exitOverride();

const [first, second] = process.argv.slice(2);
const asked = first === "help" ? second : first;
for (const entry of COMMANDS) {
  const command =
    entry.name === asked ? prepare(await entry.load()) : new Command(entry.name).description(entry.summary);
  program.addCommand(command.name(entry.name).summary(entry.summary));
}
// Commander answers `tokens --help` with the general help, as if the word were known.
const isWord = asked !== undefined && !asked.startsWith("-") && asked !== "help";
if (isWord && !COMMANDS.some(({ name }) => name === asked)) {
  const near = didYouMean(
    asked,
    COMMANDS.map(({ name }) => name),
  );
  console.error(`bounced: there is no command ${JSON.stringify(asked)}${near}. bounced --help lists all commands.`);
  process.exit(EXIT.usage);
}
program.addHelpText(
  "after",
  `
Examples:
  bounced serve                             start everything on this machine
  bounced classify returned.eml             what does this bounce say?
  bounced explain 5.7.26                    what does this code mean, and what to do?

Settings come from the environment (bounced config shows them all) and bounced.yaml. Commands beside a running service
find its data directory: --data-dir or BOUNCED_DATA_DIR, else ./data, else that of the service you started last.`,
);

// A reader that closes early (`bounced log | head`) is not a fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

for (const problem of unknownVariables()) console.error(`bounced: ${problem}`);

/** Null where they are what is wrong. */
function settings(): Config | null {
  try {
    return loadConfigOfAny();
  } catch {
    return null;
  }
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  else {
    console.error(`bounced: ${error instanceof ConfigError ? error.message : sayPlainly(error, settings())}`);
    if (process.env["BOUNCED_LOG_LEVEL"] === "debug") console.error(error);
    process.exitCode = error instanceof ConfigError ? EXIT.usage : EXIT.failure;
  }
}
