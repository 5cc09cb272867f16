/** One small bar per day, each a link, without axes: the figures stand beside it. */
import { scaleBand, scaleLinear } from "d3-scale";
import { html, type Html } from "../html.ts";

export interface SparkBars {
  readonly formatted: (count: number) => string;
  readonly title: string;
  readonly bars: readonly { readonly label: string; readonly count: number; readonly href: string }[];
}

const WIDTH = 240;
const HEIGHT = 34;

export function sparkBars({ title, bars, formatted }: SparkBars): Html {
  const x = scaleBand<number>()
    .domain(bars.map((_, index) => index))
    .range([0, WIDTH])
    .padding(0.2);
  const y = scaleLinear()
    .domain([0, Math.max(1, ...bars.map(({ count }) => count))])
    .range([0, HEIGHT]);
  return html`<svg class="chart spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-label="${title}">
    ${bars.map(({ label, count, href }, index) => {
      const height = count === 0 ? 1 : Math.max(2, y(count));
      const words = `${label}: ${formatted(count)}`;
      return html`<a href="${href}" aria-label="${words}" ${count === 0 && html`tabindex="-1"`}
        ><rect class="hit" x="${x(index)}" y="0" width="${x.bandwidth()}" height="${HEIGHT}" /><rect
          class="fore"
          x="${x(index)}"
          y="${HEIGHT - height}"
          width="${x.bandwidth()}"
          height="${height}"
        /><title>${words}</title></a
      >`;
    })}
  </svg>`;
}
