/** A service in one process, this one: what containers run, one role each, and what tests run. */
import type { Config } from "../config/config.ts";
import { dropEvictionWarnings } from "../redis/eviction-warning.ts";
import { provideRedis } from "../redis/provide.ts";
import { reload } from "../machine/reload.ts";
import type { ProcessState, Role } from "../client/service.ts";
import { createLogger } from "../telemetry/logger.ts";
import { collectProcessMetrics, metricFamilies } from "../telemetry/metrics.ts";
import { linesOf, noteRedis } from "./banner.ts";
import { provideKeys } from "./provide-keys.ts";
import { runRoles } from "./run-roles.ts";

export interface RunningService {
  /** Of the start banner. */
  readonly notes: readonly string[];
  readonly redisUrl: string;
  /** Reads again what can be read again while it runs. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Redis if need be, then the roles. */
export async function runInOneProcess(
  given: Config,
  roles: ReadonlySet<Role>,
  print: (line: string) => void,
): Promise<RunningService> {
  const logger = createLogger(given.BOUNCED_LOG_LEVEL);
  const name = roles.size === 1 ? ([...roles][0] ?? "") : "service";
  collectProcessMetrics(name);
  dropEvictionWarnings();
  const redis = await provideRedis(given, noteRedis(logger, print));
  const state = { name, roles: [...roles], pid: process.pid, answers: true, restarts: 0, lastEnd: null };
  try {
    const { keys, notes } = await provideKeys(given, redis.url);
    const config = { ...given, BOUNCED_SECRET: [...keys] };
    const running = await runRoles({
      config,
      logger,
      redisUrl: redis.url,
      roles,
      processes: {
        states: async (): Promise<ProcessState[]> => [{ ...state, state: "running" }],
        metrics: async () => [await metricFamilies()],
      },
    });
    return {
      notes: linesOf(running.notes, notes, config, redis),
      redisUrl: redis.url,
      async reload() {
        reload();
        logger.info("SIGHUP: certificates are reloaded; restart for everything else");
      },
      async stop() {
        await running.stop();
        await redis.stop();
      },
    };
  } catch (error) {
    await redis.stop();
    throw error;
  }
}
