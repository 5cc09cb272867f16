/** What was refused, into the log: as refusals that our own sending system reports. Never holds up an answer. */
import type { ReportedRefusalInput } from "../core/index.ts";
import type { Answer, PolicyQuestion } from "./answer.ts";

export interface Reporter {
  /** Reports a refusal; everything else is passed over. */
  report(question: PolicyQuestion, answer: Answer, now: number): void;
  /** Hands in what waits. */
  stop(): Promise<void>;
}

export interface ReporterOptions {
  /** Resolves when they are durable. */
  readonly accept: (refusals: readonly ReportedRefusalInput[]) => Promise<unknown>;
  /** Refusals that are not in the log: Redis did not take them, or there were too many. */
  readonly onLost: (count: number, cause?: unknown) => void;
  readonly everyMs?: number;
}

const EVERY_MS = 500;
const AT_A_TIME = 1000;
/** A sender that tries everybody on the list at once is refused all the same. */
const MOST_WAITING = 20_000;
const MINUTE_MS = 60_000;

export function createReporter({ accept, onLost, everyMs = EVERY_MS }: ReporterOptions): Reporter {
  let waiting: ReportedRefusalInput[] = [];
  let tooMany = 0;
  let sending: Promise<void> = Promise.resolve();

  const flush = async (): Promise<void> => {
    if (tooMany > 0) onLost(tooMany);
    tooMany = 0;
    while (waiting.length > 0) {
      const some = waiting.slice(0, AT_A_TIME);
      waiting = waiting.slice(AT_A_TIME);
      try {
        await accept(some);
      } catch (error) {
        onLost(some.length, error);
      }
    }
  };
  const timer = setInterval(() => void (sending = sending.then(flush)), everyMs);
  return {
    report(question, answer, now) {
      if (answer.kind !== "refuse") return;
      if (waiting.length >= MOST_WAITING) tooMany++;
      else waiting.push(refusalOf(question, answer.reply, now));
    },
    async stop() {
      clearInterval(timer);
      await (sending = sending.then(flush));
    },
  };
}

/** One for each message and recipient; where the mail server does not name the message, one for each minute. */
function refusalOf(
  { recipient, sender, instance, tag }: PolicyQuestion,
  reply: string,
  now: number,
): ReportedRefusalInput {
  const at = new Date(instance === null ? now - (now % MINUTE_MS) : now).toISOString();
  return {
    recipient,
    action: "not_sent",
    reply,
    smtpCommand: "RCPT",
    at,
    ...(instance === null ? {} : { queueId: `policy ${instance}`.slice(0, 200) }),
    ...(sender ? { returnPath: sender.slice(0, 322) } : {}),
    ...(tag ? { tag: tag.slice(0, 500) } : {}),
  };
}
