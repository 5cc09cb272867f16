/** The search of the log: the fields people use first, then all the others. */
import { ADVICES, AUTHENTICITIES, EVENT_KINDS, FAULTS, REASONS, SEVERITIES } from "../../event/event.ts";
import type { FilterQuery } from "../../http/query.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { link, type LinkParameters, type View } from "../view.ts";
import { SEVERITY_WORDS, spellName } from "../words.ts";

interface TextField {
  readonly name: keyof FilterQuery;
  readonly label: string;
  readonly placeholder?: string;
  readonly type?: "date";
}

const FIRST: readonly TextField[] = [
  { name: "recipient", label: "Recipient", placeholder: "address, or part of it" },
  { name: "diagnostic", label: "Error text", placeholder: "user unknown" },
  { name: "from", label: "From day (UTC)", placeholder: "YYYY-MM-DD" },
  { name: "to", label: "To day (UTC)", placeholder: "YYYY-MM-DD" },
];

const MORE: readonly TextField[] = [
  { name: "sender", label: "Sender" },
  { name: "subject", label: "Subject" },
  { name: "messageId", label: "Message-ID" },
  { name: "header", label: "Kept header", placeholder: "x-api-data:value" },
  { name: "tag", label: "Return-path tag" },
  { name: "domain", label: "Recipient domain", placeholder: "example.org" },
  { name: "senderDomain", label: "Sender domain", placeholder: "example.com" },
  { name: "provider", label: "Provider", placeholder: "google, microsoft" },
  { name: "status", label: "Status", placeholder: "5.1.1 or 5.7." },
  { name: "replyCode", label: "Reply code", placeholder: "550" },
  { name: "failureCode", label: "Failure code", placeholder: "2001" },
  { name: "rule", label: "Rule" },
];

const CHOICES = [
  { name: "severity", label: "Severity", values: SEVERITIES.map((value) => [value, SEVERITY_WORDS[value]]) },
  { name: "reason", label: "Reason", values: REASONS.map((value) => [value, spellName(value)]) },
  { name: "kind", label: "Kind", values: EVENT_KINDS.map((value) => [value, spellName(value)]) },
  { name: "fault", label: "Fault", values: FAULTS.map((value) => [value, spellName(value)]) },
  { name: "advice", label: "Advice", values: ADVICES.map((value) => [value, spellName(value)]) },
  { name: "authenticity", label: "Authenticity", values: AUTHENTICITIES.map((value) => [value, spellName(value)]) },
] as const;

const LABELS: ReadonlyMap<string, string> = new Map<string, string>([
  ...[...FIRST, ...MORE].map(({ name, label }) => [name, label] as const),
  ...CHOICES.map(({ name, label }) => [name, label] as const),
]);

/** A filter as its field is called. */
export const filterWords = (name: string): string => LABELS.get(name) ?? spellName(name);

/** `given` is what stood in the URL, so that a mistake can be corrected where it was made. */
export function logForm(
  view: View,
  given: Readonly<Record<string, string>>,
  mistakes: Readonly<Record<string, string>>,
): Html {
  return html`<form class="panel" method="get" action="${link(view, "/log")}" role="search" aria-label="Search the log">
    <div class="fields first">${FIRST.map((field) => textField(field, given, mistakes[field.name]))}</div>
    ${periods(view, given)} ${moreFilters(given, mistakes)}
    <div class="row more-row">
      <button class="primary">${icon("search")}Search</button>
      <a class="button" href="${link(view, "/log")}">Clear</a>
    </div>
    ${filterChips(view, "/log", given)}
  </form>`;
}

/** The filters that few searches need. */
export function moreFilters(
  given: Readonly<Record<string, string>>,
  mistakes: Readonly<Record<string, string>>,
  before: readonly TextField[] = [],
): Html {
  const used = [...before, ...MORE, ...CHOICES].some(({ name }) => given[name] ?? mistakes[name]);
  return html`<details class="more" ${used && html`open`}>
    <summary>More filters</summary>
    <div class="fields">
      ${CHOICES.map(
        ({ name, label, values }) =>
          html`<div class="field">
            <label for="f-${name}">${label}</label>
            <select id="f-${name}" name="${name}">
              <option value="">any</option>
              ${(given[name] ?? "").includes(",") && html`<option value="${given[name]}" selected>${given[name]}</option>`}
              ${values.map(
                ([value = "", word]) =>
                  html`<option value="${value}" ${given[name] === value && html`selected`}>${word}</option>`,
              )}
            </select>
          </div>`,
      )}
      ${[...before, ...MORE].map((field) => textField(field, given, mistakes[field.name]))}
    </div>
  </details>`;
}

/** Recipient and server response, which the log has in front. */
export const TEXT_FILTERS: readonly TextField[] = FIRST.filter(({ name }) => name !== "from" && name !== "to");

function textField(
  { name, label, placeholder, type }: TextField,
  given: Readonly<Record<string, string>>,
  mistake: string | undefined,
): Html {
  return html`<div class="field">
    <label for="f-${name}">${label}</label>
    <input
      id="f-${name}"
      name="${name}"
      type="${type ?? "text"}"
      value="${given[name]}"
      placeholder="${placeholder}"
      autocomplete="off"
      spellcheck="false"
      ${(name === "from" || name === "to") && html`data-date inputmode="numeric"`}
      ${mistake !== undefined && html`aria-invalid="true" aria-describedby="e-${name}"`}
    />
    ${mistake !== undefined && html`<p class="mistake" id="e-${name}">${mistake}</p>`}
  </div>`;
}

const PERIODS = [
  ["Today", 0],
  ["7 days", 6],
  ["30 days", 29],
] as const;
const DAY_MS = 24 * 60 * 60 * 1000;

function periods(view: View, given: Readonly<Record<string, string>>): Html {
  const { from: chosen, to, ...rest } = given;
  return html`<nav class="row small periods" aria-label="Period">
    ${PERIODS.map(([name, days]) => {
      const from = new Date(view.now - days * DAY_MS).toISOString().slice(0, 10);
      const isChosen = chosen === from && !to;
      return html`<a
        class="button small"
        href="${link(view, "/log", { ...rest, from })}"
        ${isChosen && html`aria-current="true"`}
        >${name}</a
      >`;
    })}
    <a class="button small" href="${link(view, "/log", rest)}" ${!chosen && !to && html`aria-current="true"`}>All</a>
  </nav>`;
}

/** `hard` -> `Hard bounce` */
export function valueWords(view: View, name: string, value = ""): string {
  if (name === "provider") return view.providerName(value);
  const choice = CHOICES.find((one) => one.name === name);
  return choice?.values.find(([known]) => known === value)?.[1] ?? value;
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
  return html`<div class="chips" role="group" aria-label="Filters in use">
    ${names.map((name) => {
      const { [name]: value, ...rest } = given;
      const label = filterWords(name);
      return html`<a class="tag" href="${link(view, path, { ...beside, ...rest })}" aria-label="Remove filter ${label}"
        >${label}: <b class="clip">${valueWords(view, name, value)}</b> ${icon("cross")}</a
      >`;
    })}
  </div>`;
}
