/** The service's log: one JSON line per entry on stderr, so that stdout stays with the person who typed the command. */
import { destination, pino, stdTimeFunctions, type Level, type Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

/** Several processes and threads write to one pipe: what is written in one piece up to this size stays in one piece. */
const PIPE_BUF = 4096;
/** A reader that is stuck costs lines, not the memory of the service. */
const MAX_BUFFERED = 16 * 1024 ** 2;

/**
 * Lines are written while the next ones are made, many at a time when there are many. What waits is written at the end
 * of the process, a crash included, but for SIGKILL. A thread that ends calls `flushLogger`.
 */
export function createLogger(level: Level | "silent"): Logger {
  return pino(
    { level, base: { pid: process.pid }, timestamp: stdTimeFunctions.isoTime },
    destination({ dest: 2, sync: false, maxWrite: PIPE_BUF, maxLength: MAX_BUFFERED }),
  );
}

export function flushLogger(logger: Logger): void {
  const stream = (logger as unknown as Record<symbol, { flushSync?: () => void }>)[pino.symbols.streamSym];
  stream?.flushSync?.();
}
