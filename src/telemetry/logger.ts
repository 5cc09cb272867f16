/**
 * The service's log on stderr, so that stdout stays with the person who typed the command: a line for a person where
 * that is a terminal, one JSON line per entry everywhere else.
 */
import { destination, pino, stdSerializers, stdTimeFunctions, type Level, type Logger as PinoLogger } from "pino";
import { terminalLineOf } from "./terminal-lines.ts";

export type Logger = PinoLogger;

/** Several processes and threads write to one pipe: what is written in one piece up to this size stays in one piece. */
const PIPE_BUF = 4096;
/** A reader that is stuck costs lines, not the memory of the service. */
const MAX_BUFFERED = 16 * 1024 ** 2;
/** While a server is down each attempt to reach it fails in the same way. */
const REPEAT_MS = 60_000;
const MAX_TROUBLES = 100;
const CONNECTION =
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|NR_CLOSED)$/;

/**
 * Lines are written while the next ones are made, many at a time when there are many. What waits is written at the end
 * of the process, a crash included, but for SIGKILL. A thread that ends calls `flushLogger`.
 */
export function createLogger(level: Level | "silent"): Logger {
  const isRepeated = repeatFilter();
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: errorFacts },
    hooks: {
      logMethod(this: PinoLogger, args: Parameters<PinoLogger["info"]>, method: PinoLogger["info"]) {
        if (!isRepeated(args)) method.apply(this, args);
      },
    },
  };
  if (process.stderr.isTTY) {
    const isColoured = !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
    return pino(options, { write: (line) => void process.stderr.write(terminalLineOf(line, isColoured)) });
  }
  return pino(options, destination({ dest: 2, sync: false, maxWrite: PIPE_BUF, maxLength: MAX_BUFFERED }));
}

export function flushLogger(logger: Logger): void {
  const stream = (logger as unknown as Record<symbol, { flushSync?: () => void }>)[pino.symbols.streamSym];
  stream?.flushSync?.();
}

const connectionCode = (thrown: unknown): string | null => {
  const { code } = (thrown ?? {}) as { readonly code?: unknown };
  return typeof code === "string" && CONNECTION.test(code) ? code : null;
};

/** A server that is down needs no stack of ours to be found. */
function errorFacts(error: Error): unknown {
  const code = connectionCode(error);
  return code === null ? stdSerializers.err(error) : { type: error.name, code, message: error.message };
}

/** True for the same trouble with a connection within a minute: one line, not one a second. */
export function repeatFilter(now: () => number = () => performance.now()): (args: readonly unknown[]) => boolean {
  const reportedAt = new Map<string, number>();
  return ([first, message]) => {
    const error = first instanceof Error ? first : (first as { readonly err?: unknown } | null | undefined)?.err;
    const code = connectionCode(error);
    if (code === null) return false;
    const key = `${code} ${String(message)}`;
    if (now() - (reportedAt.get(key) ?? -Infinity) < REPEAT_MS) return true;
    if (reportedAt.size >= MAX_TROUBLES) reportedAt.clear();
    reportedAt.set(key, now());
    return false;
  };
}
