/** Bars per day, stacked by severity, as SVG whose parts are links into the log. d3 does the arithmetic. */
import { scaleBand } from "d3-scale";
import { stack } from "d3-shape";
import { html, type Html } from "../html.ts";
import { countLines, countScale } from "./count-axis.ts";
import type { Speech } from "../language/speech.ts";
import type { View } from "../view.ts";

export interface BarSeries {
  readonly key: string;
  readonly name: string;
  /** Class of its segments in the style sheet. */
  readonly className: string;
}

export interface Bar {
  /** Under the bar, and in its spoken description. */
  readonly label: string;
  readonly values: ReadonlyMap<string, number>;
  readonly href: string;
  readonly hrefOf: (key: string) => string;
}

export interface StackedBars {
  readonly title: string;
  readonly series: readonly BarSeries[];
  readonly bars: readonly Bar[];
}

const WIDTH = 920;
const HEIGHT = 240;
const MARGIN = { top: 8, right: 4, bottom: 26, left: 50 } as const;
const FRAME = { width: WIDTH, height: HEIGHT, margin: MARGIN };

export function stackedBars({ t }: Pick<View, "t">, { title, series, bars }: StackedBars): Html {
  const totals = bars.map((bar) => series.reduce((sum, { key }) => sum + (bar.values.get(key) ?? 0), 0));
  const x = scaleBand<number>()
    .domain(bars.map((_, index) => index))
    .range([MARGIN.left, WIDTH - MARGIN.right])
    .padding(0.22);
  const y = countScale(FRAME, totals);
  const layers = stack<Bar, string>()
    .keys(series.map(({ key }) => key))
    .value((bar, key) => bar.values.get(key) ?? 0)([...bars]);
  const everyNth = Math.max(1, Math.ceil(bars.length / 10));
  return html`<div class="chart-wrap">
    <svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-label="${title}">
      ${countLines(FRAME, y, t.compact)}
      ${bars.map((bar, index) => {
        const left = x(index) ?? 0;
        return html`<a href="${bar.href}" aria-label="${describe(t, bar, series, totals[index] ?? 0)}"
            ><rect
              class="hit"
              x="${left - (x.step() - x.bandwidth()) / 2}"
              y="${MARGIN.top}"
              width="${x.step()}"
              height="${HEIGHT - MARGIN.top - MARGIN.bottom}"
            /><title>${describe(t, bar, series, totals[index] ?? 0)}</title></a
          >
          ${layers.map((layer, at) => {
            const [low = 0, high = 0] = layer[index] ?? [];
            const one = series[at];
            if (high <= low || !one) return null;
            return html`<a href="${bar.hrefOf(one.key)}" tabindex="-1" aria-hidden="true"
              ><rect
                class="seg ${one.className}"
                x="${left}"
                y="${y(high)}"
                width="${x.bandwidth()}"
                height="${Math.max(1, y(low) - y(high))}"
              /><title>${bar.label}: ${one.name} ${t.count(high - low)}</title></a
            >`;
          })}
          ${
            index % everyNth === 0 &&
            html`<text x="${left + x.bandwidth() / 2}" y="${HEIGHT - 6}" text-anchor="middle" aria-hidden="true">
              ${bar.label}
            </text>`
          }`;
      })}
    </svg>
  </div>`;
}

const describe = (t: Speech, bar: Bar, series: readonly BarSeries[], total: number): string =>
  [
    `${bar.label}: ${t.count(total)}`,
    ...series
      .filter(({ key }) => bar.values.get(key))
      .map(({ key, name }) => `${name} ${t.count(bar.values.get(key) ?? 0)}`),
  ].join(", ");
