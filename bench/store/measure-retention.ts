/** A day that expires while two batches at a time are written. */
import type { Store } from "../../src/store/store.ts";
import { spread, timed } from "./figures.ts";
import type { MadeUp } from "./made-up.ts";

const DAY_MS = 86_400_000;
const BATCH = 256;
const MEASURED_MS = 15_000;
const NEXT_MS = 15 * 60_000;

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
  const pause = () => new Promise((resolve) => setTimeout(resolve, MEASURED_MS));
  const lanes = Promise.all([lane(), lane()]);
  const alone = await since(pause);
  let events = 0;
  let steps: number[] = [];
  // SQLite takes the day out of sight first, and drops its tables the next time.
  const retain = async (): Promise<void> => {
    const first = await timed(async () => ({ events } = await store.retain()));
    clock.at += NEXT_MS;
    steps = [first, await timed(() => store.retain())].map(Math.round);
  };
  // Over the same time: what the writers lose is not looked for in the fraction of a second alone.
  const beside = await since(() => Promise.all([pause(), retain()]));
  ended.abort();
  await lanes;
  const slowedBy = Math.round((1 - beside.insertsPerSecond / alone.insertsPerSecond) * 100) / 100;
  const retentionMs = steps.reduce((sum, ms) => sum + ms, 0);
  return { events, retentionMs, steps, slowedBy, writeAlone: alone, writeBeside: beside };
}
