/** Which periods are compared, by what, of which events. */
import { COMPARED, type Compared } from "../../store/compare/compared.ts";
import { PERIOD_CHOICES, type PeriodChoice } from "../../store/compare/periods.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { filterChips, filterWords, moreFilters, TEXT_FILTERS } from "../parts/log-form.ts";
import { link, type LinkParameters, type View } from "../view.ts";

const DATES = ["from", "to", "beforeFrom", "beforeTo"] as const;

export interface CompareForm {
  /** What stood in the URL: of periods, dimension and order. */
  readonly own: Readonly<Record<string, string>>;
  /** And of the filter. */
  readonly filter: Readonly<Record<string, string>>;
  readonly mistakes: Readonly<Record<string, string>>;
  readonly by: Compared;
  /** Null where the periods are given as dates. */
  readonly chosen: PeriodChoice | null;
}

export function compareForm(view: View, { own, filter, mistakes, by, chosen }: CompareForm): Html {
  const { compare, common } = view.t;
  const isDated = DATES.some((name) => own[name] ?? mistakes[name]);
  const kept: LinkParameters = { ...filter, by, sort: own["sort"] };
  return html`<form
    class="panel"
    method="get"
    action="${link(view, "/compare")}"
    role="search"
    aria-label="${compare.form}"
  >
    <div class="row spread">
      <nav class="row small" aria-label="${compare.choices}">
        ${PERIOD_CHOICES.map(
          (period) =>
            html`<a
              class="button small"
              href="${link(view, "/compare", { ...kept, period })}"
              ${period === chosen && html`aria-current="true"`}
              >${compare.periods[period]}</a
            >`,
        )}
      </nav>
      <div class="row">
        <label for="f-by">${compare.by}</label>
        <select id="f-by" name="by" class="inline">
          ${COMPARED.map((one) => html`<option value="${one}" ${one === by && html`selected`}>${compare.dimensions[one]}</option>`)}
        </select>
        <button class="primary">${icon("compare")}${compare.button}</button>
      </div>
      ${chosen && !isDated && html`<input type="hidden" name="period" value="${chosen}" />`}
      ${own["sort"] && html`<input type="hidden" name="sort" value="${own["sort"]}" />`}
    </div>
    <details class="more" ${isDated && html`open`}>
      <summary>${compare.anyPeriods}</summary>
      <div class="fields">
        ${DATES.map(
          (name) =>
            html`<div class="field">
              <label for="f-${name}">${compare.dates[name]}</label>
              <input
                id="f-${name}"
                name="${name}"
                value="${own[name]}"
                placeholder="${view.t.log.dayHint}"
                autocomplete="off"
                inputmode="numeric"
                data-date
                ${mistakes[name] !== undefined && html`aria-invalid="true" aria-describedby="e-${name}"`}
              />
              ${mistakes[name] !== undefined && html`<p class="mistake" id="e-${name}">${mistakes[name]}</p>`}
            </div>`,
        )}
      </div>
    </details>
    ${moreFilters(view, filter, mistakes, TEXT_FILTERS)}
    <div class="row more-row"><a class="button small" href="${link(view, "/compare")}">${common.clear}</a></div>
    ${filterChips(view, "/compare", filter, { ...own, by })}
  </form>`;
}

/** A parameter as its field is called. */
export const comparedFieldWords = ({ t }: Pick<View, "t">, name: string): string => {
  const { compare } = t;
  const date = DATES.find((field) => field === name);
  return date ? compare.dates[date] : name === "by" ? compare.by : filterWords({ t }, name);
};
