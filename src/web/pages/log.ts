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
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { formatCount, formatShare, plural, SEVERITY_WORDS, spellName } from "../words.ts";

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
    return sendPage(reply, renderLog(view, given(request.query), { results, found: found.entries.length > 0 }));
  });

  app.get("/log/facets", page, async (request, reply) => {
    const parsed = facetsQuery.safeParse(request.query);
    if (!parsed.success) throw new Problem("badRequest", "The filter is not valid.");
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
  readonly mistakes?: Readonly<Record<string, string>>;
}

function renderLog(
  view: View,
  values: Record<string, string>,
  { results, found = false, mistakes = {} }: Outcome,
): string {
  const wrong = Object.entries(mistakes).map(([name, message]) => `${filterWords(name)}: ${message}`);
  const notice: PageNotice | null = wrong.length > 0 ? { tone: "bad", text: `${wrong.join("; ")}.` } : null;
  return renderPage(view, {
    title: "Log",
    lead: "One row per recipient of a returned message.",
    notice,
    actions: html`${
      view.may("export") &&
      found &&
      html`<a class="button" href="${link(view, "/v1/events.csv", values)}">${icon("download")}CSV, all columns</a>
        <a class="button" href="${link(view, "/v1/events.csv", { ...values, profile: "customers-mail-cloud" })}"
          >${icon("download")}CSV, short</a
        >`
    }`,
    body: html`<div class="stack">
      ${logForm(view, values, mistakes)}${results}
      ${
        view.may("operator") &&
        found &&
        html`<p class="row small soft">
          Rules changed?
          <a href="${link(view, "/unmatched/reclassify", values)}"
            >${Object.keys(values).length > 0 ? "Reclassify these events" : "Reclassify the log"}</a
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
      <h2>Nothing found</h2>
      ${
        Object.keys(parameters).length > 0
          ? html`<p>No event matches these filters. Remove one, or choose a longer period.</p>
              <a class="button" href="${link(view, "/log")}">Show all events</a>`
          : html`<p>No returned mail has arrived yet. The set-up page can send a test bounce.</p>
              <a class="button primary" href="${link(view, "/setup")}">Go to set-up</a>`
      }
    </section>`;
  return html`<div class="with-facets">
    <section class="panel" aria-label="Results">
      ${logTable(view, found.entries, { sort: position.sort, direction: position.direction, parameters })}
      ${
        (found.next ?? position.cursor) &&
        html`<nav class="pager" aria-label="Pages">
          ${position.cursor ? html`<a class="button small" href="${link(view, "/log", sorted)}">First page</a>` : html`<span></span>`}
          ${found.next && html`<a class="button small" rel="next" href="${link(view, "/log", { ...sorted, cursor: found.next })}">Next page</a>`}
        </nav>`
      }
    </section>
    <aside class="panel" aria-label="Facets" data-load="${link(view, "/log/facets", parameters)}">
      <a href="${link(view, "/log/facets", parameters)}">Show counts</a>
    </aside>
  </div>`;
}

function renderFacets(view: View, filter: FilterQuery, { count, facets, share }: Figures, isRefined: boolean): Html {
  const parameters = parametersOf(filter);
  const isExact = share === 1;
  return html`<div class="facets">
    <p>
      <b>${isExact ? plural(count, "event") : `about ${plural(count, "event")}`}</b>
      ${
        !isExact &&
        html`<br /><span class="soft small"
            >Estimated from the newest ${formatShare(share, 1)} of the period.
            ${isRefined ? "A shorter period is counted exactly." : html`<a href="${link(view, "/log/facets", { ...parameters, refined: "1" })}" data-refine>Count more</a>`}</span
          >`
      }
    </p>
    ${FACETS.map((dimension) => {
      const values = (facets[dimension] ?? []).filter(({ value }) => value !== "");
      if (values.length === 0) return null;
      return html`<section>
        <h3>${spellName(dimension)}</h3>
        <ul>
          ${values.map(({ value, count: matches }) => {
            const active = parameters[dimension] === value;
            const target = { ...parameters, [dimension]: active ? null : value };
            return html`<li>
              <a href="${link(view, "/log", target)}" ${active && html`aria-current="true"`}
                ><span title="${value}">${facetName(view, dimension, value)}</span
                ><span>${formatCount(matches)}</span></a
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
  if (dimension === "severity" && value in SEVERITY_WORDS) return SEVERITY_WORDS[value as Severity];
  return dimension === "reason" ? spellName(value) : value;
}
