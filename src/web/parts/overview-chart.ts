/** Events per day, by severity or by reason. */
import type { Severity } from "../../event/event.ts";
import type { SeriesPoint } from "../../store/log/log-query.ts";
import { stackedBars, type BarSeries } from "../charts/stacked-bars.ts";
import { html, type Html } from "../html.ts";
import { link, type LinkParameters, type View } from "../view.ts";
import { reasonWords, SEVERITY_ORDER, severityClass, severityDot } from "../words.ts";

export const CHARTED = ["severity", "reason"] as const;
export type Charted = (typeof CHARTED)[number];

/** Reasons with a colour of their own; the others are one series. */
const NAMED_REASONS = 7;
const OTHERS = "";

interface Series extends BarSeries {
  readonly mark: Html;
}

interface Charting {
  readonly by: Charted;
  readonly points: readonly SeriesPoint[];
  readonly days: readonly string[];
  /** What a link to the log says of which events count. */
  readonly counted: LinkParameters;
  /** Of the page that shows it. */
  readonly path?: string;
  /** Of that page, without `by`. */
  readonly parameters: LinkParameters;
}

export function overviewChart(view: View, { by, points, days, counted, path = "/", parameters: own }: Charting): Html {
  const series = by === "severity" ? severitySeries(view, points) : reasonSeries(view, points);
  const keys = new Set(series.map(({ key }) => key));
  const values = new Map(days.map((day) => [day, new Map<string, number>()]));
  for (const { at, value, count } of points) {
    const ofDay = values.get(at.slice(0, 10));
    const key = keys.has(value) ? value : OTHERS;
    ofDay?.set(key, (ofDay.get(key) ?? 0) + count);
  }
  const to = (parameters: { readonly from?: string; readonly to?: string }, key: string) =>
    link(view, "/log", { ...parameters, [by]: key, ...counted });
  return html`<section class="panel" aria-labelledby="over-time">
    <header>
      <div class="row">
        <h2 id="over-time">${view.t.overview.eventsPerDay}</h2>
        <nav class="switch" aria-label="${view.t.overview.eventsPerDayBy}">
          ${CHARTED.map(
            (one) =>
              html`<a
                href="${link(view, path, { ...own, by: one === "severity" ? null : one })}"
                ${one === by && html`aria-current="true"`}
                >${one === "severity" ? view.t.overview.bySeverity : view.t.overview.byReason}</a
              >`,
          )}
        </nav>
      </div>
      <ul class="legend">
        ${series.map(({ key, name, mark }) => {
          const label = html`${mark}${name}`;
          return html`<li>
            ${key === OTHERS ? html`<span class="sev">${label}</span>` : html`<a class="sev" href="${to({ from: days[0] ?? "" }, key)}">${label}</a>`}
          </li>`;
        })}
      </ul>
    </header>
    ${stackedBars(view, {
      title: by === "severity" ? view.t.overview.chartBySeverity : view.t.overview.chartByReason,
      series: series.toReversed(),
      bars: days.map((day) => ({
        label: view.t.shortDay(day),
        values: values.get(day) ?? new Map<string, number>(),
        href: link(view, "/log", { from: day, to: day, ...counted }),
        hrefOf: (key) => to({ from: day, to: day }, key),
      })),
    })}
  </section>`;
}

const severitySeries = ({ t }: View, points: readonly SeriesPoint[]): readonly Series[] =>
  SEVERITY_ORDER.filter((severity) => points.some(({ value }) => value === severity)).map((severity: Severity) => ({
    key: severity,
    name: t.terms.severity[severity],
    className: severityClass(severity),
    mark: severityDot(severity),
  }));

function reasonSeries({ t }: View, points: readonly SeriesPoint[]): readonly Series[] {
  const totals = new Map<string, number>();
  for (const { value, count } of points) totals.set(value, (totals.get(value) ?? 0) + count);
  const ranked = [...totals].sort(([, a], [, b]) => b - a).map(([reason]) => reason);
  const named = ranked
    .slice(0, NAMED_REASONS)
    .map((reason, index) => ({ key: reason, name: reasonWords(t, reason), index }));
  const others = { key: OTHERS, name: t.overview.others, index: NAMED_REASONS };
  return [...named, ...(ranked.length > NAMED_REASONS ? [others] : [])].map(({ key, name, index }) => {
    const className = `hue-${index}`;
    return {
      key,
      name,
      className,
      mark: html`<svg class="dot ${className}" viewBox="0 0 10 10" aria-hidden="true">
        <rect width="10" height="10" rx="2" />
      </svg>`,
    };
  });
}
