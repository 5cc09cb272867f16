/** One accepted message -> its events on the output queues. Safe to run twice: event ids are deterministic. */
import { availableParallelism } from "node:os";
import { eventsOf } from "../src/core/events-of.ts";
import type { MessageInput } from "../src/core/message-input.ts";
import { consume, type Handler } from "../src/queues/consume.ts";
import { createEmitter, type Emit } from "../src/queues/emit.ts";
import type { IntakeJob } from "../src/queues/names.ts";
import { createTapReader } from "../src/queues/taps.ts";
import { readSettingsOf } from "../src/read-settings.ts";
import { openReaderPool, type ReaderPool, type ReadResult } from "../src/reading/pool.ts";
import type { StartRole } from "../src/service.ts";
import { eventsEmitted, messagesRead } from "../src/telemetry/metrics.ts";
import { startHousekeeping } from "./housekeeping.ts";

const JOBS_AT_A_TIME = 64;
/** A killed worker's messages start again after this or twice this. The lock is renewed at half of it. */
const LOCK_MS = 6000;
/** A message that kills its worker this often is put aside: `bounced quarantine list`. */
const CRASHES_BEFORE_QUARANTINE = 5;

export interface ClassifyDeps {
  readonly read: ReaderPool["read"];
  readonly emit: Emit;
}

export function classifyHandler({ read, emit }: ClassifyDeps): Handler<IntakeJob> {
  return async (input, { id }) => {
    const { events, raw } = await read(input);
    await emit({ events, raw, messageId: id });
    messagesRead.inc({ outcome: "read" });
    for (const { kind, severity } of events) eventsEmitted.inc({ kind, severity });
  };
}

/** The worker role: readers in threads, housekeeping beside. */
export const workerRole: StartRole = async (context) => {
  const { config, logger, queues, redisUrl } = context;
  const settings = readSettingsOf(config);
  const pool = openReaderPool({
    config,
    threads: Math.max(1, availableParallelism() - 1),
    onUnreadable(input, why, detail): ReadResult {
      logger.error({ why, detail, sha256: input.sha256 }, "a message stopped its reader");
      messagesRead.inc({ outcome: "unreadable" });
      return { events: unreadableEvents(input, why), raw: null };
    },
  });
  const unreadableEvents = (input: MessageInput, why: string) =>
    eventsOf({ input, settings, mail: null, reading: null, warnings: [{ code: "unparseable", value: why }] });
  const { routes, stream } = config.file;
  const consumer = consume(
    "intake",
    classifyHandler({
      read: (input) => pool.read(input),
      emit: createEmitter(queues, { routes, stream, taps: createTapReader(queues) }),
    }),
    {
      redisUrl,
      prefix: config.BOUNCED_PREFIX,
      concurrency: JOBS_AT_A_TIME,
      lockMs: LOCK_MS,
      maxStalledCount: CRASHES_BEFORE_QUARANTINE - 1,
      onError: (error) => logger.warn({ err: error }, "worker"),
      onFailed: ({ id }, error) => logger.error({ id, err: error }, "message put into quarantine"),
    },
  );
  const housekeeping = await startHousekeeping(context);
  return {
    notes: [`worker: ${settings.rules.size} rules`, ...housekeeping.notes],
    async stop() {
      await consumer.close();
      await pool.close();
      await housekeeping.stop();
    },
  };
};
