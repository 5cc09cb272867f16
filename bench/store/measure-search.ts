/** A part of an address within a date range: alone, then while two batches at a time are written. */
import type { Store } from "../../src/store/store.ts";
import { percentile, spread, timed, withLoopDelay } from "./figures.ts";
import type { MadeUp } from "./made-up.ts";

const DAY_MS = 86_400_000;
/** As many jobs as the role `record` has in hand. */
const BATCH = 256;
const SEARCHES_ALONE = 150;

const KINDS = ["rare", "common", "none"] as const;
type Kind = (typeof KINDS)[number];

function searcher(store: Store, { random, pick, word }: MadeUp, end: number) {
  const times: Record<Kind, number[]> = { rare: [], common: [], none: [] };
  let index = 0;
  return {
    async search() {
      const kind = KINDS[index++ % KINDS.length] ?? "rare";
      const recipient =
        kind === "rare"
          ? `${word(2)}.${word(1)}`
          : kind === "common"
            ? pick(["gmail", "an@", ".exam", "lem"])
            : `zzq${index}qzz`;
      const from = end - 40 * DAY_MS * random();
      const to = from + pick([1, 7, 40]) * DAY_MS;
      const query = { recipient, from: new Date(from).toISOString(), to: new Date(to).toISOString(), limit: 50 };
      times[kind].push(await timed(() => store.search(query)));
    },
    figures: () => ({
      searches: index,
      searchMs: spread(Object.values(times).flat()),
      p95ByKind: Object.fromEntries(KINDS.map((kind) => [kind, percentile(times[kind], 0.95)])),
    }),
  };
}

/** Batches as the role `record` writes them, two at a time, each event half a millisecond after the last. */
function writer(store: Store, { jobAt }: MadeUp, start: number) {
  const batches: number[] = [];
  let written = 0;
  const lane = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      const first = written;
      written += BATCH;
      const jobs = Array.from({ length: BATCH }, (_, at) => jobAt(start + Math.floor((first + at) / 2)));
      batches.push(await timed(() => store.record(jobs)));
    }
  };
  return async (seconds: number) => {
    const [begun, before, cpu] = [performance.now(), written, process.cpuUsage()];
    await Promise.all([lane(begun + seconds * 1000), lane(begun + seconds * 1000)]);
    const { user, system } = process.cpuUsage(cpu);
    const events = written - before;
    return {
      insertsPerSecond: Math.round(events / ((performance.now() - begun) / 1000)),
      /** Of all threads: what an event costs where nothing else runs. */
      cpuUsPerEvent: Math.round((user + system) / events),
      batchMs: spread(batches.splice(0)),
    };
  };
}

export async function measureSearch(store: Store, made: MadeUp, { end, seconds }: { end: number; seconds: number }) {
  const alone = searcher(store, made, end);
  const cpu = process.cpuUsage();
  for (let count = 0; count < SEARCHES_ALONE; count++) await alone.search();
  const { user, system } = process.cpuUsage(cpu);
  const newest = await store.search({ limit: 1 });
  const write = writer(store, made, Date.parse(newest.entries[0]?.event.message.receivedAt ?? "") + 1 || end);
  const aloneToo = await write(seconds / 3);
  const beside = searcher(store, made, end);
  const { result, loopMs } = await withLoopDelay(async () => {
    const written = new AbortController();
    const both = write(seconds).finally(() => written.abort());
    while (!written.signal.aborted) await beside.search();
    return both;
  });
  return {
    searchAlone: { ...alone.figures(), cpuMsPerSearch: Math.round((user + system) / SEARCHES_ALONE / 100) / 10 },
    writeAlone: aloneToo,
    searchWhileWriting: beside.figures(),
    writeWhileSearching: { insertsPerSecond: result.insertsPerSecond, batchMs: result.batchMs },
    loopMs,
  };
}
