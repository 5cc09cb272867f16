/** The most frequent of each, as bars; and how much of what a provider answers is a block. */
import type { Alert } from "../../store/alerts/alerts.ts";
import type { Count } from "../../store/log/log-query.ts";
import { meter } from "../charts/meter.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { link, type LinkParameters, type View } from "../view.ts";

export interface Ranking {
  readonly title: string;
  readonly counts: readonly Count[];
  /** Of which the counts are a part. */
  readonly total: number;
  readonly parameters: (value: string) => LinkParameters;
  readonly words?: (value: string) => string;
  /** Page of a value; its count leads to the log in any case. */
  readonly page?: (value: string) => string;
}

export function ranking(
  view: View,
  { title, counts, total, parameters, words = (value) => value, page }: Ranking,
): Html {
  const named = counts.filter(({ value }) => value !== "");
  return html`<section class="panel">
    <header><h2>${title}</h2></header>
    ${
      named.length === 0
        ? html`<p class="soft">${view.t.overview.noneInPeriod}</p>`
        : html`<ol class="rank">
            ${named.map(
              ({ value, count }) =>
                html`<li ${page && html`class="paged"`}>
                  ${page && html`<a class="clip" href="${page(value)}">${words(value)}</a>`}
                  <a
                    href="${link(view, "/log", parameters(value))}"
                    title="${view.t.overview.shareOfAll(view.t.share(count, total))}"
                    ${page && html`aria-label="${view.t.overview.eventsOf(count, words(value))}"`}
                    >${!page && html`<span class="clip">${words(value)}</span>`}${meter(count, named[0]?.count ?? 0)}<span
                      class="num"
                      >${view.t.count(count)}</span
                    ></a
                  >
                </li>`,
            )}
          </ol>`
    }
  </section>`;
}

/** Blocks are about us: a provider that refuses much of what it answers deserves a look. The highest share first. */
export function blockRates(
  view: View,
  counts: { readonly all: readonly Count[]; readonly blocked: readonly Count[] },
  alerts: readonly Alert[],
  parameters: LinkParameters,
): Html {
  const rates = counts.blocked
    .filter(({ value }) => value !== "")
    .map(({ value, count }) => {
      const all = Math.max(count, counts.all.find((one) => one.value === value)?.count ?? count);
      return {
        value,
        count,
        all,
        isAlert: alerts.some((alert) => alert.dimension === "provider" && alert.value === value),
      };
    })
    .sort((a, b) => b.count / b.all - a.count / a.all);
  return html`<section class="panel">
    <header>
      <h2>${view.t.overview.blockRate}</h2>
      <span class="soft small">${view.t.overview.blockRateHint}</span>
    </header>
    ${
      rates.length === 0
        ? html`<p class="soft">${view.t.overview.noBlocks}</p>`
        : html`<ol class="rank">
            ${rates.map(
              ({ value, count, all, isAlert }) =>
                html`<li>
                  <a
                    href="${link(view, "/log", { ...parameters, provider: value, severity: "block" })}"
                    title="${view.t.overview.blocksOf(count, all)}"
                    ><span class="clip"
                      >${isAlert && html`<span class="alert">${icon("warn")}<span class="visually-hidden">${view.t.overview.alert}</span></span> `}${view.providerName(value)}</span
                    >${meter(count, all)}<span class="num">${view.t.share(count, all)}</span></a
                  >
                </li>`,
            )}
          </ol>`
    }
  </section>`;
}
