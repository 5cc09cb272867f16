/**
 * What each process of a supervised service runs: `node role-process.ts ROLES NAME`. It ends in good order when it is
 * told to, and when its supervisor exited: a listener that nobody watches must not go on for ever.
 */
import { flushCompileCache } from "node:module";
import { loadConfig } from "../config/config.ts";
import { inPlainWords, sayPlainly } from "../config/plain-words.ts";
import { dropEvictionWarnings } from "../redis/eviction-warning.ts";
import { reload } from "../machine/reload.ts";
import { isRole } from "../client/service.ts";
import { createLogger } from "../telemetry/logger.ts";
import { collectProcessMetrics, metricFamilies } from "../telemetry/metrics.ts";
import { createConversation, type Message } from "./messages.ts";
import { isFinal, runRoles, type RunningRoles } from "./run-roles.ts";
import { ROLE_STARTERS } from "./roles.ts";

const LONGEST_STOP_MS = 30_000;

const roles = new Set((process.argv[2] ?? "").split(",").filter(isRole));
const name = process.argv[3] ?? "";
const config = loadConfig();
const logger = createLogger(config.BOUNCED_LOG_LEVEL);
const started = Promise.withResolvers<void>();
let running: RunningRoles | null = null;
let isStopping = false;

const send = (message: Message): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};
const supervisor = createConversation(send, async (question) => {
  if (question === "metrics") return metricFamilies();
  if (question === "ping") return true;
  throw new Error(`${question}: not mine to say`);
});

async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
  await running?.stop().catch((error: unknown) => logger.error({ err: error }, "the stop"));
  process.exit(0);
}

process.on("message", (message: Message) => {
  if (supervisor.hear(message)) return;
  if (message.kind === "start") started.resolve();
  if (message.kind === "stop") void stop();
  if (message.kind === "reload") reload();
});
process.on("disconnect", () => {
  logger.warn("the supervisor exited: this process finishes its active jobs and exits");
  void stop();
});
process.on("SIGINT", () => void stop()).on("SIGTERM", () => void stop());
// The supervisor gets it too, and says what to do.
process.on("SIGHUP", () => undefined);

collectProcessMetrics(name);
dropEvictionWarnings();
try {
  for (const [role, load] of ROLE_STARTERS) if (roles.has(role)) await load();
  await started.promise;
  running = await runRoles({
    config,
    logger,
    redisUrl: config.REDIS_URL,
    roles,
    processes: { states: () => supervisor.ask("states"), metrics: () => supervisor.ask("allMetrics") },
  });
  send({ kind: "ready", notes: running.notes });
  flushCompileCache();
} catch (error) {
  // What the settings explain, the supervisor says in one line.
  if (!process.connected || inPlainWords(error, config) === null)
    logger.error({ err: error }, "the process cannot run");
  if (process.connected)
    process.send?.(
      { kind: "failed", reason: sayPlainly(error, config), isFinal: isFinal(error) } satisfies Message,
      () => process.exit(1),
    );
  else process.exit(1);
}
