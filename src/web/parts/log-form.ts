/** The search of the log: the fields people use first, then all the others. */
import { ADVICES, AUTHENTICITIES, EVENT_KINDS, FAULTS, REASONS, SEVERITIES } from "../../event/event.ts";
import type { FilterQuery } from "../../http/query.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Texts } from "../language/texts.ts";
import { link, type LinkParameters, type View } from "../view.ts";

interface TextField {
  readonly name: keyof FilterQuery & keyof Texts["log"];
  /** What people type there; a key of the catalogue where that is a word. */
  readonly placeholder?: string;
  readonly hint?: "recipientHint" | "dayHint" | "statusHint";
}

const FIRST: readonly TextField[] = [
  { name: "recipient", hint: "recipientHint" },
  { name: "diagnostic", placeholder: "user unknown" },
  { name: "from", hint: "dayHint" },
  { name: "to", hint: "dayHint" },
];

const MORE: readonly TextField[] = [
  { name: "sender" },
  { name: "subject" },
  { name: "messageId" },
  { name: "header", placeholder: "x-api-data:value" },
  { name: "tag" },
  { name: "domain", placeholder: "example.org" },
  { name: "senderDomain", placeholder: "example.com" },
  { name: "provider", placeholder: "google, microsoft" },
  { name: "status", hint: "statusHint" },
  { name: "replyCode", placeholder: "550" },
  { name: "failureCode", placeholder: "2001" },
  { name: "rule" },
];

const CHOICES = [
  { name: "severity", values: SEVERITIES },
  { name: "reason", values: REASONS },
  { name: "kind", values: EVENT_KINDS },
  { name: "fault", values: FAULTS },
  { name: "advice", values: ADVICES },
  { name: "authenticity", values: AUTHENTICITIES },
] as const;

/** A value of a choice, as its option is called. */
const choiceWords = ({ t }: View, name: (typeof CHOICES)[number]["name"], value: string): string => {
  const words: Readonly<Record<string, string>> = t.terms[name];
  return Object.hasOwn(words, value) ? (words[value] ?? value) : value;
};

/** A filter as its field is called. */
export const filterWords = ({ t }: Pick<View, "t">, name: string): string => {
  const words: Readonly<Record<string, unknown>> = t.log;
  const label = words[name];
  return typeof label === "string" ? label : name;
};

/** `given` is what stood in the URL, so that a mistake can be corrected where it was made. */
export function logForm(
  view: View,
  given: Readonly<Record<string, string>>,
  mistakes: Readonly<Record<string, string>>,
): Html {
  return html`<form
    class="panel"
    method="get"
    action="${link(view, "/log")}"
    role="search"
    aria-label="${view.t.log.searchForm}"
  >
    <div class="fields first">${FIRST.map((field) => textField(view, field, given, mistakes[field.name]))}</div>
    ${periods(view, given)} ${moreFilters(view, given, mistakes)}
    <div class="row more-row">
      <button class="primary">${icon("search")}${view.t.common.search}</button>
      <a class="button" href="${link(view, "/log")}">${view.t.common.clear}</a>
    </div>
    ${filterChips(view, "/log", given)}
  </form>`;
}

/** The filters that few searches need. */
export function moreFilters(
  view: View,
  given: Readonly<Record<string, string>>,
  mistakes: Readonly<Record<string, string>>,
  before: readonly TextField[] = [],
): Html {
  const used = [...before, ...MORE, ...CHOICES].some(({ name }) => given[name] ?? mistakes[name]);
  return html`<details class="more" ${used && html`open`}>
    <summary>${view.t.log.moreFilters}</summary>
    <div class="fields">
      ${CHOICES.map(
        ({ name, values }) =>
          html`<div class="field">
            <label for="f-${name}">${view.t.log[name]}</label>
            <select id="f-${name}" name="${name}">
              <option value="">${view.t.common.any}</option>
              ${(given[name] ?? "").includes(",") && html`<option value="${given[name]}" selected>${given[name]}</option>`}
              ${values.map(
                (value) =>
                  html`<option value="${value}" ${given[name] === value && html`selected`}>
                    ${choiceWords(view, name, value)}
                  </option>`,
              )}
            </select>
          </div>`,
      )}
      ${[...before, ...MORE].map((field) => textField(view, field, given, mistakes[field.name]))}
    </div>
  </details>`;
}

/** Recipient and server response, which the log has in front. */
export const TEXT_FILTERS: readonly TextField[] = FIRST.filter(({ name }) => name !== "from" && name !== "to");

function textField(
  { t }: View,
  { name, placeholder, hint }: TextField,
  given: Readonly<Record<string, string>>,
  mistake: string | undefined,
): Html {
  return html`<div class="field">
    <label for="f-${name}">${t.log[name]}</label>
    <input
      id="f-${name}"
      name="${name}"
      type="text"
      value="${given[name]}"
      placeholder="${hint ? t.log[hint] : placeholder}"
      autocomplete="off"
      spellcheck="false"
      ${(name === "from" || name === "to") && html`data-date inputmode="numeric"`}
      ${mistake !== undefined && html`aria-invalid="true" aria-describedby="e-${name}"`}
    />
    ${mistake !== undefined && html`<p class="mistake" id="e-${name}">${mistake}</p>`}
  </div>`;
}

const PERIODS = [1, 7, 30] as const;
const DAY_MS = 24 * 60 * 60 * 1000;

function periods(view: View, given: Readonly<Record<string, string>>): Html {
  const { from: chosen, to, ...rest } = given;
  return html`<nav class="row small periods" aria-label="${view.t.period.label}">
    ${PERIODS.map((days) => {
      const from = new Date(view.now - (days - 1) * DAY_MS).toISOString().slice(0, 10);
      const isChosen = chosen === from && !to;
      return html`<a
        class="button small"
        href="${link(view, "/log", { ...rest, from })}"
        ${isChosen && html`aria-current="true"`}
        >${days === 1 ? view.t.period.today : view.t.period.days(days)}</a
      >`;
    })}
    <a class="button small" href="${link(view, "/log", rest)}" ${!chosen && !to && html`aria-current="true"`}
      >${view.t.period.all}</a
    >
  </nav>`;
}

/** `hard` -> `Hard bounce` */
export function valueWords(view: View, name: string, value = ""): string {
  if (name === "provider") return view.providerName(value);
  const choice = CHOICES.find((one) => one.name === name);
  return choice ? choiceWords(view, choice.name, value) : value;
}

/** What is filtered now, each with a way to take it out. `beside`: parameters of the page that are no filters. */
export function filterChips(
  view: View,
  path: string,
  given: Readonly<Record<string, string>>,
  beside: LinkParameters = {},
): Html | null {
  const names = Object.keys(given).filter((name) => given[name]);
  if (names.length === 0) return null;
  return html`<div class="chips" role="group" aria-label="${view.t.log.filtersInUse}">
    ${names.map((name) => {
      const { [name]: value, ...rest } = given;
      const label = filterWords(view, name);
      return html`<a
        class="tag"
        href="${link(view, path, { ...beside, ...rest })}"
        aria-label="${view.t.log.removeFilter(label)}"
        >${label}: <b class="clip">${valueWords(view, name, value)}</b> ${icon("cross")}</a
      >`;
    })}
  </div>`;
}
