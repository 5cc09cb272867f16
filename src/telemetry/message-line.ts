/**
 * One line of the log for each message that was read. At `info` nothing in it is about a person: ids, sizes, verdicts,
 * no address, no subject, no words of a report. Addresses are told at `debug` alone.
 */
import type { BouncedEvent } from "../event/event.ts";
import type { Logger } from "./logger.ts";

/** A report on more recipients is told by their number. */
const TOLD = 5;

export interface ReadMessage {
  readonly id: string;
  readonly size: number;
  readonly receivedAt: string | null;
}

export function messageLine(
  logger: Pick<Logger, "info" | "debug" | "isLevelEnabled">,
): (message: ReadMessage, events: readonly BouncedEvent[]) => void {
  const isVerbose = logger.isLevelEnabled("debug");
  return ({ id, size, receivedAt }, events) => {
    const [first] = events;
    const line = {
      id,
      size,
      format: first?.format ?? null,
      software: first?.software ?? null,
      events: events.length,
      verdicts: events.slice(0, TOLD).map(verdictOf),
      waitedMs: receivedAt === null ? null : Math.max(0, Date.now() - Date.parse(receivedAt)),
    };
    if (!isVerbose) return logger.info(line, "message");
    const recipients = events.map(({ recipient }) => recipient.mailed);
    logger.debug({ ...line, recipients }, "message");
  };
}

/** `bounce hard mailbox_unknown google`. */
const verdictOf = ({ kind, severity, reason, provider }: BouncedEvent): string =>
  [kind, severity, reason, ...(provider === null ? [] : [provider])].join(" ");
