/** `bounced`: commands only. A command's module is loaded when it is called, so that `--help` and `classify` start fast. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { ConfigError } from "../config.ts";
import { messageOf } from "../error-message.ts";

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** In the order a newcomer needs them. */
const COMMANDS: readonly Entry[] = [
  {
    name: "serve",
    summary: "run the service: SMTP in, events out",
    load: async () => (await import("./serve.ts")).serveCommand(),
  },
  {
    name: "classify",
    summary: "read bounces from files, say who failed and why",
    load: async () => (await import("./classify.ts")).classifyCommand(),
  },
  {
    name: "replay",
    summary: "send messages through the running service, see what became of each",
    load: async () => (await import("./replay.ts")).replayCommand(),
  },
  {
    name: "explain",
    summary: "what a code or a pasted rejection means, and what to do",
    load: async () => (await import("./explain.ts")).explainCommand(),
  },
  {
    name: "import",
    summary: "hand in messages from files, Maildirs, mbox files and pipes",
    load: async () => (await import("./import.ts")).importCommand(),
  },
  {
    name: "return-path",
    summary: "make and decode signed return paths",
    load: async () => (await import("./return-path.ts")).returnPathCommand(),
  },
  {
    name: "log",
    summary: "search the bounce log, download it, erase from it",
    load: async () => (await import("./log.ts")).logCommand(),
  },
  {
    name: "suppressions",
    summary: "the suppression list: look, change, import, export",
    load: async () => (await import("./suppressions.ts")).suppressionsCommand(),
  },
  {
    name: "reclassify",
    summary: "the log under the rules of today: a diff first; and what no rule knew",
    load: async () => (await import("./reclassify.ts")).reclassifyCommand(),
  },
  {
    name: "rules",
    summary: "check the rules you wrote, and see which rule decides",
    load: async () => (await import("./rules.ts")).rulesCommand(),
  },
  {
    name: "webhooks",
    summary: "what waits for each webhook, what was tried, sending again",
    load: async () => (await import("./webhooks.ts")).webhooksCommand(),
  },
  {
    name: "doctor",
    summary: "check Redis, DNS, TLS, ports, disk and settings; say what to do",
    load: async () => (await import("./doctor.ts")).doctorCommand(),
  },
  {
    name: "token",
    summary: "make, list and revoke tokens for the API and the pages",
    load: async () => (await import("./token.ts")).tokenCommand(),
  },
  {
    name: "quarantine",
    summary: "messages that could not be processed; put them back",
    load: async () => (await import("./quarantine.ts")).quarantineCommand(),
  },
  {
    name: "config",
    summary: "print the effective settings",
    load: async () => (await import("./config.ts")).configCommand(),
  },
];

const EXIT = { failure: 1, usage: 2 } as const;

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("bounced")
  .description("Returned mail in, one classified event per recipient out.")
  .version(version)
  .showSuggestionAfterError()
  .showHelpAfterError("Run with --help to see what is possible.")
  .exitOverride();

const [first, second] = process.argv.slice(2);
const asked = first === "help" ? second : first;
for (const entry of COMMANDS) {
  const command = entry.name === asked ? await entry.load() : new Command(entry.name).description(entry.summary);
  program.addCommand(command.name(entry.name).summary(entry.summary).exitOverride());
}
program.addHelpText(
  "after",
  `
Examples:
  bounced serve                             start everything on this machine
  bounced classify returned.eml             what does this bounce say?
  bounced explain 5.7.26                    what does this code mean, and what to do?

Settings come from the environment (bounced config shows them all) and bounced.yaml.`,
);

// A reader that closes early (`bounced log | head`) is not a fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  else {
    const text = error instanceof ConfigError ? `wrong setting\n${error.message}` : messageOf(error);
    console.error(`bounced: ${text}`);
    if (process.env["BOUNCED_LOG_LEVEL"] === "debug") console.error(error);
    process.exitCode = error instanceof ConfigError ? EXIT.usage : EXIT.failure;
  }
}
