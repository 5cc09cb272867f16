import { Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { loadConfig, type Config } from "../config.ts";
import { openQueues } from "../queues/queues.ts";
import { openRedisServer, type RedisServer } from "../queues/redis.ts";
import { isRole, ROLES, type Role, type RunningRole, type ServiceContext } from "../service.ts";
import { createLogger, type Logger } from "../telemetry/logger.ts";
import { collectProcessMetrics } from "../telemetry/metrics.ts";
import { ROLE_STARTERS } from "./roles.ts";

/** `bounced serve`: every role in one process, or those that --role names. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("Start the service: listen for returned mail, classify it, hand out events.")
    .option("--role <roles>", `only these, separated by commas: ${ROLES.join(", ")}`, parseRoles, [...ROLES])
    .action(async (options: { role: readonly Role[] }) => {
      const asked = whenAskedToStop();
      const service = await startService(loadConfig(), new Set(options.role), (line) => console.log(line));
      const signal = await asked;
      console.log(`${signal}: finishing what is in hand ...`);
      await service.stop();
      console.log("Stopped.");
    });
}

/** Listens from the first moment: a signal while we start must not leave Redis behind. A second one ends us at once. */
function whenAskedToStop(): Promise<string> {
  return new Promise((resolve) => {
    let isAsked = false;
    const hear = (signal: NodeJS.Signals, code: number): void => {
      if (isAsked) process.exit(code);
      isAsked = true;
      resolve(signal);
    };
    process.on("SIGINT", (signal) => hear(signal, 130)).on("SIGTERM", (signal) => hear(signal, 143));
  });
}

export interface RunningService {
  readonly notes: readonly string[];
  readonly redisUrl: string;
  stop(): Promise<void>;
}

/** Starts Redis if need be, then the roles in order. What was started is stopped again if one of them cannot run. */
export async function startService(
  config: Config,
  roles: ReadonlySet<Role>,
  print: (line: string) => void,
): Promise<RunningService> {
  const logger = createLogger(config.BOUNCED_LOG_LEVEL);
  collectProcessMetrics();
  const redis = await openRedisServer(config, (line) => noteRedis(logger, print, line));
  const queues = openQueues({ redisUrl: redis.url, prefix: config.BOUNCED_PREFIX, onError: warnOnce(logger) });
  const context: ServiceContext = { config, logger, redisUrl: redis.url, queues, roles };
  const running: RunningRole[] = [];
  const stop = async (): Promise<void> => {
    // The listener first: nothing new comes in while the workers finish.
    for (const role of running.toReversed()) await role.stop();
    await queues.close();
    await redis.stop();
  };
  try {
    for (const [role, load] of ROLE_STARTERS) if (roles.has(role)) running.push(await (await load())(context));
  } catch (error) {
    await stop();
    throw error;
  }
  const notes = running.flatMap((role) => role.notes);
  printBanner(config, redis, notes, print);
  return { notes, redisUrl: redis.url, stop };
}

/** What Redis says of itself is for the log; what we do about it is for the person who started us. */
function noteRedis(logger: Logger, print: (line: string) => void, line: string): void {
  if (!line.startsWith("redis:")) print(line);
  else if (/error|corrupt|bad file|misconf|can.t/i.test(line)) logger.error(line);
  else logger.debug(line);
}

function printBanner(
  config: Config,
  redis: RedisServer,
  notes: readonly string[],
  print: (line: string) => void,
): void {
  print(`${pc.bold("bounced")} is running. Ctrl-C stops it.`);
  for (const note of [...notes, `queues in ${redis.description}`, `data in ${config.dataDir}`]) print(`  ${note}`);
}

/** While Redis is away every connection reports it again and again. */
function warnOnce(logger: Logger): (error: Error) => void {
  let lastAt = -Infinity;
  return (error) => {
    const now = performance.now();
    if (now - lastAt < 10_000) return;
    lastAt = now;
    logger.warn({ err: error }, "Redis");
  };
}

function parseRoles(value: string): Role[] {
  const words = value.split(",").map((word) => word.trim());
  const wrong = words.find((word) => !isRole(word));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is not one of ${ROLES.join(", ")}`);
  return words.filter(isRole);
}
