/** Stands in for the reader thread: the message says what goes wrong. */
import { parentPort } from "node:worker_threads";

interface Reading {
  readonly input: { readonly octets: Uint8Array };
  readonly keys: ReadonlyMap<string, string>;
}

const answer = (events: unknown, wantedKeys: readonly string[] = []): void => {
  const { user, system } = process.threadCpuUsage();
  parentPort?.postMessage({ events, wantedKeys, cpuMs: (user + system) / 1000, readMs: 1 });
};
answer(null);
parentPort?.on("message", ({ input: { octets }, keys }: Reading) => {
  const text = Buffer.from(octets).toString("latin1");
  const sleeping = new Int32Array(new SharedArrayBuffer(4));
  if (text === "sleep") Atomics.wait(sleeping, 0, 0, 2000);
  if (text === "die in sleep") Atomics.wait(sleeping, 0, 0);
  for (let isHung = text.startsWith("hang"); isHung;) isHung = true;
  if (text === "throw") throw new Error("thrown");
  const hoard: number[][] = [];
  if (text === "exhaust") for (;;) hoard.push(Array.from<number>({ length: 1_000_000 }).fill(0.5));
  if (text.startsWith("want "))
    answer([{ id: keys.get(text.slice(5)) ?? "no key" }], keys.size > 0 ? [] : [text.slice(5)]);
  else answer([{ id: text }]);
});
