/** The axis of counts that charts of bars share: its scale, and its lines with their numbers. */
import { scaleLinear, type ScaleLinear } from "d3-scale";
import { html, type Html } from "../html.ts";

export interface ChartFrame {
  readonly width: number;
  readonly height: number;
  readonly margin: Readonly<Record<"top" | "right" | "bottom" | "left", number>>;
}

/** To the highest of them, and at least to 4. */
export const countScale = ({ height, margin }: ChartFrame, counts: readonly number[]): ScaleLinear<number, number> =>
  scaleLinear()
    .domain([0, Math.max(4, ...counts)])
    .nice(4)
    .range([height - margin.bottom, margin.top]);

export const countLines = (
  { width, margin }: ChartFrame,
  y: ScaleLinear<number, number>,
  compact: (count: number) => string,
): readonly Html[] =>
  y
    .ticks(4)
    .map(
      (tick) =>
        html`<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${y(tick)}" y2="${y(tick)}" />
          <text x="${margin.left - 8}" y="${y(tick) + 4}" text-anchor="end" aria-hidden="true">${compact(tick)}</text>`,
    );
