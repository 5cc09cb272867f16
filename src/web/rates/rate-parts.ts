/** Rates as figures: tiles for one thing, a table for many. What is above a provider's line is marked, unless chance explains it. */
import type { SendDimension, SendsRow } from "../../store/tallies/sends.ts";
import { lineCrossed, rateOf, RATE_MEASURES, sendsOf, type RateMeasure, type SendCounts } from "../../tallies/rates.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Texts } from "../language/texts.ts";
import { tile } from "../parts/overview-tiles.ts";
import { link, type LinkParameters, type View } from "../view.ts";

export const dimensionName = ({ t }: Pick<View, "t">, dimension: SendDimension): string =>
  ({
    provider: t.rates.dimensionProvider,
    domain: t.rates.dimensionDomain,
    tag: t.rates.dimensionTag,
    senderDomain: t.rates.dimensionSenderDomain,
    sendingAddress: t.rates.dimensionSendingAddress,
  })[dimension];

function figure({ t }: View, counts: SendCounts, measure: RateMeasure): Html {
  const { part, whole } = rateOf(counts, measure);
  const rate = t.rate(part, whole);
  const crossed = lineCrossed(counts, measure);
  const title = t.common.countOf(part, whole);
  if (!crossed) return html`<span title="${title}">${rate}</span>`;
  const words = t.rates.aboveLine(crossed.by, t.percent(crossed.rate));
  return html`<b class="bad" title="${title}, ${words}"
    >${icon("warn")} ${rate}<span class="visually-hidden">, ${words}</span></b
  >`;
}

const BELOW: Readonly<Record<RateMeasure, (t: Texts, counts: SendCounts) => string>> = {
  bounce: (t, { bounced }) => t.rates.withoutBlocks(bounced),
  hard: (t, { hard }) => `${t.count(hard)} · SES: ${t.percent(0.05)}`,
  block: (t, { blocked }) => t.count(blocked),
  deferral: (t, { delayed }) => t.rates.ofAttempts(delayed),
  complaint: (t, { complained }) =>
    `${t.count(complained)} · SES: ${t.percent(0.001)} · Gmail, Yahoo: ${t.percent(0.003)}`,
};

/** `href`: where the figures lead; null where this is the place. */
export function rateTiles(view: View, counts: SendCounts, href: string | null): Html {
  return html`<div class="tiles rates">
    ${tile({
      name: view.t.rates.sent,
      figure: view.t.count(sendsOf(counts)),
      href,
      below: view.t.rates.delivered(counts.delivered),
    })}
    ${RATE_MEASURES.map((measure) =>
      tile({
        name: view.t.rates[measure],
        figure: figure(view, counts, measure),
        href,
        below: BELOW[measure](view.t, counts),
      }),
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
    value === "" ? view.t.rates.notRecognised : by === "provider" ? view.providerName(value) : value;
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label="${view.t.frame.rates}">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">${dimensionName(view, by)}</th>
          <th scope="col" class="num">${view.t.rates.sent}</th>
          ${RATE_MEASURES.map((measure) => html`<th scope="col" class="num">${view.t.rates[measure]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row" class="break">
                ${row.value === "" ? nameOf("") : html`<a href="${link(view, "/rates", parameters(row.value))}">${nameOf(row.value)}</a>`}
              </th>
              <td class="num" data-label="${view.t.rates.sent}">${view.t.count(sendsOf(row))}</td>
              ${RATE_MEASURES.map(
                (measure) =>
                  html`<td class="num" data-label="${view.t.rates[measure]}">${figure(view, row, measure)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
