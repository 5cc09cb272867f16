/** The routes' context, from the configuration and what is open already. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Config } from "../config.ts";
import type { ReadSettings } from "../core/read-settings.ts";
import type { BouncedEvent } from "../core/event.ts";
import { eventsOf } from "../core/events-of.ts";
import type { MessageInput } from "../core/message-input.ts";
import { failureCodesOf } from "../core/vendors/failure-codes.ts";
import type { Intake } from "../intake/accept.ts";
import { readWhole } from "../intake/message.ts";
import { emitAgain } from "../queues/emit-again.ts";
import { configuredQueues, eraseJobs } from "../queues/erase-jobs.ts";
import type { Queues } from "../queues/queues.ts";
import { openReaderPool, type ReaderPool } from "../reading/pool.ts";
import type { ServiceProcesses } from "../service.ts";
import { metricFamilies } from "../telemetry/metrics.ts";
import { returnPathSettingsOf } from "../return-path.ts";
import { watchRules } from "../rules/watch-rules.ts";
import type { Store } from "../store/store.ts";
import { messageOf } from "../error-message.ts";
import { sessionKey, tokenFilePath, watchTokenFile } from "./access/token-file.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { HttpContext, PartHealth } from "./context.ts";
import { createReclassifier } from "./reclassifier.ts";

const HEALTH_TIMEOUT_MS = 2000;

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

export interface OpenContext {
  readonly context: HttpContext;
  /** Stops the reader's thread; store and queues belong to the caller. */
  readonly close: () => Promise<void>;
}

/** `queues` null: a process without Redis, as in tests of the pages. */
export function contextOf(
  config: Config,
  store: Store,
  queues: Queues | null,
  intake: Pick<Intake, "accept"> | null = null,
  processes: ServiceProcesses = NO_SERVICE,
  logger: Pick<Logger, "error"> | null = null,
): OpenContext {
  const rules = watchRules({
    places: config,
    onLoad: () => pool?.reload(),
    onBad: (problem) => logger?.error({ problem }, "the rule files have changed and are bad; the old rules stay"),
  });
  const settings = {
    keepHeaders: config.BOUNCED_KEEP_HEADERS,
    language: config.BOUNCED_LANGUAGE,
    returnPath: returnPathSettingsOf(config),
  };
  const readingNow = (): ReadSettings => ({ ...settings, rules: rules.current() });
  const { routes, stream } = config.file;
  let pool: ReaderPool | null = null;
  const reader = (): ReaderPool =>
    (pool ??= openReaderPool({
      config,
      threads: 1,
      onUnreadable: (input, why) => ({
        events: eventsOf({
          input,
          settings: readingNow(),
          mail: null,
          reading: null,
          warnings: [{ code: "unparseable", value: why }],
        }),
        raw: null,
      }),
    }));
  const others = configuredQueues(config.file);
  const readInput = async (input: MessageInput): Promise<readonly BouncedEvent[]> =>
    (await reader().read(input)).events;
  const reclassifier = createReclassifier({
    store,
    reading: readingNow,
    readInput,
    now: Date.now,
    onFailure: (error) => logger?.error({ err: error }, "reclassifying failed"),
  });
  return {
    context: {
      settings: config.file.http,
      tokens: watchTokenFile(tokenFilePath(config)),
      sessionKey: sessionKey(config.dataDir),
      now: Date.now,
      version,
      store,
      config,
      domains: config.BOUNCED_DOMAINS,
      language: config.BOUNCED_LANGUAGE,
      failureCodes: failureCodesOf(config.file.failureCodes),
      reading: readingNow,
      reloadRules: rules.reload,
      async readMessage(message) {
        const whole = readWhole(message, config.BOUNCED_KEEP_BYTES);
        const envelope = { reversePath: null, forwardPath: null };
        const input = { ...whole, receivedAt: new Date().toISOString(), envelope, remoteAddress: null };
        return readInput(input);
      },
      intake,
      readInput,
      reclassifier,
      ports: queues && {
        queues,
        emitAgain: (events) => emitAgain(queues, events, { routes, run: randomBytes(6).toString("hex") }),
        eraseJobs: (address) => eraseJobs(queues, address, { others, streamKey: stream.enabled ? stream.key : null }),
      },
      health: async () => {
        const [own, ofProcesses] = await Promise.all([
          Promise.all([
            ...(queues ? [ask("redis", () => queues.redis.ping())] : []),
            ask("store", () => store.count({}, 1)),
          ]),
          healthOfProcesses(processes),
        ]);
        return [...own, ...ofProcesses];
      },
      processes,
    },
    close: async () => {
      await reclassifier.close();
      rules.close();
      await pool?.close();
    },
  };
}

const NO_SERVICE: ServiceProcesses = { states: async () => [], metrics: async () => [await metricFamilies()] };

async function healthOfProcesses(processes: ServiceProcesses): Promise<readonly PartHealth[]> {
  try {
    return (await processes.states()).map(({ name, pid, state, answers, restarts, lastEnd }) => ({
      name: `process ${name}`,
      ok: state === "running" && answers,
      detail:
        state !== "running"
          ? `${state}${lastEnd === null ? "" : `: ${lastEnd}`}${restarts > 1 ? `, for the ${restarts}th time; the log says why` : ""}`
          : `pid ${pid}${answers ? "" : ", does not answer"}${restarts === 0 ? "" : `, started again ${restarts} times`}`,
    }));
  } catch (error) {
    return [{ name: "supervisor", ok: false, detail: messageOf(error) }];
  }
}

/** A part that does not answer in time is away. */
async function ask(name: string, question: () => Promise<unknown>): Promise<PartHealth> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${HEALTH_TIMEOUT_MS} ms`)), HEALTH_TIMEOUT_MS);
  try {
    await Promise.race([question(), late.promise]);
    return { name, ok: true, detail: null };
  } catch (error) {
    return { name, ok: false, detail: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}
