/** The follow role: deliveries and failures from the logs of sending mail servers in bounced.yaml. Nothing to do without any. */
import { access, constants } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { beginLog, DAMAGED_PLACE, uncountedBefore } from "../src/follow/begin.ts";
import { followLog } from "../src/follow/follow.ts";
import { logFormatOf } from "../src/follow/formats/index.ts";
import { beginJournal } from "../src/follow/journal.ts";
import { openPlaceFile } from "../src/follow/place-file.ts";
import { createLogTally } from "../src/follow/tally-log.ts";
import { JOURNAL, followedName, type FollowedLog } from "../src/follow/settings.ts";
import { configuredIntake } from "../src/intake/configured.ts";
import type { Intake } from "../src/intake/accept.ts";
import type { ServiceContext, StartRole } from "../src/client/service.ts";
import { acceptRefusals } from "../src/refusals/accept-refusals.ts";
import { countBatch } from "../src/tallies/redis-tallies.ts";
import type { Logger } from "../src/telemetry/logger.ts";
import { followedLines } from "../src/telemetry/metrics.ts";

const RETRY_MS = 10_000;
const SAID_EVERY_MS = 30_000;
/** Unreadable lines that are shown of each log in an hour; all are counted. */
const SHOWN_AN_HOUR = 5;
const HOUR_MS = 3_600_000;
const LONGEST_SHOWN = 300;

export const followRole: StartRole = ({ config, logger, redisUrl }) => {
  const { follow } = config.file;
  if (follow.length === 0) return Promise.resolve({ notes: [], stop: () => Promise.resolve() });
  const intake = configuredIntake(config, redisUrl, ({ problems }) =>
    problems.forEach((problem) => logger.error(problem)),
  );
  const stopping = new AbortController();
  const running = follow.map((followed) =>
    keepFollowing({ followed, config, intake, logger: logger.child({ log: followedName(followed) }) }, stopping.signal),
  );
  return Promise.resolve({
    notes: follow.map((followed) => `${followed.format} log ${followedName(followed)}`),
    async stop() {
      stopping.abort();
      await Promise.all(running);
      await intake.close();
    },
  });
};

interface Following {
  readonly followed: FollowedLog;
  readonly config: ServiceContext["config"];
  readonly intake: Intake;
  readonly logger: Logger;
}

/** A log that cannot be read now is tried again; nothing of it ends the service. */
async function keepFollowing(following: Following, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await follow(following, signal);
    } catch (error) {
      following.logger.error({ err: error }, "the log cannot be read and is tried again");
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function follow({ followed, config, intake, logger }: Following, signal: AbortSignal): Promise<void> {
  const { log, format, from, units } = followed;
  const name = followedName(followed);
  const pathPrefix = config.file.returnPath.prefix;
  const isJournal = log === JOURNAL;
  const places = openPlaceFile(config.dataDir, name, format);
  // A log that is not there yet is waited for; one that may not be read never comes by waiting.
  if (!isJournal)
    await access(log, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  const onProblem = (problem: string): void => logger.error(problem);
  const options = { places, from, once: false, signal, now: Date.now };
  const begun = isJournal ? beginJournal({ ...options, units, onProblem }) : await beginLog({ ...options, path: log });
  if (begun.isDamaged) logger.warn(DAMAGED_PLACE);
  const showUnreadable = seldom(SHOWN_AN_HOUR, HOUR_MS);
  const showWait = seldom(1, SAID_EVERY_MS);
  let counted = { lines: 0, unreadable: 0 };
  await followLog({
    format: logFormatOf(format),
    places,
    reader: begun.reader,
    chunks: begun.chunks,
    accept: async (refusals) => (await acceptRefusals(intake, refusals, { pathPrefix, isCounted: true })).errors,
    tally: createLogTally({ saved: begun.tally, pathPrefix, since: uncountedBefore(begun) }),
    count: (batch) => intake.write((redis, prefix) => countBatch(redis, prefix, batch)),
    signal,
    onChunk({ lines, unreadable }) {
      followedLines.inc({ log: name, outcome: "read" }, lines - counted.lines);
      followedLines.inc({ log: name, outcome: "unreadable" }, unreadable - counted.unreadable);
      counted = { lines, unreadable };
    },
    onUnreadable: (line) => showUnreadable(() => logger.warn({ line: line.slice(0, LONGEST_SHOWN) }, "line not read")),
    onWait: (error) =>
      showWait(() => logger.warn({ err: error }, "Redis does not confirm what was read; trying again")),
  });
}

/** So often in a period at most. */
function seldom(times: number, periodMs: number): (say: () => void) => void {
  let begunAt = -Infinity;
  let said = 0;
  return (say) => {
    const now = performance.now();
    if (now - begunAt > periodMs) [begunAt, said] = [now, 0];
    if (said++ < times) say();
  };
}
