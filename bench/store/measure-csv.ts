/** A CSV of everything, to a reader that takes it at once: how fast, and how much memory the process grows by. */
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { csvOf } from "../../src/store/log/csv.ts";
import type { LogEntry } from "../../src/store/log/log-query.ts";
import type { Store } from "../../src/store/store.ts";
import { ownMemoryMb, timed, withLoopDelay } from "./figures.ts";

export async function measureCsv(store: Store, { rows }: { readonly rows: number }) {
  let bytes = 0;
  const memory: number[] = [];
  const sampler = setInterval(() => memory.push(ownMemoryMb()), 200);
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  const { result, loopMs } = await withLoopDelay(() =>
    timed(() => pipeline(csvOf(some(store.iterate({}), rows), "full"), sink)),
  );
  clearInterval(sampler);
  const part = (from: number, to: number) =>
    Math.round(Math.max(0, ...memory.slice(Math.floor(memory.length * from), Math.ceil(memory.length * to))));
  const memoryMb = { firstTenth: part(0, 0.1), lastTenth: part(0.9, 1), highest: part(0, 1) };
  return {
    rows,
    seconds: Math.round(result / 100) / 10,
    rowsPerSecond: Math.round(rows / (result / 1000)),
    megabytes: Math.round(bytes / 1e6),
    /** Highest in the first tenth of the time, and in the last: the same if nothing is kept. */
    memoryMb,
    memoryGrowthMb: memoryMb.lastTenth - memoryMb.firstTenth,
    loopMs,
  };
}

async function* some(entries: AsyncIterable<LogEntry>, count: number): AsyncGenerator<LogEntry> {
  let given = 0;
  for await (const entry of entries) {
    if (given++ >= count) return;
    yield entry;
  }
}
