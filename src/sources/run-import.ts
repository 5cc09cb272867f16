import { setTimeout as sleep } from "node:timers/promises";
import { NotAccepted } from "../intake/accept.ts";
import { acceptBytes, type Ingest, type KnownEnvelope } from "./accept-bytes.ts";
import type { SourceMessage } from "./sources.ts";
import type { OnProblem } from "./walk.ts";

export interface ImportOptions {
  readonly ingest: Ingest;
  readonly envelope?: KnownEnvelope;
  /** How long a message is tried again while Redis does not take it. */
  readonly waitMs: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  readonly onProblem: OnProblem;
  readonly onWait: (error: Error) => void;
  readonly onDone: (octets: number) => void;
}

export const TOO_BIG = "longer than BOUNCED_MAX_SIZE; it was left where it is";
const MESSAGES_AT_A_TIME = 32;
const OCTETS_AT_A_TIME = 64 * 1024 ** 2;
const RETRY_MS = 1000;

/**
 * Resolves with how many messages are durable. Rejects with NotAccepted where Redis takes none for `waitMs`; what is
 * not done by then is still where it was.
 */
export async function runImport(
  messages: AsyncIterable<SourceMessage>,
  options: ImportOptions,
): Promise<{ readonly accepted: number }> {
  let accepted = 0;
  let batch: SourceMessage[] = [];
  let octets = 0;
  const flush = async (): Promise<void> => {
    accepted += await importBatch(batch, options);
    batch = [];
    octets = 0;
  };
  for await (const message of messages) {
    batch.push(message);
    octets += message.bytes.length;
    if (batch.length >= MESSAGES_AT_A_TIME || octets >= OCTETS_AT_A_TIME) await flush();
  }
  await flush();
  return { accepted };
}

async function importBatch(batch: readonly SourceMessage[], options: ImportOptions): Promise<number> {
  const whole = batch.filter(({ isCut }) => !isCut);
  for (const { path, isCut } of batch) if (isCut) options.onProblem(path, new Error(TOO_BIG));
  const outcomes = await Promise.allSettled(whole.map((message) => acceptPatiently(message, options)));
  // Only what lies before the first failure is done: a place in an mbox file must not jump over it.
  const failed = outcomes.findIndex(({ status }) => status === "rejected");
  const durable = failed < 0 ? whole : whole.slice(0, failed);
  for (const [index, message] of durable.entries()) {
    options.onDone(message.octets);
    if (message.group !== null && message.group === durable[index + 1]?.group) continue;
    try {
      await message.done();
    } catch (error) {
      options.onProblem(message.path, error);
    }
  }
  const outcome = outcomes[failed];
  if (outcome?.status === "rejected") throw outcome.reason;
  return durable.length;
}

async function acceptPatiently(
  { bytes }: SourceMessage,
  { ingest, envelope, waitMs, signal, onWait }: ImportOptions,
): Promise<void> {
  const giveUpAt = performance.now() + waitMs;
  for (;;) {
    try {
      await acceptBytes(ingest, bytes, envelope);
      return;
    } catch (error) {
      if (!(error instanceof NotAccepted) || performance.now() + RETRY_MS > giveUpAt || signal?.aborted) throw error;
      onWait(error);
      await sleep(RETRY_MS);
    }
  }
}
