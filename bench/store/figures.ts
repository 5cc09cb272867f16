/** Times, the loop's delay and memory, as the figures give them. */
import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

const rounded = (value: number): number => Math.round(value * 100) / 100;

export const percentile = (times: readonly number[], share: number): number =>
  rounded(times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);

export const spread = (times: readonly number[]) => ({
  p50: percentile(times, 0.5),
  p95: percentile(times, 0.95),
  max: percentile(times, 1),
});

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Longest time in ms that the event loop of this process was held up meanwhile. */
export async function withLoopDelay<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly loopMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const result = await work();
  delay.disable();
  return { result, loopMs: rounded(delay.max / 1e6) };
}

/** Without mapped pages of the database file, where Linux tells. */
export function ownMemoryMb(): number {
  try {
    return Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
  } catch {
    return process.memoryUsage().rss / 1024 / 1024;
  }
}
