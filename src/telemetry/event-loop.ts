/** For how long the event loop of this process was held up, over the last whole window. */
import { monitorEventLoopDelay } from "node:perf_hooks";

const WINDOW_MS = 5000;

export interface EventLoopWatch {
  readonly worstMs: () => number;
  readonly close: () => void;
}

export function watchEventLoop(): EventLoopWatch {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let worstMs = 0;
  const timer = setInterval(() => {
    worstMs = delay.max / 1e6;
    delay.reset();
  }, WINDOW_MS);
  timer.unref();
  return {
    worstMs: () => Math.round(Math.max(worstMs, delay.max / 1e6)),
    close() {
      clearInterval(timer);
      delay.disable();
    },
  };
}
