/** The worker role: takes accepted messages, has them read in threads, emits their events; housekeeping beside. */
import { availableParallelism } from "node:os";
import { canaryTokenOf, createCanaryCheck, isReadRightly, markCanary } from "../src/canary/canary.ts";
import { providerOfHost, unreadableMessage } from "../src/core/index.ts";
import { watchConfirmation } from "../src/intake/confirm.ts";
import { messageJob } from "../src/intake/pack.ts";
import { consume } from "../src/queues/consume.ts";
import { createCrashCount } from "../src/queues/crash-count.ts";
import { createEmitter } from "../src/queues/emit.ts";
import type { QueuedMessage } from "../src/queues/payloads.ts";
import { createTapReader } from "../src/queues/taps.ts";
import { createKeyLookup } from "../src/proof/key-lookup.ts";
import { createDnsAnswers } from "../src/proof/dns-answers.ts";
import { createReportChecks } from "../src/proof/report-checks.ts";
import { readChecked } from "../src/reading/checked.ts";
import { readSettingsWith } from "../src/reading/read-settings.ts";
import { openReaderPool, type Readable } from "../src/reading/pool.ts";
import { watchRules } from "../src/rules/watch-rules.ts";
import type { StartRole } from "../src/client/service.ts";
import { messageLine } from "../src/telemetry/message-line.ts";
import { classifyHandler } from "./classify-handler.ts";
import { countRead, createReadClock } from "./classify-metrics.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { startRefusals } from "./refusals.ts";

/** Each has up to 32 messages when there is much to do. */
const JOBS_AT_A_TIME = 50;
/** A killed worker's messages start again after this or twice this. The lock is renewed at half of it. */
const LOCK_MS = 6000;
/** A job that was in the hands of workers that ended is never given up for that: crash-count.ts knows whose fault it is. */
const NEVER = 1_000_000;

export const workerRole: StartRole = async (context) => {
  const { config, logger, redisUrl, queues } = context;
  // Rule files with mistakes stop the start here, with a message, and not in a thread.
  const rules = watchRules({
    places: config,
    onLoad({ size }) {
      logger.info({ rules: size }, "reloaded the changed rule files");
      pool.reload();
    },
    onBad: (problem) => logger.error({ problem }, "the changed rule files have mistakes; the old rules stay in effect"),
  });
  const clock = createReadClock();
  const pool = openReaderPool({
    config,
    threads: Math.max(1, availableParallelism() - 1),
    ...(config.file.dkim.lookup ? { keys: createKeyLookup() } : {}),
    onUnreadable: (input, why) => unreadableMessage(input, readSettingsWith(config, rules.current()), why),
    onCondemned: ({ sha256 }, why, detail) =>
      logger.error({ sha256, why, detail }, "a message stopped its reader; it gets the outcome `unparseable`"),
    onCrash: (detail) => logger.error({ detail }, "a reader thread crashed; it is restarted"),
    onRead({ envelope }, readMs) {
      if (canaryTokenOf(envelope.forwardPath) === null) clock.add(readMs);
    },
  });
  const read = config.file.dkim.lookup
    ? readChecked(
        (input) => pool.read(input),
        createReportChecks(createDnsAnswers(), (host) => providerOfHost(host, rules.current())?.id ?? null),
      )
    : (input: Readable) => pool.read(input);
  const { routes, stream } = config.file;
  const confirmation = watchConfirmation(queues, config.file.durability);
  const { confirmed } = confirmation;
  const crashes = createCrashCount(queues);
  for (const sha256 of await crashes.condemned()) pool.condemn(sha256, "crashed");
  const isCanary = createCanaryCheck(queues);
  const tellOfMessage = messageLine(logger);
  const consumer = consume(
    "intake",
    classifyHandler({
      read: (message) => read(readableOf(message)),
      emit: createEmitter(queues, {
        routes,
        stream,
        taps: createTapReader(queues),
        confirmed,
        language: config.BOUNCED_LANGUAGE,
        rememberedSeconds: config.BOUNCED_RETENTION_DAYS * 86_400,
      }),
      takeApart: (messages) => confirmed(() => queues.get("intake").addBulk(messages.map(messageJob) as never)),
      crashes,
      condemn({ sha256 }) {
        logger.error({ sha256 }, "a message crashed the worker repeatedly; it gets the outcome `unparseable`");
        pool.condemn(sha256, "crashed");
      },
      async canaryOf({ forwardPaths }) {
        const token = canaryTokenOf(forwardPaths[0] ?? null);
        return token !== null && (await isCanary(token)) ? token : null;
      },
      onCanary: (token, events) => markCanary(queues, token, isReadRightly(events) ? "classified" : "misread"),
      onRead(message, events) {
        countRead(events);
        tellOfMessage(message, events);
      },
    }),
    {
      redisUrl,
      prefix: config.BOUNCED_PREFIX,
      concurrency: JOBS_AT_A_TIME,
      lockMs: LOCK_MS,
      maxStalledCount: NEVER,
      onError: (error) => logger.warn({ err: error }, "worker"),
      onFailed: ({ id }, error) => logger.error({ id, err: error }, "message put into quarantine"),
    },
  );
  const refusals = await startRefusals(context);
  const housekeeping = await startHousekeeping(context);
  return {
    notes: [`worker: ${rules.current().size} rules`, ...housekeeping.notes],
    async stop() {
      rules.close();
      await refusals.stop();
      await consumer.close();
      await pool.close();
      clock.stop();
      confirmation.stop();
      await housekeeping.stop();
    },
  };
};

function readableOf(message: QueuedMessage): Readable {
  const { raw, truncated, size, sha256, receivedAt, reversePath, remoteAddress, helo, isRefusal = false } = message;
  const [forwardPath = null, ...others] = message.forwardPaths;
  const known = others.filter((other) => other !== null);
  const envelope = { reversePath, forwardPath, ...(known.length === 0 ? {} : { others: known }) };
  const named = helo === undefined ? {} : { helo };
  return { octets: raw, truncated, size, sha256, receivedAt, envelope, remoteAddress, ...named, isRefusal };
}
