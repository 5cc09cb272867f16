/**
 * Loaded with `--import` into every thread of a process: the longest stretch in which its event loop did nothing else,
 * ten times a second to the file LOOP_LOG. The processor time of the stretch counts too, because on a busy machine a
 * thread also waits for its turn.
 */
import { appendFileSync } from "node:fs";
import { threadId } from "node:worker_threads";

const TICK_MS = 5;
const REPORT_MS = 100;

export interface Stretch {
  /** Date.now(). */
  readonly at: number;
  readonly thread: string;
  readonly wallMs: number;
  readonly cpuMs: number;
}

const file = process.env["LOOP_LOG"];
if (file) {
  const cpuMs = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let last = { wall: performance.now(), cpu: cpuMs() };
  let worst = { wallMs: 0, cpuMs: 0 };
  let reportedAt = performance.now();
  setInterval(() => {
    const now = { wall: performance.now(), cpu: cpuMs() };
    const wallMs = now.wall - last.wall - TICK_MS;
    if (wallMs > worst.wallMs) worst = { wallMs, cpuMs: now.cpu - last.cpu };
    last = now;
    if (now.wall - reportedAt < REPORT_MS) return;
    reportedAt = now.wall;
    const stretch: Stretch = { at: Date.now(), thread: `${process.pid}.${threadId}`, ...worst };
    try {
      appendFileSync(file, `${JSON.stringify(stretch)}\n`);
    } catch {
      // No descriptor left: the service must not end by our hand.
    }
    worst = { wallMs: 0, cpuMs: 0 };
    last = { wall: performance.now(), cpu: cpuMs() };
  }, TICK_MS).unref();
}
