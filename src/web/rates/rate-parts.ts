/** Rates as figures: tiles for one thing, a table for many. What is above a provider's line is marked, unless chance explains it. */
import type { SendDimension, SendsRow } from "../../store/tallies/sends.ts";
import { lineCrossed, rateOf, RATE_MEASURES, sendsOf, type RateMeasure, type SendCounts } from "../../tallies/rates.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { tile } from "../parts/overview-tiles.ts";
import { link, type LinkParameters, type View } from "../view.ts";
import { formatCount } from "../words.ts";

const MEASURE_WORDS: Readonly<Record<RateMeasure, string>> = {
  bounce: "Bounces",
  hard: "Hard bounces",
  block: "Blocks",
  deferral: "Deferrals",
  complaint: "Complaints",
};

export const DIMENSION_NAMES: Readonly<Record<SendDimension, string>> = {
  provider: "Provider",
  domain: "Recipient domain",
  tag: "Tag",
  senderDomain: "Sending domain",
  sendingAddress: "Sending address",
};

/** `0.12 %`: a complaint rate is a matter of hundredths. */
export function formatRate(part: number, whole: number): string {
  if (whole === 0) return "–";
  const percent = (100 * part) / whole;
  return `${percent.toFixed(percent === 0 || percent >= 10 ? 0 : percent >= 1 ? 1 : 2)} %`;
}

export const formatLine = (rate: number): string => `${Number((100 * rate).toFixed(2))} %`;

function figure(counts: SendCounts, measure: RateMeasure): Html {
  const { part, whole } = rateOf(counts, measure);
  const rate = formatRate(part, whole);
  const crossed = lineCrossed(counts, measure);
  const title = `${formatCount(part)} of ${formatCount(whole)}`;
  if (!crossed) return html`<span title="${title}">${rate}</span>`;
  const words = `above the line of ${crossed.by} (${formatLine(crossed.rate)})`;
  return html`<b class="bad" title="${title}, ${words}"
    >${icon("warn")} ${rate}<span class="visually-hidden">, ${words}</span></b
  >`;
}

const BELOW: Readonly<Record<RateMeasure, (counts: SendCounts) => string>> = {
  bounce: ({ bounced }) => `${formatCount(bounced)}, without blocks`,
  hard: ({ hard }) => `${formatCount(hard)} · SES: 5 %`,
  block: ({ blocked }) => formatCount(blocked),
  deferral: ({ delayed }) => `${formatCount(delayed)} of all attempts`,
  complaint: ({ complained }) => `${formatCount(complained)} · SES: 0.1 %, Gmail, Yahoo: 0.3 %`,
};

/** `href`: where the figures lead; null where this is the place. */
export function rateTiles(counts: SendCounts, href: string | null): Html {
  return html`<div class="tiles rates">
    ${tile({
      name: "Sent",
      figure: formatCount(sendsOf(counts)),
      href,
      below: `${formatCount(counts.delivered)} delivered`,
    })}
    ${RATE_MEASURES.map((measure) =>
      tile({ name: MEASURE_WORDS[measure], figure: figure(counts, measure), href, below: BELOW[measure](counts) }),
    )}
  </div>`;
}

export interface RateTable {
  readonly by: SendDimension;
  readonly rows: readonly SendsRow[];
  /** Of the page of one value. */
  readonly parameters: (value: string) => LinkParameters;
}

export function rateTable(view: View, { by, rows, parameters }: RateTable): Html {
  const nameOf = (value: string): string =>
    value === "" ? "not recognised" : by === "provider" ? view.providerName(value) : value;
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label="Rates">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">${DIMENSION_NAMES[by]}</th>
          <th scope="col" class="num">Sent</th>
          ${RATE_MEASURES.map((measure) => html`<th scope="col" class="num">${MEASURE_WORDS[measure]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row" class="break">
                ${row.value === "" ? nameOf("") : html`<a href="${link(view, "/rates", parameters(row.value))}">${nameOf(row.value)}</a>`}
              </th>
              <td class="num" data-label="Sent">${formatCount(sendsOf(row))}</td>
              ${RATE_MEASURES.map(
                (measure) => html`<td class="num" data-label="${MEASURE_WORDS[measure]}">${figure(row, measure)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
