/** Stands in for the reader thread: the message says what goes wrong. */
import { parentPort, workerData } from "node:worker_threads";

interface Reading {
  readonly batch: readonly {
    readonly input: { readonly octets: Uint8Array };
    readonly keys: ReadonlyMap<string, string> | null;
  }[];
  readonly keys: ReadonlyMap<string, string>;
}

const { progress } = workerData as { readonly progress: Int32Array };
const answerOf = (id: string, wantedKeys: readonly string[] = []) => ({
  events: JSON.stringify([{ id }]),
  wantedKeys,
  readMs: 1,
});

function read(text: string, keys: ReadonlyMap<string, string>) {
  const sleeping = new Int32Array(new SharedArrayBuffer(4));
  if (text === "sleep") Atomics.wait(sleeping, 0, 0, 2000);
  if (text === "die in sleep") Atomics.wait(sleeping, 0, 0);
  for (let isHung = text.startsWith("hang"); isHung;) isHung = true;
  if (text === "throw") throw new Error("thrown");
  const hoard: number[][] = [];
  if (text === "exhaust") for (;;) hoard.push(Array.from<number>({ length: 1_000_000 }).fill(0.5));
  if (!text.startsWith("want ")) return answerOf(text);
  return answerOf(keys.get(text.slice(5)) ?? "no key", keys.size > 0 ? [] : [text.slice(5)]);
}

parentPort?.postMessage("ready");
parentPort?.on("message", ({ batch, keys: known }: Reading) => {
  const answers = batch.map(({ input: { octets }, keys }) => {
    const answer = read(Buffer.from(octets).toString("latin1"), keys ?? known);
    Atomics.add(progress, 0, 1);
    return answer;
  });
  parentPort?.postMessage(answers);
});
