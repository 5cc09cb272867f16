/** A day that expires while two batches at a time are written. */
import type { Store } from "../../src/store/store.ts";
import { spread, timed } from "./figures.ts";
import type { MadeUp } from "./made-up.ts";

const DAY_MS = 86_400_000;
const BATCH = 256;
const ALONE_MS = 10_000;

export async function measureRetention(store: Store, { jobAt }: MadeUp, clock: { at: number }) {
  clock.at += DAY_MS;
  let written = 0;
  let batches: number[] = [];
  const ended = new AbortController();
  const lane = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const jobs = Array.from({ length: BATCH }, (_, index) => jobAt(clock.at + Math.floor((written + index) / 2)));
      written += BATCH;
      batches.push(await timed(() => store.record(jobs)));
    }
  };
  const since = async (work: () => Promise<unknown>) => {
    const before = written;
    batches = [];
    const ms = await timed(work);
    return {
      ms: Math.round(ms),
      insertsPerSecond: Math.round(((written - before) / ms) * 1000),
      batchMs: spread(batches),
    };
  };
  const lanes = Promise.all([lane(), lane()]);
  const alone = await since(() => new Promise((resolve) => setTimeout(resolve, ALONE_MS)));
  let events = 0;
  const meanwhile = await since(async () => ({ events } = await store.retain()));
  ended.abort();
  await lanes;
  return { events, writeAlone: alone, retention: meanwhile };
}
