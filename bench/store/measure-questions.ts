/** What people ask of the log, one question at a time: parts of texts, exact addresses, counts, series and facets. */
import type { LogFilter } from "../../src/store/log/log-query.ts";
import type { Store } from "../../src/store/store.ts";
import { spread, timed, withLoopDelay } from "./figures.ts";
import type { MadeUp } from "./made-up.ts";

const DAY_MS = 86_400_000;
const WARM = 3;
const ROUNDS = 60;
/** Those that read much are asked less often. */
const FEW = 12;
const KNOWN = 200;
/** As the first page asks for them. */
const OF_OVERVIEW = ["severity", "kind", "reason", "provider", "domain"] as const;

export async function measureQuestions(store: Store, made: MadeUp, end: number) {
  const { random, pick, word } = made;
  const within = (days: number): Pick<LogFilter, "from" | "to"> => {
    const to = end - Math.floor(random() * (40 - days)) * DAY_MS;
    return { from: new Date(to - days * DAY_MS).toISOString(), to: new Date(to).toISOString() };
  };
  const search = (filter: LogFilter) => store.search({ ...filter, limit: 50 });
  /** In turn one that is rare, one in a tenth of all addresses, and one that is nowhere. */
  const part = (round: number): string =>
    [() => `${word(2)}.${word(1)}`, () => pick(["gmail", "an@", ".exam", "lem"]), () => `zzq${round}qzz`][
      round % 3
    ]?.() ?? "";
  const known = await knownAddresses(store, made, end);
  const rounds = async (count: number, ask: (round: number) => Promise<unknown>) => {
    const times: number[] = [];
    for (let round = -WARM; round < count; round++) {
      const ms = await timed(() => ask(round + WARM));
      if (round >= 0) times.push(ms);
    }
    return spread(times);
  };
  const { result, loopMs } = await withLoopDelay(async () => ({
    newestMs: await rounds(ROUNDS, () => search({})),
    addressMs: await rounds(ROUNDS, () => search({ ...within(40), address: [pick(known)] })),
    partOfAddress7DaysMs: await rounds(ROUNDS, (round) => search({ ...within(7), recipient: part(round) })),
    partOfAddress40DaysMs: await rounds(ROUNDS, (round) => search({ ...within(40), recipient: part(round) })),
    partOfSubjectMs: await rounds(ROUNDS, () => search({ ...within(30), subject: `${word(3)} ${word(1)}` })),
    diagnosticMs: await rounds(FEW, (round) => search({ ...within(7), diagnostic: `no such word ${round}` })),
    count30DaysMs: await rounds(FEW, () => store.count({ ...within(30), severity: ["hard"] })),
    series30DaysMs: await rounds(FEW, () => store.series({ ...within(30), by: "day", dimension: "severity" })),
    facets30DaysMs: await rounds(FEW, () => store.facets(within(30), OF_OVERVIEW)),
    estimateOfText7DaysMs: await rounds(FEW, () =>
      store.figures({
        filter: { ...within(7), subject: "an" },
        dimensions: OF_OVERVIEW,
        limit: 8,
        budgetMs: 300,
      }),
    ),
  }));
  return { ...result, loopMs };
}

/** Written now, of all days: the body of a filled event is not its own. */
async function knownAddresses(store: Store, { random, jobAt }: MadeUp, end: number): Promise<readonly string[]> {
  const jobs = Array.from({ length: KNOWN }, () => jobAt(end - Math.floor(random() * 39.9 * DAY_MS)));
  await store.record(jobs);
  return jobs.flatMap(({ events }) => events.flatMap(({ recipient }) => recipient.mailed ?? []));
}
