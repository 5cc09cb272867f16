/** The exit statuses of all commands, in one table: docs/cli.md. `import` has two more, for mail servers. */
import { CommanderError } from "commander";
import { ConfigError } from "../config/config.ts";
import { QueryError } from "../store/log/log-query.ts";

export const EXIT = {
  done: 0,
  /** What was asked for is not there, or it failed. */
  failed: 1,
  /** The words of the command line or the settings are wrong. Nothing was done. */
  usage: 2,
  /** Ctrl-C. */
  interrupted: 130,
  /** SIGTERM. */
  terminated: 143,
} as const;

/** For the manual page. */
export const EXIT_MEANINGS: readonly (readonly [status: string, meaning: string])[] = [
  ["0", "Done. A search or a list that finds nothing is done too."],
  ["1", "What was named does not exist, or the command failed."],
  ["2", "An argument, an option or a setting is wrong, or no service was found. Nothing was done."],
  ["130", "Interrupted by Ctrl-C. Long work has printed what was read so far."],
  ["143", "Interrupted by SIGTERM."],
];

/** Words on the command line that cannot be used; whatever else a command throws is a failure. */
export class UsageError extends Error {
  override name = "UsageError";
}

export function exitStatusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const isUsage = error instanceof UsageError || error instanceof ConfigError || error instanceof QueryError;
  return isUsage ? EXIT.usage : EXIT.failed;
}

/** For what a file says, or a list has: its contents are not words of the command line. */
export async function asFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof QueryError) throw new Error(cause.message, { cause });
    throw cause;
  }
}
