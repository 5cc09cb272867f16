/** Incidents as a list: on their page, and the open ones on the overview. */
import type { Incident } from "../../store/incidents/incident.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { incidentPath } from "../paths.ts";
import { link, type View } from "../view.ts";
import { timeElement } from "../words.ts";
import { addressesKept, headlineOf, incidentLogHref, scopeSentences } from "./incident-words.ts";

const SHOWN = 5;

export const incidentList = (view: View, incidents: readonly Incident[]): Html =>
  html`<ol class="steps incidents">
    ${incidents.map((incident) => row(view, incident))}
  </ol>`;

export const stateOf = (view: View, { state }: Incident): Html =>
  state === "open"
    ? html`<span class="state warn">${icon("warn")}<span class="visually-hidden">${view.t.incidents.open}</span></span>`
    : html`<span class="state ok"
        >${icon("check")}<span class="visually-hidden">${view.t.incidents.cleared}</span></span
      >`;

/** `Since …`, or from when to when. */
export const spanOfIncident = (view: View, { startedAt, clearedAt }: Incident): Html =>
  clearedAt === null
    ? view.t.incidents.since(timeElement(view, startedAt))
    : view.t.incidents.between(timeElement(view, startedAt), timeElement(view, clearedAt));

function row(view: View, incident: Incident): Html {
  const { incidents: words, terms } = view.t;
  const sentences = scopeSentences(view, incident);
  return html`<li>
    ${stateOf(view, incident)}
    <div>
      <p>
        <a class="strong" href="${link(view, incidentPath(incident.id))}">${headlineOf(view, incident)}</a>
        <span class="soft">${terms.reason[incident.reason]}</span>
      </p>
      ${sentences.length > 0 && html`<p>${sentences.map((sentence) => html`${sentence} `)}</p>`}
      <p class="soft small">
        ${spanOfIncident(view, incident)} ·
        ${
          // The log has no filter for servers of no known provider: it would show more.
          incident.provider === ""
            ? words.events(incident.count)
            : html`<a href="${incidentLogHref(view, incident)}">${words.events(incident.count)}</a>`
        }
        · ${words.addressesNotSuppressed(addressesKept(incident))}
      </p>
    </div>
  </li>`;
}

export function openIncidentsPanel(view: View, open: readonly Incident[]): Html | null {
  if (open.length === 0) return null;
  const newest = open.toReversed().slice(0, SHOWN);
  return html`<section class="panel" aria-labelledby="incidents">
    <header>
      <h2 id="incidents">${view.t.incidents.openNow}</h2>
      <a class="small" href="${link(view, "/incidents")}">${view.t.incidents.showAll}</a>
    </header>
    ${incidentList(view, newest)}
  </section>`;
}
