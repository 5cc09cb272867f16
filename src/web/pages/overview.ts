/** The first page: what came back lately, what waits, and where to look. Every figure leads to what it counts. */
import { z } from "zod";
import { countedBy, CREDIBLE } from "../../event/credible.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { signalOf } from "../../http/signal-of.ts";
import { endpointQueuesOf } from "../../queues/names.ts";
import { queueNames, queueStates, type QueueState } from "../../queues/upkeep/overview.ts";
import { WITHOUT_RULE, type LogFilter } from "../../store/log/log-query.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { openIncidentsPanel } from "../incidents/incident-list.ts";
import { renderPage } from "../layout.ts";
import { alertsPanel, recentAlerts } from "../parts/alerts.ts";
import { CHARTED, overviewChart } from "../parts/overview-chart.ts";
import { countedSwitch } from "../parts/counted-switch.ts";
import { blockRates, ranking } from "../parts/overview-rankings.ts";
import { queueTile, severityTiles, suppressionTile, unmatchedTile } from "../parts/overview-tiles.ts";
import { sliceHref } from "../paths.ts";
import { firstOfLast, lastDays } from "../periods.ts";
import { sendPage } from "../problem-page.ts";
import { holdsPanel } from "../rates/holds-panel.ts";
import { rateTable, rateTiles } from "../rates/rate-parts.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { withPatience } from "../with-patience.ts";
import { reasonWords } from "../words.ts";

const DAYS = 30;
const RANKED = 8;
const REFUSALS = ["bounce", "delay"] as const;

export function overviewPage(
  app: App,
  context: ViewContext & Pick<HttpContext, "config" | "masking" | "ports" | "store">,
): void {
  const { store } = context;
  const querystring = z.object({
    by: z.enum(CHARTED).default("severity"),
    counts: z.enum(["credible", "all"]).default("credible"),
  });
  app.get("/", { config: { access: "viewer", page: true }, schema: { querystring } }, async (request, reply) => {
    const view = viewOf(request, context);
    const days = lastDays(DAYS, view.now);
    const from = firstOfLast(DAYS, view.now);
    const { by, counts } = request.query;
    const all: LogFilter = { from: `${from}T00:00:00.000Z` };
    const signal = signalOf(request);
    const range = counts === "all" ? all : countedBy(all);
    const counted = { authenticity: range.authenticity?.join(",") };
    const period = { from: Date.parse(`${from}T00:00:00Z`), to: view.now };
    const [
      authenticities,
      severities,
      charted,
      facets,
      blocks,
      undecided,
      suppressed,
      added,
      alerts,
      backlog,
      sends,
      open,
    ] = await Promise.all([
      // Trust: all, to say how many of them nothing proves.
      store.facets(all, ["authenticity"], undefined, signal),
      store.series({ ...range, by: "day", dimension: "severity" }, signal),
      by === "severity" ? null : store.series({ ...range, by: "day", dimension: by }, signal),
      store.facets(range, ["severity", "kind", "reason", "provider", "domain"], RANKED, signal),
      store.facets({ ...range, severity: ["block"] }, ["provider"], RANKED, signal),
      store.count({ ...range, kind: REFUSALS, evidence: WITHOUT_RULE }, undefined, signal),
      store.suppressions.count({}),
      store.suppressions.addedPerDay({ from: all.from }),
      recentAlerts(context),
      backlogOf(context, view.now),
      Promise.all([
        store.sends(period, signal),
        store.sends({ ...period, by: "provider", limit: RANKED }, signal),
        store.holds(),
      ]),
      store.incidents.open(),
    ]);
    const [[sent], byProvider, holds] = sends;
    const sumOf = (values: readonly { readonly count: number }[]) => values.reduce((sum, { count }) => sum + count, 0);
    const total = sumOf(facets.severity ?? []);
    const doubtful = sumOf(
      (authenticities.authenticity ?? []).filter(({ value }) => !CREDIBLE.some((word) => word === value)),
    );
    const refusals = sumOf((facets.kind ?? []).filter(({ value }) => REFUSALS.some((kind) => kind === value)));
    const providers = facets.provider ?? [];
    const body = html`<div class="stack">
      ${quickSearch(view)} ${openIncidentsPanel(view, open)} ${alertsPanel(view, alerts)} ${holdsPanel(view, holds)}
      ${doubtful > 0 && countedSwitch(view, { doubtful, counts, by: by === "severity" ? null : by, from })}
      ${sent && rateTiles(view, sent, link(view, "/rates", { days: DAYS }))}
      ${
        total > 0
          ? html`${severityTiles(view, facets.severity ?? [], severities, days, counted)}
            ${overviewChart(view, {
              by,
              points: charted ?? severities,
              days,
              counted,
              parameters: { counts: counts === "all" ? counts : null },
            })}`
          : doubtful === 0 && !sent && emptyOverview(view)
      }
      <div class="tiles wide">
        ${queueTile(view, backlog)} ${unmatchedTile(view, undecided, refusals)}
        ${suppressionTile(view, suppressed, added, days)}
      </div>
      ${
        sent &&
        html`<section class="panel">
          <header>
            <h2>${view.t.overview.ratesByProvider}</h2>
            <a class="small" href="${link(view, "/rates", { days: DAYS })}">${view.t.overview.otherRates}</a>
          </header>
          ${rateTable(view, { by: "provider", rows: byProvider, parameters: (provider) => ({ provider, days: DAYS }) })}
        </section>`
      }
      ${
        total > 0 &&
        html`<div class="columns pairs">
          ${ranking(view, {
            title: view.t.overview.reasons,
            counts: facets.reason ?? [],
            total,
            parameters: (reason) => ({ from, reason, ...counted }),
            words: (reason) => reasonWords(view.t, reason),
          })}
          ${ranking(view, {
            title: view.t.subjects.domains,
            counts: facets.domain ?? [],
            total,
            parameters: (domain) => ({ from, domain, ...counted }),
            page: (domain) => sliceHref(view, "domain", domain),
          })}
          ${ranking(view, {
            title: view.t.subjects.providers,
            counts: providers,
            total,
            parameters: (provider) => ({ from, provider, ...counted }),
            words: view.providerName,
            page: (provider) => sliceHref(view, "provider", provider),
          })}
          ${!sent && blockRates(view, { all: providers, blocked: blocks.provider ?? [] }, alerts, { from, ...counted })}
        </div>`
      }
    </div>`;
    return sendPage(reply, renderPage(view, { title: view.t.frame.overview, lead: view.t.overview.lead(DAYS), body }));
  });
}

/** Null where this process has no Redis, or Redis does not answer. */
async function backlogOf(
  { ports, config }: Pick<HttpContext, "config" | "ports">,
  now: number,
): Promise<readonly QueueState[] | null> {
  if (!ports) return null;
  const { queues } = ports;
  const names = queueNames(config.file.routes, endpointQueuesOf(config.file));
  return withPatience(queueStates(queues, names, now), null);
}

const quickSearch = (view: View): Html =>
  html`<form method="get" action="${link(view, "/log")}" role="search" class="row quick-search">
    <input
      name="recipient"
      aria-label="${view.t.common.recipient}"
      placeholder="${view.t.overview.findRecipient}"
      autocomplete="off"
      spellcheck="false"
    />
    <button class="primary">${icon("search")}${view.t.overview.searchLog}</button>
  </form>`;

const emptyOverview = (view: View): Html =>
  html`<section class="panel empty">
    <h2>${view.t.overview.emptyTitle(DAYS)}</h2>
    <p>${view.t.overview.emptyText}</p>
    <a class="button primary" href="${link(view, "/setup")}">${view.t.overview.goToSetup}</a>
  </section>`;
