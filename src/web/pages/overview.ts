/** The first page: what came back lately, and where to look. Every figure leads into the log. */
import type { Severity } from "../../core/event.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { UNDECIDED, type Count, type LogFilter, type SeriesPoint } from "../../store/log-query.ts";
import { meter } from "../charts/meter.ts";
import { stackedBars } from "../charts/stacked-bars.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { alertsPanel, recentAlerts } from "../parts/alerts.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type LinkParameters, type View } from "../view.ts";
import {
  formatCount,
  formatShare,
  SEVERITY_ORDER,
  SEVERITY_WORDS,
  severityClass,
  severityDot,
  wordsOf,
} from "../words.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS = 30;
const RANKED = 8;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export function overviewPage(app: App, context: HttpContext): void {
  app.get("/", { config: { access: "viewer", page: true } }, async (request, reply) => {
    const { store } = context;
    const view = viewOf(request, context);
    const days = Array.from({ length: DAYS }, (_, index) => dayOf(view.now - (DAYS - 1 - index) * DAY_MS));
    const from = days[0] ?? dayOf(view.now);
    const range: LogFilter = { from: `${from}T00:00:00.000Z` };
    const [points, facets, blocks, suppressed, added] = await Promise.all([
      store.series({ ...range, by: "day", dimension: "severity" }),
      store.facets(range, ["severity", "reason", "provider", "domain"], RANKED),
      store.facets({ ...range, severity: ["block"] }, ["provider"], RANKED),
      store.suppressions.count({}),
      store.suppressions.count({ from: range.from }),
    ]);
    const undecided = await store.count({ ...range, kind: ["bounce", "delay"], evidence: UNDECIDED });
    const total = (facets.severity ?? []).reduce((sum, { count }) => sum + count, 0);
    const body =
      total === 0
        ? emptyOverview(view)
        : html`<div class="stack">
            ${alertsPanel(view, await recentAlerts(context))} ${tiles(view, facets.severity ?? [], points, days)}
            ${chart(view, points, days)}
            <div class="tiles">
              ${tile(link(view, "/suppressions"), "Suppressed", suppressed, `${formatCount(added)} new in ${DAYS} days`)}
              ${tile(link(view, "/unmatched"), "Decided by no rule", undecided, `of ${formatCount(total)} events`)}
            </div>
            <div class="columns">
              ${ranking(view, "Reasons", facets.reason ?? [], total, (reason) => ({ from, reason }), wordsOf)}
              ${ranking(view, "Recipient domains", facets.domain ?? [], total, (domain) => ({ from, domain }))}
              ${blockRates(view, facets.provider ?? [], blocks.provider ?? [], from)}
            </div>
          </div>`;
    return sendPage(
      reply,
      renderPage(view, { title: "Overview", lead: `Returned mail since ${from}, in days of UTC.`, body }),
    );
  });
}

function tiles(
  view: View,
  severities: readonly Count[],
  points: readonly SeriesPoint[],
  days: readonly string[],
): Html {
  const today = days.at(-1) ?? "";
  const from = days[0];
  return html`<div class="tiles">
    ${SEVERITY_ORDER.map((severity) => {
      const count = severities.find(({ value }) => value === severity)?.count ?? 0;
      const now = points.find((point) => point.value === severity && point.at.startsWith(today))?.count ?? 0;
      return html`<a class="panel tile ${severityClass(severity)}" href="${link(view, "/log", { from, severity })}">
        <span class="name">${severityDot(severity)}${SEVERITY_WORDS[severity]}</span>
        <span class="figure">${formatCount(count)}</span>
        <span class="delta">${formatCount(now)} today</span>
      </a>`;
    })}
  </div>`;
}

const tile = (href: string, name: string, figure: number, delta: string): Html =>
  html`<a class="panel tile" href="${href}">
    <span class="name">${name}</span><span class="figure">${formatCount(figure)}</span
    ><span class="delta">${delta}</span>
  </a>`;

function chart(view: View, points: readonly SeriesPoint[], days: readonly string[]): Html {
  const values = new Map(days.map((day) => [day, new Map<string, number>()]));
  for (const { at, value, count } of points) values.get(at.slice(0, 10))?.set(value, count);
  const present = SEVERITY_ORDER.filter((severity) => points.some(({ value }) => value === severity));
  const dayLink = (day: string, severity?: string) => link(view, "/log", { from: day, to: day, severity });
  return html`<section class="panel" aria-labelledby="over-time">
    <header>
      <h2 id="over-time">Events per day</h2>
      <ul class="legend">
        ${present.map(
          (severity: Severity) =>
            html`<li>
              <a class="sev" href="${link(view, "/log", { from: days[0], severity })}"
                >${severityDot(severity)}${SEVERITY_WORDS[severity]}</a
              >
            </li>`,
        )}
      </ul>
    </header>
    ${stackedBars({
      title: "Events per day by severity",
      series: present
        .toReversed()
        .map((severity) => ({ key: severity, name: SEVERITY_WORDS[severity], className: severityClass(severity) })),
      bars: days.map((day) => ({
        label: day.slice(5),
        values: values.get(day) ?? new Map<string, number>(),
        href: dayLink(day),
        hrefOf: (severity) => dayLink(day, severity),
      })),
    })}
  </section>`;
}

function ranking(
  view: View,
  title: string,
  counts: readonly Count[],
  total: number,
  parameters: (value: string) => LinkParameters,
  words: (value: string) => string = (value) => value,
): Html | null {
  const named = counts.filter(({ value }) => value !== "");
  if (named.length === 0) return null;
  return html`<section class="panel">
    <header>
      <h2>${title}</h2>
    </header>
    <ol class="rank">
      ${named.map(
        ({ value, count }) =>
          html`<li>
            <a href="${link(view, "/log", parameters(value))}" title="${formatShare(count, total)} of all"
              ><span class="clip">${words(value)}</span>${meter(count, named[0]?.count ?? 0)}<span class="num"
                >${formatCount(count)}</span
              ></a
            >
          </li>`,
      )}
    </ol>
  </section>`;
}

/** Blocks are about us: a provider that refuses much of what it answers deserves a look. */
function blockRates(view: View, all: readonly Count[], blocked: readonly Count[], from: string): Html | null {
  const named = all.filter(({ value }) => value !== "");
  if (named.length === 0) return null;
  return html`<section class="panel">
    <header>
      <h2>Blocks by provider</h2>
      <span class="soft small">share of its refusals</span>
    </header>
    <ol class="rank">
      ${named.map(({ value, count }) => {
        const blocks = blocked.find((one) => one.value === value)?.count ?? 0;
        return html`<li>
          <a
            href="${link(view, "/log", { from, provider: value, severity: blocks > 0 ? "block" : null })}"
            title="${blocks} blocks of ${count} events"
            ><span class="clip">${value}</span>${meter(blocks, count)}<span class="num"
              >${formatShare(blocks, count)}</span
            ></a
          >
        </li>`;
      })}
    </ol>
  </section>`;
}

const emptyOverview = (view: View): Html =>
  html`<section class="panel empty">
    <h2>Nothing has come back yet</h2>
    <p>
      Set the reverse-path of what you send to an address of this machine, and returned mail appears here, read and
      explained. The set-up page checks the way and sends a test bounce.
    </p>
    <a class="button primary" href="${link(view, "/setup")}">Go to set-up</a>
  </section>`;
