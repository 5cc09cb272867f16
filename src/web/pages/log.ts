/** The log: search, facets, download. The URL holds all of it. */
import { z } from "zod";
import type { Severity } from "../../event/event.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { Problem } from "../../http/problems.ts";
import { signalOf } from "../../http/signal-of.ts";
import { filterOf, filterShape, pageShape, parametersOf, sortShape, type FilterQuery } from "../../http/query.ts";
import type { Figures } from "../../store/rollups/figures.ts";
import type { Dimension, LogPage } from "../../store/log/log-query.ts";
import { html, renderHtml, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { renderPage, type PageNotice } from "../layout.ts";
import { filterWords, logForm } from "../parts/log-form.ts";
import { logTable } from "../parts/log-table.ts";
import { sendPage } from "../problem-page.ts";
import { queryText, viewMenu } from "../views/view-menu.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { reasonWords } from "../words.ts";

const pageQuery = z.object({ ...filterShape, ...sortShape, ...pageShape });
const facetsQuery = pageQuery.extend({ refined: z.literal("1").optional() });
const anyQuery = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const FACETS = ["severity", "reason", "provider", "domain", "status"] as const satisfies readonly Dimension[];
const FACET_VALUES = 8;
/** What is not counted by then is estimated, and counted after the estimate is shown. */
const FIRST_MS = 300;
const REFINED_MS = 10_000;

export function logPage(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  const { store } = context;
  const menuOf = async (view: View, url: string): Promise<Html | null> =>
    viewMenu(view, await store.views.list(), "log", queryText(url));
  const page = { config: { access: "viewer", page: true }, schema: { querystring: anyQuery } } as const;

  app.get("/log", page, async (request, reply) => {
    const view = viewOf(request, context);
    const parsed = pageQuery.safeParse(request.query);
    if (!parsed.success)
      return sendPage(reply.code(400), renderLog(view, given(request.query), { mistakes: mistakesOf(parsed.error) }));
    const { sort, direction, limit, cursor, ...filter } = parsed.data;
    const query = { ...filterOf(filter), sort, direction, limit, cursor };
    // Trust: all, the log shows whatever came.
    const found = await store.search(query, signalOf(request));
    const results = renderResults(view, filter, { sort, direction, cursor }, found);
    return sendPage(
      reply,
      renderLog(view, given(request.query), {
        results,
        found: found.entries.length > 0,
        menu: await menuOf(view, request.url),
      }),
    );
  });

  app.get("/log/facets", page, async (request, reply) => {
    const parsed = facetsQuery.safeParse(request.query);
    if (!parsed.success) throw new Problem("badRequest", viewOf(request, context).t.log.tooWrong);
    const { sort: _sort, direction: _direction, limit: _limit, cursor: _cursor, refined, ...filter } = parsed.data;
    // Trust: all, they narrow down what the log shows.
    const figures = await store.figures({
      filter: filterOf(filter),
      dimensions: FACETS,
      limit: FACET_VALUES,
      budgetMs: refined ? REFINED_MS : FIRST_MS,
      signal: signalOf(request),
    });
    return sendPage(reply, renderHtml(renderFacets(viewOf(request, context), filter, figures, refined !== undefined)));
  });
}

/** What stood in the URL, of the filter's names. */
function given(query: Readonly<Record<string, string | readonly string[]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([name]) => name in filterShape)
      .map(([name, value]): [string, string] => [name, typeof value === "string" ? value : value.join(",")])
      .filter(([, value]) => value !== ""),
  );
}

/** Filter to what is wrong with it. */
const mistakesOf = ({ issues }: z.ZodError): Readonly<Record<string, string>> =>
  Object.fromEntries(issues.map(({ path, message }) => [String(path[0]), message]));

interface Outcome {
  readonly results?: Html;
  readonly found?: boolean;
  readonly menu?: Html | null;
  readonly mistakes?: Readonly<Record<string, string>>;
}

function renderLog(
  view: View,
  values: Record<string, string>,
  { results, found = false, menu, mistakes = {} }: Outcome,
): string {
  const wrong = Object.entries(mistakes).map(([name, message]) => `${filterWords(view, name)}: ${message}`);
  const notice: PageNotice | null = wrong.length > 0 ? { tone: "bad", text: `${wrong.join("; ")}.` } : null;
  return renderPage(view, {
    title: view.t.frame.log,
    lead: view.t.log.lead,
    notice,
    actions: html`${menu}${
      view.may("export") &&
      found &&
      html`<a class="button" href="${link(view, "/v1/events.csv", values)}">${icon("download")}${view.t.log.csvAll}</a>
        <a class="button" href="${link(view, "/v1/events.csv", { ...values, profile: "customers-mail-cloud" })}"
          >${icon("download")}${view.t.log.csvShort}</a
        >`
    }`,
    body: html`<div class="stack">
      ${logForm(view, values, mistakes)}${results}
      ${
        view.may("operator") &&
        found &&
        html`<p class="row small soft">
          ${view.t.log.rulesChanged}
          <a href="${link(view, "/unmatched/reclassify", values)}"
            >${Object.keys(values).length > 0 ? view.t.log.reclassifyThese : view.t.log.reclassifyAll}</a
          >
        </p>`
      }
    </div>`,
  });
}

interface Position {
  readonly sort: z.infer<typeof pageQuery>["sort"];
  readonly direction: z.infer<typeof pageQuery>["direction"];
  readonly cursor: string | undefined;
}

function renderResults(view: View, filter: FilterQuery, position: Position, found: LogPage): Html {
  const parameters = parametersOf(filter);
  const sorted = { ...parameters, sort: position.sort, direction: position.direction };
  if (found.entries.length === 0)
    return html`<section class="panel empty">
      <h2>${view.t.log.nothingFound}</h2>
      ${
        Object.keys(parameters).length > 0
          ? html`<p>${view.t.log.noMatch}</p>
              <a class="button" href="${link(view, "/log")}">${view.t.log.showAll}</a>`
          : html`<p>${view.t.log.empty}</p>
              <a class="button primary" href="${link(view, "/setup")}">${view.t.overview.goToSetup}</a>`
      }
    </section>`;
  return html`<div class="with-facets">
    <section class="panel" aria-label="${view.t.log.results}">
      ${logTable(view, found.entries, { sort: position.sort, direction: position.direction, parameters })}
      ${
        (found.next ?? position.cursor) &&
        html`<nav class="pager" aria-label="${view.t.log.pages}">
          ${position.cursor ? html`<a class="button small" href="${link(view, "/log", sorted)}">${view.t.log.firstPage}</a>` : html`<span></span>`}
          ${found.next && html`<a class="button small" rel="next" href="${link(view, "/log", { ...sorted, cursor: found.next })}">${view.t.log.nextPage}</a>`}
        </nav>`
      }
    </section>
    <aside class="panel" aria-label="${view.t.log.facets}" data-load="${link(view, "/log/facets", parameters)}">
      <a href="${link(view, "/log/facets", parameters)}">${view.t.log.showCounts}</a>
    </aside>
  </div>`;
}

function renderFacets(view: View, filter: FilterQuery, { count, facets, share }: Figures, isRefined: boolean): Html {
  const parameters = parametersOf(filter);
  const isExact = share === 1;
  return html`<div class="facets">
    <p>
      <b>${isExact ? view.t.common.countEvents(count) : view.t.log.aboutEvents(count)}</b>
      ${
        !isExact &&
        html`<br /><span class="soft small"
            >${view.t.log.estimated(view.t.share(share, 1))}
            ${isRefined ? view.t.log.shorterIsExact : html`<a href="${link(view, "/log/facets", { ...parameters, refined: "1" })}" data-refine>${view.t.log.countMore}</a>`}</span
          >`
      }
    </p>
    ${FACETS.map((dimension) => {
      const values = (facets[dimension] ?? []).filter(({ value }) => value !== "");
      if (values.length === 0) return null;
      return html`<section>
        <h3>${filterWords(view, dimension)}</h3>
        <ul>
          ${values.map(({ value, count: matches }) => {
            const active = parameters[dimension] === value;
            const target = { ...parameters, [dimension]: active ? null : value };
            return html`<li>
              <a href="${link(view, "/log", target)}" ${active && html`aria-current="true"`}
                ><span title="${value}">${facetName(view, dimension, value)}</span
                ><span>${view.t.count(matches)}</span></a
              >
            </li>`;
          })}
        </ul>
      </section>`;
    })}
  </div>`;
}

function facetName(view: View, dimension: Dimension, value: string): string {
  if (dimension === "provider") return view.providerName(value);
  if (dimension === "severity" && Object.hasOwn(view.t.terms.severity, value))
    return view.t.terms.severity[value as Severity];
  return dimension === "reason" ? reasonWords(view.t, value) : value;
}
