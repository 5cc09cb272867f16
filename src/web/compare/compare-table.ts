/** Rows of a comparison: a small chart of both periods, both counts as links into the log, and what grew. */
import {
  COMPARE_SORTS,
  type Compared,
  type ComparedRow,
  type CompareSort,
  type Comparison,
} from "../../store/compare/compared.ts";
import { daysOf, type PeriodSpan } from "../../store/compare/periods.ts";
import { overlaidBars } from "../charts/overlaid-bars.ts";
import { html, type Html } from "../html.ts";
import { sliceHref, SLICES, type Slice } from "../paths.ts";
import { valueWords } from "../parts/log-form.ts";
import { link, type LinkParameters, type View } from "../view.ts";

const DAY_MS = 86_400_000;

export interface CompareTable {
  readonly found: Comparison;
  readonly by: Compared;
  readonly sort: CompareSort;
  /** The filter as the log takes it. */
  readonly parameters: LinkParameters;
  readonly sortHref: (sort: CompareSort) => string;
}

export function compareTable(view: View, table: CompareTable): Html {
  const { compare } = view.t;
  const { found, by, sort, sortHref } = table;
  const { rows, total, period, before, step } = found;
  const hasSends = [total, ...rows].some(({ sends }) => sends !== null);
  const hasCharts = rows.some(({ steps }) => steps !== null);
  return html`<section class="panel" aria-labelledby="compared">
    <header>
      <div class="row">
        <h2 id="compared">${compare.dimensions[by]}</h2>
        <nav class="switch" aria-label="${compare.order}">
          ${COMPARE_SORTS.map(
            (one) =>
              html`<a href="${sortHref(one)}" ${one === sort && html`aria-current="true"`}>${compare.orders[one]}</a>`,
          )}
        </nav>
      </div>
      <ul class="legend">
        <li>${swatch("now")} ${spanWords(view, period)}</li>
        <li>${swatch("before")} ${spanWords(view, before)}</li>
      </ul>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${compare.title}">
      <table class="cards compared">
        <thead>
          <tr>
            <th scope="col">${compare.dimensions[by]}</th>
            ${hasCharts && html`<th scope="col">${compare.eachStep[step]}</th>`}
            <th scope="col" class="num">${compare.events}</th>
            <th scope="col" class="num">${compare.before}</th>
            <th scope="col" class="num">${compare.change}</th>
            ${
              hasSends &&
              html`<th scope="col" class="num">${compare.ofSends}</th>
                <th scope="col" class="num">${compare.ofSendsBefore}</th>`
            }
          </tr>
        </thead>
        <tbody>
          <tr class="all">
            <th scope="row">${compare.all}</th>
            ${cells(view, table, total, { hasSends, hasCharts, most: highest([total]) })}
          </tr>
          ${rows.map(
            (row) =>
              html`<tr>
                <th scope="row" class="break">${named(view, by, row.value)}</th>
                ${cells(view, table, row, { hasSends, hasCharts, most: highest(rows) })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${found.more && html`<p class="soft small">${compare.more}</p>`}
  </section>`;
}

const swatch = (which: "now" | "before"): Html =>
  html`<svg class="swatch ${which}" viewBox="0 0 10 10" aria-hidden="true">
    <rect width="10" height="10" rx="2" />
  </svg>`;

interface Columns {
  readonly hasSends: boolean;
  readonly hasCharts: boolean;
  /** Of the highest bar: the rows share one scale, the sum of all has its own. */
  readonly most: number;
}

function cells(view: View, table: CompareTable, row: ComparedRow, { hasSends, hasCharts, most }: Columns): Html {
  const { compare } = view.t;
  const { found, by } = table;
  const name = row === found.total ? compare.all : valueName(view, by, row.value);
  return html`${
      hasCharts &&
      html`<td data-label="${compare.eachStep[found.step]}">
        ${row.steps && overlaidBars({ ...row.steps, most, words: chartWords(view, name, row.steps) })}
      </td>`
    }
    <td class="num" data-label="${compare.events}">${counted(view, table, row, "now")}</td>
    <td class="num" data-label="${compare.before}">${counted(view, table, row, "before")}</td>
    <td class="num change" data-label="${compare.change}">${change(view, found, row)}</td>
    ${
      hasSends &&
      html`<td class="num" data-label="${compare.ofSends}">${rate(view, row, "now")}</td>
        <td class="num" data-label="${compare.ofSendsBefore}">${rate(view, row, "before")}</td>`
    }`;
}

type Which = "now" | "before";

/** The number, as a link to the log with the same filter and period. */
function counted(view: View, { found, by, parameters }: CompareTable, row: ComparedRow, which: Which): Html | string {
  const { compare, count } = view.t;
  const figure = count(row.count[which]);
  const words = found.share[which] < 1 ? compare.about(figure) : figure;
  const isAll = row === found.total;
  // The log has no filter for what a message did not say.
  if (!isAll && row.value === "") return words;
  const span = which === "now" ? found.period : found.before;
  const value = isAll ? {} : { [by]: row.value };
  return html`<a href="${link(view, "/log", { ...parameters, ...spanParameters(span), ...value })}">${words}</a>`;
}

const highest = (rows: readonly ComparedRow[]): number =>
  Math.max(1, ...rows.flatMap(({ steps }) => (steps ? [...steps.now, ...steps.before] : [])));

/** More steps than somebody listens to are summed up. */
const MOST_SPOKEN = 31;

function chartWords(
  { t: { compare } }: View,
  name: string,
  { now, before }: NonNullable<ComparedRow["steps"]>,
): string {
  const isLong = Math.max(now.length, before.length) > MOST_SPOKEN;
  const words = (steps: readonly number[]): string =>
    isLong ? compare.atMost(Math.max(0, ...steps)) : steps.join(", ");
  return compare.chart(name, words(now), words(before));
}

function rate({ t }: View, { count, sends }: ComparedRow, which: Which): Html | string {
  if (sends === null) return "–";
  return html`<span title="${t.compare.ofThatMany(sends[which])}">${t.rate(count[which], sends[which])}</span>`;
}

/** Per day, or per send where sends are known. */
function change({ t }: View, { period, before }: Comparison, row: ComparedRow): Html | string {
  const { count, sends, change: verdict } = row;
  const exposure = sends ?? { now: daysOf(period), before: daysOf(before) };
  if (exposure.now <= 0 || exposure.before <= 0) return "–";
  const growth = count.now / exposure.now / (count.before / exposure.before) - 1;
  const words = count.before === 0 ? t.compare.isNew : `${growth < 0 ? "−" : "+"}${t.share(Math.abs(growth), 1)}`;
  if (verdict === "same") return html`<span class="soft" title="${t.compare.byChance}">${words}</span>`;
  return html`<b
    ><span aria-hidden="true">${verdict === "grew" ? "▲" : "▼"}</span> ${words}<span class="visually-hidden"
      >, ${t.compare.beyondChance[verdict]}</span
    ></b
  >`;
}

function valueName(view: View, by: Compared, value: string): string {
  const { compare } = view.t;
  if (value === "") return by === "provider" ? compare.notRecognised : compare.notNamed;
  return valueWords(view, by, value);
}

function named(view: View, by: Compared, value: string): Html {
  const words = valueName(view, by, value);
  if (value === "") return html`<span class="soft">${words}</span>`;
  return by in SLICES ? html`<a href="${sliceHref(view, by as Slice, value)}">${words}</a>` : html`${words}`;
}

/** As the log takes it: days where it is made of days. */
function spanParameters({ from, to }: PeriodSpan): LinkParameters {
  if (isDays({ from, to })) return { from: isoDay(from), to: isoDay(to - DAY_MS) };
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

const isDays = ({ from, to }: PeriodSpan): boolean => from % DAY_MS === 0 && to % DAY_MS === 0 && to > from;
const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** `2026-11-23 – 2026-11-29`, or with times. */
export function spanWords({ t }: Pick<View, "t">, { from, to }: PeriodSpan): string {
  const time = (ms: number): string => t.time(new Date(ms).toISOString());
  if (!isDays({ from, to })) return `${time(from)} – ${time(to)}`;
  return to - from === DAY_MS ? t.day(isoDay(from)) : `${t.day(isoDay(from))} – ${t.day(isoDay(to - DAY_MS))}`;
}
