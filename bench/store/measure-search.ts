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

export async function measureSearch(store: Store, made: MadeUp, { end, seconds }: { end: number; seconds: number }) {
  const alone = searcher(store, made, end);
  for (let count = 0; count < SEARCHES_ALONE; count++) await alone.search();
  const beside = searcher(store, made, end);
  const commits: number[] = [];
  let written = 0;
  const until = performance.now() + seconds * 1000;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      const jobs = Array.from({ length: BATCH }, () => made.jobAt(Math.floor(end + made.random() * 1000)));
      commits.push(await timed(() => store.record(jobs)));
      written += BATCH;
    }
  };
  const start = performance.now();
  const { loopMs } = await withLoopDelay(async () => {
    const writer = Promise.all([lane(), lane()]);
    while (performance.now() < until) await beside.search();
    await writer;
  });
  return {
    searchAlone: alone.figures(),
    searchWhileWriting: beside.figures(),
    insertsPerSecond: Math.round(written / ((performance.now() - start) / 1000)),
    batchMs: spread(commits),
    loopMs,
  };
}
