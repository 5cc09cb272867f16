/** One of the worker role's threads: takes jobs of the intake queue, reads them, emits their events. */
import { parentPort, workerData } from "node:worker_threads";
import type { Config } from "../src/config.ts";
import { canaryStage, canaryTokenOf, isReadRightly, markCanary } from "../src/canary/canary.ts";
import { eventsOf } from "../src/core/events-of.ts";
import { readMessage } from "../src/core/read-message.ts";
import { messageJob } from "../src/intake/pack.ts";
import { consume } from "../src/queues/consume.ts";
import { createEmitter } from "../src/queues/emit.ts";
import { openQueues } from "../src/queues/queues.ts";
import { createTapReader } from "../src/queues/taps.ts";
import { readSettingsOf } from "../src/read-settings.ts";
import { currentJobWriter } from "../src/reading/current-job.ts";
import type { ThreadData, Unreadable } from "../src/reading/threads.ts";
import { createLogger, flushLogger } from "../src/telemetry/logger.ts";
import { messageLine } from "../src/telemetry/message-line.ts";
import { classifyHandler, type ReadMessageJob } from "./classify-handler.ts";
import { createTally } from "./tally.ts";

export interface ClassifyThreadSettings {
  readonly config: Config;
  readonly redisUrl: string;
}

/** Each has up to 32 messages when there is much to do. */
const JOBS_AT_A_TIME = 50;
/** A killed worker's messages start again after this or twice this. The lock is renewed at half of it. */
const LOCK_MS = 6000;
/** A message in hand when its worker ends this often is put aside: `bounced quarantine list`. */
const CRASHES_BEFORE_QUARANTINE = 10;

const { settings: given, currentJob, ...data } = workerData as ThreadData<ClassifyThreadSettings>;
const condemned = new Map(data.condemned);
const { config, redisUrl } = given;
const logger = createLogger(config.BOUNCED_LOG_LEVEL);
const onError = (error: Error): void => logger.warn({ err: error }, "worker");
const queues = openQueues({ redisUrl, prefix: config.BOUNCED_PREFIX, onError });
const taps = createTapReader(queues);
const tally = createTally((counts) => parentPort?.postMessage(counts));
const watched = currentJobWriter(currentJob);
let settings = readSettingsOf(config);
let last: Promise<unknown> = Promise.resolve();

/** One at a time: so there is no doubt which message a stuck thread is stuck on. */
const read: ReadMessageJob = (input, id) => {
  const why = condemned.get(id);
  const warnings = [{ code: "unparseable", value: why ?? "" }];
  if (why) return Promise.resolve(eventsOf({ input, settings, mail: null, reading: null, warnings }));
  const reading = last.then(async () => {
    const startedAt = performance.now();
    watched.begin(id);
    try {
      return await readMessage(input, settings);
    } finally {
      watched.end();
      if (canaryTokenOf(input.envelope.forwardPath) === null) tally.read(performance.now() - startedAt);
    }
  });
  last = reading.catch(() => undefined);
  return reading;
};

const { routes, stream } = config.file;
const consumer = consume(
  "intake",
  classifyHandler({
    read,
    emit: createEmitter(queues, { routes, stream, taps }),
    takeApart: ({ messages }) => queues.get("intake").addBulk(messages.map(messageJob) as never),
    taps,
    tally,
    async canaryOf({ envelope }) {
      const token = canaryTokenOf(envelope.forwardPath);
      return token !== null && (await canaryStage(queues, token)) !== null ? token : null;
    },
    onCanary: (token, events) => markCanary(queues, token, isReadRightly(events) ? "classified" : "misread"),
    onRead: messageLine(logger),
  }),
  {
    redisUrl,
    prefix: config.BOUNCED_PREFIX,
    concurrency: JOBS_AT_A_TIME,
    lockMs: LOCK_MS,
    maxStalledCount: CRASHES_BEFORE_QUARANTINE - 1,
    onError,
    onFailed: ({ id }, error) => logger.error({ id, err: error }, "message put into quarantine"),
  },
);

parentPort?.on("message", (message: string) => {
  if (message === "reload") settings = readSettingsOf(config);
  if (message === "stop") void stop();
  const [word, id, why] = message.split(" ");
  if (word === "condemn" && id && why) condemned.set(id, why as Unreadable);
});

async function stop(): Promise<void> {
  await consumer.close();
  await queues.close();
  tally.stop();
  flushLogger(logger);
  parentPort?.close();
}
