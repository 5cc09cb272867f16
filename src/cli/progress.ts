/** The progress of long work, on standard error and only if that is a terminal. */
import { SingleBar } from "cli-progress";

export interface Progress {
  readonly add: (octets: number, shown?: Readonly<Record<string, number>>) => void;
  readonly reach: (octets: number, shown?: Readonly<Record<string, number>>) => void;
  /** A line for people, below the bar. */
  readonly say: (line: string) => void;
  readonly stop: () => void;
}

/** `what`: `importing [####----] 45%  3 messages  10s left`, with `{messages}` where the number comes. */
export function startProgress(
  what: string,
  { total, shown = {}, isShown = true }: { total: number; shown?: Readonly<Record<string, number>>; isShown?: boolean },
): Progress {
  const bar = isShown && process.stderr.isTTY && total > 0 ? openBar(what) : null;
  const stop = (): void => {
    process.removeListener("exit", stop);
    bar?.stop();
  };
  bar?.start(total, 0, shown);
  // However the process ends, the cursor is shown again.
  if (bar) process.once("exit", stop);
  return {
    add: (octets, payload = {}) => bar?.increment(octets, payload),
    reach: (octets, payload = {}) => bar?.update(Math.min(octets, total), payload),
    say(line) {
      if (bar) process.stderr.write("\n");
      process.stderr.write(`${line}\n`);
    },
    stop,
  };
}

const openBar = (what: string): SingleBar =>
  new SingleBar({
    format: what,
    barsize: 24,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    // Its own handler would take the signal, and go on.
    gracefulExit: false,
  });
