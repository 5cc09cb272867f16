/** Stands in for the reader thread: the message says what goes wrong. */
import { parentPort } from "node:worker_threads";

parentPort?.postMessage("ready");
parentPort?.on("message", ({ input: { head } }: { input: { head: string } }) => {
  for (let isHung = head === "hang"; isHung;) isHung = true;
  if (head === "throw") throw new Error("thrown");
  const hoard: number[][] = [];
  if (head === "exhaust") for (;;) hoard.push(Array.from<number>({ length: 1_000_000 }).fill(0.5));
  parentPort?.postMessage({ events: [], raw: head });
});
