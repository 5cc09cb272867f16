/** Bars of hours, each a link, with lines where something happened. The step grows with the time, so that bars stay wide. */
import { scaleLinear } from "d3-scale";
import { html, type Html } from "../html.ts";
import { countLines, countScale } from "./count-axis.ts";

const HOUR_MS = 3_600_000;
const MOST_BARS = 72;
const STEPS = [1, 2, 3, 6, 12, 24] as const;
const WIDTH = 920;
const HEIGHT = 210;
const MARGIN = { top: 24, right: 6, bottom: 26, left: 50 } as const;
const FRAME = { width: WIDTH, height: HEIGHT, margin: MARGIN };
/** Of marks closer to each other the last one has its label. */
const LABEL_WIDTH = 90;

export interface HourBar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** From the first hour to the one of `end`, those without a count too. */
export function hourBarsOf(
  hours: readonly { readonly at: string; readonly count: number }[],
  start: number,
  end: number,
): { readonly step: number; readonly bars: readonly HourBar[] } {
  const first = Math.floor(start / HOUR_MS);
  const last = Math.max(first, Math.floor(end / HOUR_MS));
  const step = STEPS.find((one) => (last - first + 1) / one <= MOST_BARS) ?? Math.ceil((last - first + 1) / MOST_BARS);
  const counts = new Map<number, number>();
  for (const { at, count } of hours) {
    const index = Math.floor((Date.parse(at) / HOUR_MS - first) / step);
    counts.set(index, (counts.get(index) ?? 0) + count);
  }
  const bars = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => ({
    from: (first + index * step) * HOUR_MS,
    to: (first + (index + 1) * step) * HOUR_MS,
    count: counts.get(index) ?? 0,
  }));
  return { step, bars };
}

export interface HourChart {
  readonly title: string;
  /** Of the bars, in the style sheet. */
  readonly className: string;
  readonly bars: readonly HourBar[];
  readonly labelOf: (bar: HourBar) => string;
  readonly hrefOf: (bar: HourBar) => string;
  /** Under some of the bars: `11:00`, or the day where it begins. */
  readonly tickOf: (bar: HourBar) => string;
  readonly compact: (count: number) => string;
  readonly marks: readonly { readonly at: number; readonly label: string; readonly isGood: boolean }[];
}

export function hourChart({ title, className, bars, labelOf, hrefOf, tickOf, compact, marks }: HourChart): Html {
  const [first, last] = [bars[0]?.from ?? 0, bars.at(-1)?.to ?? 1];
  const x = scaleLinear()
    .domain([first, last])
    .range([MARGIN.left, WIDTH - MARGIN.right]);
  const y = countScale(
    FRAME,
    bars.map(({ count }) => count),
  );
  const everyNth = Math.max(1, Math.ceil(bars.length / 9));
  return html`<div class="chart-wrap">
    <svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-label="${title}">
      ${countLines(FRAME, y, compact)}
      ${bars.map((bar, index) => {
        const [left, right] = [x(bar.from), x(bar.to)];
        const gap = Math.min(3, (right - left) / 5);
        const top = y(bar.count);
        return html`<a href="${hrefOf(bar)}" aria-label="${labelOf(bar)}" ${bar.count === 0 && html`tabindex="-1"`}
            ><rect
              class="hit"
              x="${left.toFixed(1)}"
              y="${MARGIN.top}"
              width="${(right - left).toFixed(1)}"
              height="${HEIGHT - MARGIN.top - MARGIN.bottom}"
            />${
              bar.count > 0 &&
              html`<rect
                class="seg ${className}"
                x="${(left + gap / 2).toFixed(1)}"
                y="${Math.min(top, HEIGHT - MARGIN.bottom - 2).toFixed(1)}"
                width="${(right - left - gap).toFixed(1)}"
                height="${Math.max(2, HEIGHT - MARGIN.bottom - top).toFixed(1)}"
              />`
            }<title>${labelOf(bar)}</title></a
          >${
            index % everyNth === 0 &&
            html`<text x="${((left + right) / 2).toFixed(1)}" y="${HEIGHT - 6}" text-anchor="middle" aria-hidden="true">
              ${tickOf(bar)}
            </text>`
          }`;
      })}
      ${marks.map(({ at, label, isGood }, index) => {
        const place = Math.min(Math.max(x(at), MARGIN.left), WIDTH - MARGIN.right);
        const next = marks[index + 1];
        const isCovered = next !== undefined && x(next.at) - x(at) < LABEL_WIDTH;
        const isRight = place > WIDTH * 0.8;
        return html`<g class="mark ${isGood && "good"}"
          ><line x1="${place.toFixed(1)}" x2="${place.toFixed(1)}" y1="${8}" y2="${HEIGHT - MARGIN.bottom}" /> ${
            isCovered
              ? html`<title>${label}</title>`
              : html`<text
                  x="${(place + (isRight ? -6 : 6)).toFixed(1)}"
                  y="16"
                  text-anchor="${isRight ? "end" : "start"}"
                >
                  ${label}
                </text>`
          }</g
        >`;
      })}
    </svg>
  </div>`;
}
