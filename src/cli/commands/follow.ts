/** `bounced follow`: deliveries and failures out of a sending system's log, into the service here or on another machine. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { messageOf } from "../../machine/error-message.ts";
import { loadConfig, type Config } from "../../config/config.ts";
import { loadServiceConfig } from "../../client/find-service.ts";
import { beginLog, DAMAGED_PLACE, uncountedBefore, type Begun } from "../../follow/begin.ts";
import { followLog, type FollowCounts, type FollowOptions } from "../../follow/follow.ts";
import { beginJournal } from "../../follow/journal.ts";
import { LOG_FORMAT_IDS, type LogFormatId } from "../../follow/formats/ids.ts";
import { logFormatOf } from "../../follow/formats/index.ts";
import { openPlaceFile, type PlaceFile } from "../../follow/place-file.ts";
import { createLogTally } from "../../follow/tally-log.ts";
import { BEGINNINGS, JOURNAL, followedName, type Beginning } from "../../follow/settings.ts";
import { readStream } from "../../follow/tail.ts";
import { configuredIntake } from "../../intake/configured.ts";
import { redisUrlOf } from "../../redis/place.ts";
import { acceptRefusals } from "../../refusals/accept-refusals.ts";
import { countBatch } from "../../tallies/redis-tallies.ts";
import { sendRefusals, sendTallies } from "../../refusals/send-refusals.ts";
import { EXIT } from "../exit-status.ts";
import { sayInterrupted, untilSignal } from "../interrupt.ts";
import { startProgress } from "../progress.ts";
import { count, JSON_HELP, onOneLine, printJson } from "../terminal.ts";

/** Problems of one kind are said once in so long. */
const TELL_EVERY_MS = 30_000;
/** Lines that are shown. */
const SHOWN = 5;

interface FollowCommandOptions {
  readonly format: LogFormatId;
  readonly from: Beginning;
  readonly unit?: readonly string[];
  readonly once?: boolean;
  readonly to?: string;
  readonly tokenFile?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function followCommand(): Command {
  return new Command("follow")
    .description(
      "Read deliveries and failures from the log of a sending mail server, through rotations, and keep running. " +
        "Can be interrupted and repeated: the same line is counted once.",
    )
    .argument(
      "<log>",
      "Path of the log; rotated files, also .gz and .zst, are found beside it. journald: the journal; -: stdin",
    )
    .addOption(new Option("--format <name>", "What writes the log").choices(LOG_FORMAT_IDS).makeOptionMandatory())
    .addOption(
      new Option(
        "--from <place>",
        "Where to begin the first time: with the oldest rotated file, at the start, at the end",
      )
        .choices(BEGINNINGS)
        .default("start"),
    )
    .option("--unit <name...>", "Of journald: units of the mail server, e.g. postfix@-.service")
    .option("--once", "Stop at the end of the log")
    .option(
      "--to <url>",
      "Service on another machine, e.g. https://bounced.example.com; default: the one that runs here",
    )
    .option("--token-file <file>", "File with a token for it, role operator")
    .option("--quiet", "Print nothing but problems")
    .option("--json", `${JSON_HELP}: at the end, how many lines and failures were read`)
    .addHelpText(
      "after",
      `
Exits with 1 when a line could not be read.

Examples:
  bounced follow /var/log/mail.log --format postfix
  bounced follow journald --unit postfix@-.service --format postfix
  bounced follow /var/log/exim4/mainlog --format exim \\
    --to https://bounced.example.com --token-file /etc/bounced/token`,
    )
    .action(async (log: string, options: FollowCommandOptions) => {
      const target = openTarget(options);
      try {
        await untilSignal((signal) => follow(NOT_A_PATH.has(log) ? log : resolve(log), options, target, signal), {
          isEnd: !options.once,
        });
      } finally {
        await target.close();
      }
    });
}

const STDIN = "-";
const NOT_A_PATH: ReadonlySet<string> = new Set([STDIN, JOURNAL]);

/** What is read from stdin cannot be read again: it has no position. */
const NO_PLACES = { read: () => null, write: () => Promise.resolve() };

interface Target {
  readonly dataDir: string;
  readonly pathPrefix: string;
  readonly accept: FollowOptions["accept"];
  readonly count: FollowOptions["count"];
  readonly close: () => Promise<void>;
}

function openTarget({ to, tokenFile }: FollowCommandOptions): Target {
  if (to !== undefined) {
    const token = tokenFile === undefined ? "" : readFileSync(tokenFile, "utf8").trim();
    if (!URL.canParse(to)) throw new Error(`--to ${onOneLine(to)}: expected a URL, e.g. https://bounced.example.com`);
    if (!token) throw new Error("--to needs a token: --token-file FILE");
    const service = { url: to, token };
    const { dataDir, file } = loadConfig();
    return {
      dataDir,
      pathPrefix: file.returnPath.prefix,
      accept: (refusals) => sendRefusals(service, refusals),
      count: (batch) => sendTallies(service, batch),
      close: () => Promise.resolve(),
    };
  }
  const config: Config = loadServiceConfig("redis");
  const intake = configuredIntake(config, redisUrlOf(config), ({ problems }) =>
    problems.forEach((problem) => console.error(`bounced: ${problem}`)),
  );
  const pathPrefix = config.file.returnPath.prefix;
  return {
    dataDir: config.dataDir,
    pathPrefix,
    accept: async (refusals) => (await acceptRefusals(intake, refusals, { pathPrefix, isCounted: true })).errors,
    count: (batch) => intake.write((redis, prefix) => countBatch(redis, prefix, batch)),
    close: () => intake.close(),
  };
}

async function follow(path: string, options: FollowCommandOptions, target: Target, signal: AbortSignal): Promise<void> {
  const { format, once = false, quiet = false } = options;
  const name = followedName({ log: path, units: options.unit ?? [] });
  const places = path === STDIN ? NO_PLACES : openPlaceFile(target.dataDir, name, format);
  const begun = await begin(path, options, places, signal);
  const progress = startProgress("reading [{bar}] {percentage}%  {failures} failures  {eta_formatted} left", {
    total: begun.backlog,
    shown: { failures: 0 },
    isShown: !quiet,
  });
  const say = (line: string): void => progress.say(`bounced: ${line}`);
  if (begun.isDamaged) say(`${path}: ${DAMAGED_PLACE}`);
  let shown = 0;
  let waitedAt = -Infinity;
  const counts = await followLog({
    format: logFormatOf(format),
    places,
    reader: begun.reader,
    chunks: begun.chunks,
    accept: target.accept,
    tally: createLogTally({ saved: begun.tally, pathPrefix: target.pathPrefix, since: uncountedBefore(begun) }),
    count: target.count,
    signal,
    onChunk: ({ octets, failed }) => progress.reach(octets, { failures: failed }),
    onUnreadable(what) {
      if (++shown <= SHOWN) say(`not read: ${onOneLine(what, 200)}`);
      if (shown === SHOWN) say("further lines that cannot be read are counted and not shown");
    },
    onWait(error) {
      if (performance.now() - waitedAt > TELL_EVERY_MS) say(`${messageOf(error)}; trying again`);
      waitedAt = performance.now();
    },
  }).finally(() => progress.stop());
  if (options.json) printJson([counts]);
  else if (!quiet) console.error(summary(counts));
  if (signal.aborted && once) sayInterrupted(`${count(counts.lines, "line")}; the next run continues there`);
  if (counts.unreadable > 0) process.exitCode = EXIT.failed;
}

async function begin(
  path: string,
  { from, unit: units = [], once = false }: FollowCommandOptions,
  places: Pick<PlaceFile, "read">,
  signal: AbortSignal,
): Promise<Begun> {
  if ((path === JOURNAL) !== units.length > 0)
    throw new Error(`--unit: name the units of the mail server, e.g. postfix@-.service, for journald and nothing else`);
  const options = { from, once, places, signal, now: Date.now };
  if (path === STDIN) {
    const chunks = readStream(process.stdin, signal, Date.now);
    return { chunks, reader: null, backlog: 0, isDamaged: false };
  }
  if (path !== JOURNAL) return beginLog({ ...options, path });
  return beginJournal({ ...options, units, onProblem: (problem) => console.error(`bounced: ${problem}`) });
}

const summary = ({ lines, failed, delayed, delivered, unreadable }: FollowCounts): string =>
  `Read ${count(lines, "line")}: ${count(failed, "failure")}, ${count(delayed, "delay")}, ${count(delivered, "delivery", "deliveries")}` +
  (unreadable === 0 ? "." : `, ${count(unreadable, "line")} not read.`);
