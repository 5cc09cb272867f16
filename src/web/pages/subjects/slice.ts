/** A recipient domain, a provider, a sending domain or IP address, a tag: what came back, why, and what servers said. */
import { z } from "zod";
import { countedBy } from "../../../event/credible.ts";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/context.ts";
import { signalOf } from "../../../http/signal-of.ts";
import type { Dimension, LogFilter } from "../../../store/log/log-query.ts";
import { createTemplates, type Template } from "../../../store/log/templates.ts";
import { html, type Html } from "../../html.ts";
import { renderPage } from "../../layout.ts";
import { logTable } from "../../parts/log-table.ts";
import { CHARTED, overviewChart } from "../../parts/overview-chart.ts";
import { ranking } from "../../parts/overview-rankings.ts";
import { severityTiles } from "../../parts/overview-tiles.ts";
import { firstOfLast, lastDays, periodNav } from "../../periods.ts";
import { sendPage } from "../../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../../view.ts";
import { actorWords, linkTo, reasonWords, timeElement } from "../../words.ts";
import { sliceHref, SLICES, type Slice } from "../../paths.ts";

const PERIODS = [7, 30, 90] as const;
const RANKED = 8;
/** What is not counted by then is estimated. */
const BUDGET_MS = 300;
/** Newest events whose responses are grouped. */
const RESPONSES_OF = 500;
const RESPONSES = 8;
const NEWEST = 15;

/** What each is broken down by, beside reasons. */
const BESIDE: Readonly<Record<Slice, readonly Slice[]>> = {
  domain: ["tag", "senderDomain", "provider"],
  provider: ["domain", "tag", "senderDomain"],
  senderDomain: ["provider", "domain", "tag"],
  sendingAddress: ["provider", "domain", "tag"],
  tag: ["provider", "domain", "senderDomain"],
};

export function slicePages(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  for (const slice of Object.keys(SLICES) as Slice[]) slicePage(app, context, slice);
}

function slicePage(app: App, context: ViewContext & Pick<HttpContext, "store">, slice: Slice): void {
  const { path, one: nameKey } = SLICES[slice];
  const { store } = context;
  app.get(
    `/${path}/:value`,
    {
      config: { access: "viewer", page: true },
      schema: {
        params: z.object({ value: z.string().trim().min(1).max(500) }),
        querystring: z.object({
          days: z.coerce.number().int().min(1).max(400).default(30),
          by: z.enum(CHARTED).default("severity"),
        }),
      },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { value } = request.params;
      const { days: period, by } = request.query;
      const signal = signalOf(request);
      const days = lastDays(period, view.now);
      const from = firstOfLast(period, view.now);
      const filter = countedBy<LogFilter>({ from: `${from}T00:00:00.000Z`, [slice]: [value] });
      const beside = BESIDE[slice];
      const dimensions: readonly Dimension[] = ["severity", "reason", ...beside];
      // Trust: what `filter` says.
      const [severities, charted, figures, newest, responses, suppressed] = await Promise.all([
        store.series({ ...filter, by: "day", dimension: "severity" }, signal),
        by === "severity" ? null : store.series({ ...filter, by: "day", dimension: by }, signal),
        store.figures({ filter, dimensions, limit: RANKED, budgetMs: BUDGET_MS, signal }),
        store.search({ ...filter, limit: NEWEST }, signal),
        responsesOf(context, filter, signal),
        slice === "domain" ? store.suppressions.find(value) : [],
      ]);
      const counted = { [slice]: value, authenticity: filter.authenticity?.join(",") };
      const total = (figures.facets.severity ?? []).reduce((sum, { count }) => sum + count, 0);
      const shownAs = slice === "provider" ? view.providerName(value) : value;
      const body = html`<div class="stack">
        ${periodNav(
          view,
          PERIODS,
          period,
          (days) => sliceHref(view, slice, value, days),
          figures.share < 1 &&
            html`<span class="soft">${view.t.subjects.estimated(view.t.share(figures.share, 1))}</span>`,
        )}
        ${suppressed.map(
          (entry) =>
            html`<p class="notice note">
              ${view.t.subjects.domainListed(
                timeElement(view, entry.createdAt),
                actorWords(view, entry.actor),
                view.reaches("/suppressions/history")
                  ? linkTo(link(view, "/suppressions/history", { value }))
                  : (words) => html`${words}`,
              )}
            </p>`,
        )}
        ${
          total === 0
            ? html`<section class="panel empty">
                <h2>${view.t.subjects.noEvents}</h2>
                <p>${view.t.subjects.noEventsText(linkTo(link(view, "/log", { [slice]: value })))}</p>
              </section>`
            : html`${severityTiles(view, figures.facets.severity ?? [], severities, days, counted)}
                ${overviewChart(view, {
                  by,
                  points: charted ?? severities,
                  days,
                  counted,
                  path: `/${path}/${encodeURIComponent(value)}`,
                  parameters: { days: period },
                })}
                <div class="columns pairs">
                  ${ranking(view, {
                    title: view.t.overview.reasons,
                    counts: figures.facets.reason ?? [],
                    total,
                    parameters: (reason) => ({ from, reason, ...counted }),
                    words: (reason) => reasonWords(view.t, reason),
                  })}
                  ${beside.map((dimension) =>
                    ranking(view, {
                      title: view.t.subjects[SLICES[dimension].several],
                      counts: figures.facets[dimension] ?? [],
                      total,
                      parameters: (one) => ({ from, [dimension]: one, ...counted }),
                      ...(dimension === "provider" ? { words: view.providerName } : {}),
                      page: (one) => sliceHref(view, dimension, one, period),
                    }),
                  )}
                </div>
                ${responsesPanel(view, responses)}
                <section class="panel" aria-labelledby="newest">
                  <header>
                    <h2 id="newest">${view.t.subjects.newest}</h2>
                    <a href="${link(view, "/log", { from, ...counted })}">${view.t.subjects.showAllInLog}</a>
                  </header>
                  ${logTable(view, newest.entries, null)}
                </section>`
        }
      </div>`;
      return sendPage(
        reply,
        renderPage(view, {
          title: shownAs,
          actions: html`<a class="button" href="${link(view, "/rates", { [slice]: value })}">${view.t.frame.rates}</a>`,
          lead: html`${view.t.subjects[nameKey]}${slice === "provider" && html` · <a href="${link(view, `/codes/providers/${encodeURIComponent(value)}`)}">${view.t.subjects.codesAndRules}</a>`}`,
          body,
        }),
      );
    },
  );
}

/** What servers said most, of the newest events that the filter finds. */
async function responsesOf(
  { store }: Pick<HttpContext, "store">,
  filter: LogFilter,
  signal: AbortSignal,
): Promise<readonly Template[]> {
  const templates = createTemplates();
  // Trust: as the filter says.
  const { entries } = await store.search({ ...filter, kind: ["bounce", "delay"], limit: RESPONSES_OF }, signal);
  for (const { event } of entries)
    if (event.diagnostic?.text) {
      const { reason, status, replyCode, provider } = event;
      templates.add({ text: event.diagnostic.text, reason, status, replyCode, provider });
    }
  return templates.list().slice(0, RESPONSES);
}

const responsesPanel = ({ t }: View, responses: readonly Template[]): Html | false =>
  responses.length > 0 &&
  html`<section class="panel" aria-labelledby="responses">
    <header>
      <h2 id="responses">${t.subjects.responses}</h2>
      <span class="soft small">${t.subjects.responsesHint(RESPONSES_OF)}</span>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${t.subjects.serverResponses}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col" class="num">${t.common.events}</th>
            <th scope="col">${t.subjects.serverResponse}</th>
            <th scope="col">${t.subjects.reason}</th>
          </tr>
        </thead>
        <tbody>
          ${responses.map(
            ({ count, text, example }) =>
              html`<tr>
                <td class="num" data-label="${t.common.events}"><b>${t.count(count)}</b></td>
                <td class="break"><code>${text}</code></td>
                <td data-label="${t.subjects.reason}">${reasonWords(t, example.reason)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
