/** The service's log: one JSON line per entry on stderr, so that stdout stays with the person who typed the command. */
import { destination, pino, stdTimeFunctions, type Level, type Logger as PinoLogger } from "pino";

export type Logger = PinoLogger;

/** Entries are written at once: a crash loses none. */
export function createLogger(level: Level | "silent"): Logger {
  return pino(
    { level, base: { pid: process.pid }, timestamp: stdTimeFunctions.isoTime },
    destination({ dest: 2, sync: true }),
  );
}
