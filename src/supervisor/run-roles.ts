/** Roles in this process: started in order, stopped in the opposite one. */
import { ConfigError, type Config } from "../config/config.ts";
import { inPlainWords } from "../config/plain-words.ts";
import { codeOf } from "../machine/error-message.ts";
import { openQueues } from "../queues/queues.ts";
import type { Role, RunningRole, ServiceContext, ServiceProcesses } from "../client/service.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { RoleNotes } from "./messages.ts";
import { ROLE_STARTERS } from "./roles.ts";

export interface RunRolesOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly redisUrl: string;
  readonly roles: ReadonlySet<Role>;
  readonly processes: ServiceProcesses;
}

export interface RunningRoles {
  readonly notes: readonly RoleNotes[];
  stop(): Promise<void>;
}

type Starter = (typeof ROLE_STARTERS)[number];

const RETRY_MS = 2000;
const FINAL_CODES = new Set(["EADDRINUSE", "EADDRNOTAVAIL", "EACCES"]);
const MISSING_CODES = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"]);

/** Whether a start that failed so would fail again: a wrong setting, a port that is taken, an incomplete installation. */
export const isFinal = (error: unknown): boolean =>
  error instanceof ConfigError ||
  (error instanceof Error &&
    (MISSING_CODES.has(codeOf(error)) ||
      ("syscall" in error && error.syscall === "listen" && FINAL_CODES.has(codeOf(error)))));

/** What was started is stopped again if one of them cannot run. */
export async function runRoles({ config, logger, redisUrl, roles, processes }: RunRolesOptions): Promise<RunningRoles> {
  const queues = openQueues({ redisUrl, prefix: config.BOUNCED_PREFIX, onError: warnSeldom(logger, config) });
  const context: ServiceContext = { config, logger, redisUrl, queues, processes };
  const running = new Map<Role, RunningRole>();
  const notes: RoleNotes[] = [];
  let isStopping = false;
  let retry: NodeJS.Timeout | undefined;
  const stop = async (): Promise<void> => {
    isStopping = true;
    clearTimeout(retry);
    // The ways in first: nothing new comes in while the workers finish.
    for (const [role] of ROLE_STARTERS.toReversed()) await running.get(role)?.stop();
    await queues.close();
  };
  const start = async ([role, load]: Starter): Promise<void> => {
    const started = await (await load())(context);
    if (isStopping) return started.stop();
    running.set(role, started);
    notes.push({ role, notes: started.notes });
  };
  /** In order: a worker must not hand out events before the log has said that it wants them. */
  const startOrWait = async (starters: readonly Starter[], isRetry = false): Promise<void> => {
    for (const [index, starter] of starters.entries()) {
      try {
        await start(starter);
        if (isRetry) logger.warn({ role: starter[0] }, "the role runs now");
      } catch (error) {
        if (!isRetry && isFinal(error)) throw error;
        logger.error({ err: error, role: starter[0] }, "the role cannot run yet and is retried; mail is accepted");
        retry = setTimeout(() => void startOrWait(starters.slice(index), true), RETRY_MS);
        return;
      }
      if (isStopping) return;
    }
  };
  const due = ROLE_STARTERS.filter(([role]) => roles.has(role));
  const listener = due.find(([role]) => role === "smtp");
  try {
    // Beside a listener nothing may keep mail out: what cannot run yet, say without its database, is waited for.
    if (listener) {
      await start(listener);
      await startOrWait(due.filter((one) => one !== listener));
    } else for (const one of due) await start(one);
  } catch (error) {
    await stop();
    throw error;
  }
  return { notes, stop };
}

/** While Redis is away every connection reports it again and again. */
function warnSeldom(logger: Logger, config: Config): (error: Error) => void {
  let lastAt = -Infinity;
  return (error) => {
    const now = performance.now();
    if (now - lastAt < 10_000) return;
    lastAt = now;
    logger.warn({ err: error }, inPlainWords(error, config) ?? "Redis");
  };
}
