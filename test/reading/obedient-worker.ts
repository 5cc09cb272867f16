/** Stands in for a classify thread: `read <id>` is read at once, hangs, throws, or eats all memory, as the id says. */
import { parentPort, workerData } from "node:worker_threads";
import { currentJobWriter } from "../../src/reading/current-job.ts";
import type { ThreadData } from "../../src/reading/threads.ts";

const { currentJob, condemned } = workerData as ThreadData<null>;
const known = new Map(condemned);
const watched = currentJobWriter(currentJob);
parentPort?.postMessage(["started", ...condemned.keys()].join(" "));
parentPort?.on("message", (message: string) => {
  const [word, id = "", why] = message.split(" ");
  if (word === "condemn") known.set(id, why === "crashed" ? "crashed" : "time-budget");
  if (word === "stop") parentPort?.close();
  if (word === "crash") throw new Error("between two messages");
  if (word !== "read") return;
  if (known.has(id)) {
    parentPort?.postMessage(`skipped ${id}`);
    return;
  }
  watched.begin(id);
  if (id.startsWith("throw")) throw new Error("thrown");
  for (let isHung = id.startsWith("hang"); isHung;) isHung = true;
  const hoard: number[][] = [];
  if (id.startsWith("exhaust")) for (;;) hoard.push(Array.from<number>({ length: 1_000_000 }).fill(0.5));
  watched.end();
  parentPort?.postMessage(`read ${id}`);
});
