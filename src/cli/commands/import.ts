/** `bounced import`: mail from files, folders, Maildirs, mbox files and pipes into the running service. */
import { join } from "node:path";
import { Command } from "commander";
import type { Config } from "../../config/config.ts";
import { messageOf } from "../../machine/error-message.ts";
import { loadServiceConfig } from "../../client/find-service.ts";
import { collect } from "../../sources/files.ts";
import { isMboxPlace } from "../../sources/mbox-place.ts";
import { openProgressFile } from "../../sources/progress-file.ts";
import { runImport, TOO_BIG } from "../../sources/run-import.ts";
import { measureSources, readSources, type AfterImport, type SourceMessage } from "../../sources/sources.ts";
import { watchPaths } from "../../sources/watch.ts";
import { NotAccepted, type Intake } from "../../intake/accept.ts";
import { configuredIntake } from "../../intake/configured.ts";
import { aboutFile } from "../files.ts";
import { sayInterrupted, untilAborted, untilSignal } from "../interrupt.ts";
import { startProgress } from "../progress.ts";
import { count, JSON_HELP, printJson } from "../terminal.ts";
import { redisUrlOf } from "../../redis/place.ts";

/** sysexits.h: what Postfix, Exim and maildrop understand. */
const EXIT = { problems: 1, dataError: 65, tryAgain: 75 } as const;
const WAIT_MS = 60_000;
const WATCH_MS = 15_000;

interface ImportCommandOptions {
  readonly watch?: boolean;
  readonly all?: boolean;
  readonly keep?: boolean;
  readonly delete?: boolean;
  readonly move?: string;
  readonly forwardPath?: string;
  readonly reversePath?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function importCommand(): Command {
  return new Command("import")
    .description(
      "Import messages into the running service: .eml files, folders, Maildirs, mbox files, or - for one message on stdin. " +
        "Can be interrupted and repeated: the same message is counted once.",
    )
    .argument("<paths...>")
    .option("--watch", "Keep running, and import new messages")
    .option("--all", "Also import messages that were imported before or are marked as seen")
    .option("--keep", "Leave Maildir messages unmarked")
    .option("--delete", "Delete each file once its message is durable (not mbox files)")
    .option("--move <folder>", "Move each file there once its message is durable (not mbox files)")
    .option("--forward-path <address>", "Address the mail came to; default: from the header")
    .option("--reverse-path <address>", "Envelope sender, empty for <>; default: from the header")
    .option("--quiet", "Print nothing but problems")
    .option("--json", `${JSON_HELP}: how many messages were imported and skipped, and the problems`)
    .addHelpText(
      "after",
      `
Exits with 0 when all is durable, 1 when a message could not be read or is too
big, 75 when Redis does not take mail now (a mail server tries again), 65 when
the message on stdin is too big.

Examples:
  bounced import ~/Maildir --watch
  bounced import /var/mail/bounces.mbox
  bounced import - --forward-path "\${recipient}" --reverse-path "\${sender}"`,
    )
    .action(async (paths: string[], options: ImportCommandOptions) => {
      const config = loadServiceConfig("redis");
      const intake = configuredIntake(config, redisUrlOf(config), ({ problems }) =>
        problems.forEach((problem) => console.error(`bounced: ${problem}`)),
      );
      try {
        if (paths.includes("-")) process.exitCode = await importStdin(config, intake, options);
        else
          await untilSignal((signal) => importPaths(paths, { config, intake, options, signal }), {
            isEnd: options.watch ?? false,
          });
      } catch (error) {
        if (!(error instanceof NotAccepted)) throw error;
        console.error(`bounced: ${error.message}. Is \`bounced serve\` running? What was not imported is untouched.`);
        process.exitCode = EXIT.tryAgain;
      } finally {
        await intake.close();
      }
    });
}

const envelopeOf = ({ forwardPath, reversePath }: ImportCommandOptions) => ({
  ...(forwardPath === undefined ? {} : { forwardPaths: [forwardPath] }),
  ...(reversePath === undefined ? {} : { reversePath: reversePath.replace(/^<(.*)>$/, "$1") }),
});

/** One message: a pipe delivers them one by one, and waits for the exit code. */
async function importStdin(config: Config, intake: Intake, options: ImportCommandOptions): Promise<number> {
  const { bytes, isCut } = await collect(process.stdin, config.BOUNCED_MAX_SIZE);
  if (isCut) {
    console.error(`bounced: ${TOO_BIG}`);
    return EXIT.dataError;
  }
  const message: SourceMessage = { path: "-", bytes, isCut, octets: 0, done: () => Promise.resolve(), group: null };
  await runImport(asyncOf(message), {
    ingest: { intake, keepBytes: config.BOUNCED_KEEP_BYTES },
    envelope: { ...envelopeOf(options), receivedAt: new Date().toISOString() },
    waitMs: 0,
    onProblem: rethrow,
    onWait: () => undefined,
    onDone: () => undefined,
  });
  if (options.json) printJson([{ imported: 1, skipped: 0, problems: [] }]);
  return 0;
}

async function* asyncOf<T>(value: T): AsyncGenerator<T> {
  yield value;
}

/** The path once, whoever names it. */
function aboutPath(path: string, error: unknown): string {
  const text = messageOf(aboutFile(path, error));
  return text.startsWith(path) ? text : `${path}: ${text}`;
}

function rethrow(_path: string, error: unknown): never {
  throw error;
}

interface Importing {
  readonly config: Config;
  readonly intake: Intake;
  readonly options: ImportCommandOptions;
  readonly signal: AbortSignal;
}

async function importPaths(paths: readonly string[], importing: Importing): Promise<void> {
  const { config, intake, options, signal } = importing;
  const isShown = process.stderr.isTTY && !options.quiet && !options.watch;
  const problems: { readonly path: string; readonly problem: string }[] = [];
  let passed = 0;
  let messages = 0;
  const imported = new Set<string>();
  const after = afterOf(options);
  const isTaken = after.kind === "move" || after.kind === "delete";
  const progress = startProgress("importing [{bar}] {percentage}%  {messages} messages  {eta_formatted} left", {
    total: isShown ? await measureSources(paths, options.all ?? false) : 0,
    shown: { messages: 0 },
  });
  const onProblem = (path: string, error: unknown): void => {
    const problem = aboutPath(path, error);
    problems.push({ path, problem });
    progress.say(`bounced: ${problem}`);
  };
  let lastWarning = -Infinity;
  const round = async (): Promise<void> => {
    const sources = readSources(paths, {
      maxBytes: config.BOUNCED_MAX_SIZE,
      after,
      all: options.all ?? false,
      places: openProgressFile(join(config.dataDir, "import.json"), isMboxPlace),
      onProblem,
      onPassed: (_path, octets) => {
        passed++;
        progress.add(octets);
      },
    });
    await runImport(untilAborted(options.watch && !isTaken ? fresh(sources, imported) : sources, signal), {
      ingest: { intake, keepBytes: config.BOUNCED_KEEP_BYTES },
      envelope: envelopeOf(options),
      waitMs: options.watch ? Infinity : WAIT_MS,
      signal,
      onProblem,
      onWait: ({ message }) => {
        if (performance.now() - lastWarning > WAIT_MS / 2) progress.say(`bounced: ${message}; trying again`);
        lastWarning = performance.now();
      },
      onDone: (octets) => {
        messages++;
        progress.add(octets, { messages });
      },
    });
  };
  try {
    if (options.watch) await keepWatching(paths, round, signal);
    else await round();
  } finally {
    progress.stop();
  }
  if (options.json) printJson([{ imported: messages, skipped: passed, problems }]);
  else if (!options.quiet) {
    const earlier = passed === 0 ? "" : `, ${passed} skipped: imported or seen before (--all imports them too)`;
    const failed = problems.length === 0 ? "" : `, ${count(problems.length, "problem")}`;
    console.error(`Imported ${count(messages, "message")}${earlier}${failed}.`);
  }
  if (signal.aborted && !options.watch)
    sayInterrupted(`${count(messages, "message")}; the next import continues there`);
  if (problems.length > 0) process.exitCode = EXIT.problems;
}

const afterOf = ({ keep, delete: remove, move }: ImportCommandOptions): AfterImport =>
  move === undefined ? { kind: remove ? "delete" : keep ? "keep" : "mark" } : { kind: "move", folder: move };

/** While watching, a file that stays where it is is imported once. */
async function* fresh(messages: AsyncIterable<SourceMessage>, imported: Set<string>): AsyncGenerator<SourceMessage> {
  for await (const message of messages) {
    if (message.group === null) {
      if (imported.has(message.path)) continue;
      imported.add(message.path);
    }
    yield message;
  }
}

async function keepWatching(paths: readonly string[], round: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const watcher = await watchPaths(paths);
  signal.addEventListener("abort", () => watcher.close());
  while (!signal.aborted) {
    await round();
    if (!signal.aborted) await watcher.next(WATCH_MS);
  }
  watcher.close();
}
