/** Stands in for the reader thread: the message says what goes wrong. */
import { parentPort } from "node:worker_threads";

const answer = (events: unknown): void => {
  const { user, system } = process.threadCpuUsage();
  parentPort?.postMessage({ events, cpuMs: (user + system) / 1000, readMs: 1 });
};
answer(null);
parentPort?.on("message", ({ input: { octets } }: { input: { octets: Uint8Array } }) => {
  const text = Buffer.from(octets).toString("latin1");
  const sleeping = new Int32Array(new SharedArrayBuffer(4));
  if (text === "sleep") Atomics.wait(sleeping, 0, 0, 2000);
  if (text === "die in sleep") Atomics.wait(sleeping, 0, 0);
  for (let isHung = text.startsWith("hang"); isHung;) isHung = true;
  if (text === "throw") throw new Error("thrown");
  const hoard: number[][] = [];
  if (text === "exhaust") for (;;) hoard.push(Array.from<number>({ length: 1_000_000 }).fill(0.5));
  answer([{ id: text }]);
});
