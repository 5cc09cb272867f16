/** What reads many rows at once: counts, facets, series, a text that only the rows themselves hold. */
import type { LogFilter } from "../../src/store/log/log-query.ts";
import type { Store } from "../../src/store/store.ts";
import { timed, withLoopDelay } from "./figures.ts";

const DAY_MS = 86_400_000;
/** As the first page asks for them. */
const OF_OVERVIEW = ["severity", "kind", "reason", "provider", "domain"] as const;

export async function measureFacets(store: Store, end: number) {
  const week: LogFilter = { from: new Date(end - 7 * DAY_MS).toISOString(), to: new Date(end).toISOString() };
  const figures: Record<string, number> = {};
  const { loopMs } = await withLoopDelay(async () => {
    for (const [name, filter] of [
      ["week", week],
      ["all", {}],
    ] as const) {
      figures[`${name}CountMs`] = await timed(() => store.count(filter));
      figures[`${name}FacetsOfOverviewMs`] = await timed(() => store.facets(filter, OF_OVERVIEW));
      figures[`${name}FacetMs`] = await timed(() => store.facets(filter, ["reason"]));
      figures[`${name}SeriesMs`] = await timed(() => store.series({ ...filter, by: "day", dimension: "severity" }));
    }
    const part: LogFilter = { ...week, subject: "an" };
    const ask = { filter: part, dimensions: OF_OVERVIEW, limit: 8 };
    figures["weekEstimateOfTextMs"] = await timed(() => store.figures({ ...ask, budgetMs: 300 }));
    figures["weekDiagnosticMs"] = await timed(() => store.search({ ...week, diagnostic: "no such words", limit: 50 }));
  });
  return { ...Object.fromEntries(Object.entries(figures).map(([name, ms]) => [name, Math.round(ms)])), loopMs };
}
