/** Two periods laid over each other, step by step: the one before as broad bars behind, the present one narrow in front. */
import { scaleBand, scaleLinear } from "d3-scale";
import { html, type Html } from "../html.ts";

export interface OverlaidBars {
  readonly now: readonly number[];
  readonly before: readonly number[];
  /** Of the highest bar, the same for all charts of a page. */
  readonly most: number;
  readonly words: string;
}

const WIDTH = 180;
const HEIGHT = 40;

export function overlaidBars({ now, before, most, words }: OverlaidBars): Html {
  const x = scaleBand<number>()
    .domain(Array.from({ length: Math.max(now.length, before.length) }, (_, index) => index))
    .range([0, WIDTH])
    .padding(0.15);
  const y = scaleLinear()
    .domain([0, Math.max(1, most)])
    .range([0, HEIGHT - 1]);
  const bars = (counts: readonly number[], part: number): string =>
    counts
      .flatMap((count, index) => {
        if (count === 0) return [];
        const width = x.bandwidth() * part;
        const left = (x(index) ?? 0) + (x.bandwidth() - width) / 2;
        const height = Math.max(1, y(count));
        return [`M${left.toFixed(1)} ${HEIGHT}v-${height.toFixed(1)}h${width.toFixed(1)}V${HEIGHT}z`];
      })
      .join("");
  return html`<svg
    class="chart overlaid"
    viewBox="0 0 ${WIDTH} ${HEIGHT + 1}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${words}"
  >
    <title>${words}</title>
    <path class="before" d="${bars(before, 1)}" />
    <path class="now" d="${bars(now, 0.5)}" />
    <path class="base" d="M0 ${HEIGHT}.5h${WIDTH}" />
  </svg>`;
}
