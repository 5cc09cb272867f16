/** Roles in this process: started in order, stopped in the opposite one. */
import type { Config } from "../config.ts";
import { inPlainWords } from "../plain-words.ts";
import { openQueues } from "../queues/queues.ts";
import type { Role, RunningRole, ServiceContext, ServiceProcesses } from "../service.ts";
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

/** What was started is stopped again if one of them cannot run. */
export async function runRoles({ config, logger, redisUrl, roles, processes }: RunRolesOptions): Promise<RunningRoles> {
  const queues = openQueues({ redisUrl, prefix: config.BOUNCED_PREFIX, onError: warnSeldom(logger, config) });
  const context: ServiceContext = { config, logger, redisUrl, queues, processes };
  const running: RunningRole[] = [];
  const notes: RoleNotes[] = [];
  const stop = async (): Promise<void> => {
    // The listener first: nothing new comes in while the workers finish.
    for (const role of running.toReversed()) await role.stop();
    await queues.close();
  };
  try {
    for (const [role, load] of ROLE_STARTERS) {
      if (!roles.has(role)) continue;
      const started = await (await load())(context);
      running.push(started);
      notes.push({ role, notes: started.notes });
    }
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
