/** The routes' context, from the configuration and what is open already. */
import { randomBytes } from "node:crypto";
import type { Config } from "../config/config.ts";
import { type MessageInput, type ReadSettings, unreadableMessage } from "../core/index.ts";
import type { BouncedEvent } from "../event/event.ts";
import { failureCodesOf } from "../vendors/failure-codes.ts";
import type { Intake } from "../intake/accept.ts";
import { readWhole } from "../intake/message.ts";
import { emitAgain } from "../queues/upkeep/emit-again.ts";
import { configuredQueues, eraseJobs } from "../queues/upkeep/erase-jobs.ts";
import type { Queues } from "../queues/queues.ts";
import { openReaderPool, type ReaderPool } from "../reading/pool.ts";
import { maskedStore } from "../masking/masked-store.ts";
import { createPseudonyms } from "../masking/pseudonyms.ts";
import { VERSION } from "../machine/version.ts";
import type { ServiceProcesses } from "../client/service.ts";
import { metricFamilies } from "../telemetry/metrics.ts";
import { returnPathSettingsOf } from "../return-path/settings.ts";
import { watchRules } from "../rules/watch-rules.ts";
import type { Store } from "../store/store.ts";
import { sessionKey, tokenFilePath, watchTokenFile } from "./access/token-file.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { HttpContext } from "./context.ts";
import { watchHealth } from "./health.ts";
import { createReclassifier } from "./reclassifier.ts";

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
  intake: Pick<Intake, "accept" | "write" | "durability" | "memory" | "state"> | null = null,
  processes: ServiceProcesses = NO_SERVICE,
  logger: Pick<Logger, "error"> | null = null,
): OpenContext {
  const rules = watchRules({
    places: config,
    onLoad: () => pool?.reload(),
    onBad: (problem) =>
      logger?.error({ problem }, "the changed rule files have mistakes; the old rules stay in effect"),
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
      onUnreadable: (input, why) => unreadableMessage(input, readingNow(), why),
    }));
  const others = configuredQueues(config.file);
  const readInput = (input: MessageInput): Promise<readonly BouncedEvent[]> => reader().read(input);
  const reclassifier = createReclassifier({
    store,
    reading: readingNow,
    readInput,
    now: Date.now,
    onFailure: (error) => logger?.error({ err: error }, "reclassifying failed"),
  });
  const key = sessionKey(config.dataDir);
  const masking = config.file.access.maskPersonalData.length > 0 ? createPseudonyms(key) : null;
  const health = watchHealth({ config, store, queues, intake, processes });
  return {
    context: {
      settings: config.file.http,
      tokens: watchTokenFile(tokenFilePath(config)),
      sessionKey: key,
      now: Date.now,
      version: VERSION,
      store: masking ? maskedStore(store, masking) : store,
      masking,
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
      health: () => health.parts(),
      processes,
    },
    close: async () => {
      await reclassifier.close();
      rules.close();
      health.close();
      await pool?.close();
    },
  };
}

const NO_SERVICE: ServiceProcesses = { states: async () => [], metrics: async () => [await metricFamilies()] };
