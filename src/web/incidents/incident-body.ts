/** One incident: what it is, when, where, what servers say, what to do, and what people wrote. */
import { lookUp } from "../../dictionary/dictionary.ts";
import { sentencesFor } from "../../explanations/explanation.ts";
import {
  EVERYWHERE,
  NOTE_CHARS,
  SERVICE_ACTOR,
  type Incident,
  type IncidentDetail,
  type IncidentEntry,
} from "../../store/incidents/incident.ts";
import { isRecipientFault } from "../../store/incidents/rises.ts";
import { hourBarsOf, hourChart, type HourChart } from "../charts/hour-bars.ts";
import { meter } from "../charts/meter.ts";
import { html, type Html } from "../html.ts";
import { csrfField } from "../layout.ts";
import { incidentPath, sliceHref } from "../paths.ts";
import { link, type View } from "../view.ts";
import { actorWords, severityClass, timeElement } from "../words.ts";
import { addressesKept, incidentLogHref, scopeLink, scopeSentences } from "./incident-words.ts";

const HOUR_MS = 3_600_000;
/** Most failures first. */
const PROVIDERS = 12;
/** Shown around it. */
const HOURS_AROUND = 12;

export const incidentBody = (view: View, incident: IncidentDetail): Html =>
  html`<div class="stack">
    ${tiles(view, incident)} ${whatToDo(view, incident)} ${chart(view, incident)}
    <div class="columns pairs">${scopePanel(view, incident)} ${textsPanel(view, incident)}</div>
    ${history(view, incident)}
  </div>`;

function tiles({ t }: View, incident: Incident): Html {
  const { count, proven, recipients, rate, expectedPerHour } = incident;
  const words = t.incidents;
  const tile = (name: string, figure: string, note: string): Html =>
    html`<div class="tile">
      <span class="name">${name}</span><span class="figure">${figure}</span><span class="delta">${note}</span>
    </div>`;
  const atLeast = (number: string): string => (recipients.atLeast ? words.atLeast(number) : number);
  return html`<div class="tiles">
    ${tile(words.eventsName, t.count(count), words.provenShare(t.share(proven, count)))}
    ${tile(words.addressesName, atLeast(t.count(recipients.count)), words.notSuppressed(addressesKept(incident)))}
    ${
      rate
        ? tile(
            words.rateName,
            t.rate(rate.failed, rate.sent),
            `${words.rateOf(rate.failed, rate.sent)}, ${words.rateBefore(t.rate(rate.before, 1))}`,
          )
        : tile(words.usualName, words.usual(t.count(Math.ceil(10 * expectedPerHour) / 10)), "")
    }
  </div>`;
}

function whatToDo(view: View, incident: Incident): Html {
  const { reason, provider, status, fault } = incident;
  const words = view.t.incidents;
  const entry = status === null ? null : lookUp(status, { language: view.language });
  const cause = entry?.reason === reason ? entry.cause : null;
  const [meaning, todo] = sentencesFor(reason, { language: view.language, provider, status });
  const isMistake = isRecipientFault(fault);
  return html`<section class="panel says-what" aria-labelledby="todo">
    <header><h2 id="todo">${words.whatToDo}</h2></header>
    ${scopeSentences(view, incident).map((sentence) => html`<p class="strong">${sentence}</p>`)}
    ${!isMistake && html`<p>${meaning}</p>`}
    <p>${isMistake ? words.providersMistake : todo}</p>
    ${cause && html`<p class="soft">${words.usualCause}: ${cause}</p>`}
    ${isMistake && view.reaches("/suppressions/history") && html`<p><a href="${link(view, "/suppressions/history")}">${words.changedSince}</a></p>`}
  </section>`;
}

function chart(view: View, incident: IncidentDetail): Html {
  const { t } = view;
  const start = Date.parse(incident.startedAt) - HOURS_AROUND * HOUR_MS;
  const end = Math.min(view.now, Date.parse(incident.clearedAt ?? incident.updatedAt) + HOURS_AROUND * HOUR_MS);
  const { step, bars } = hourBarsOf(incident.hours, start, end);
  const iso = (ms: number): string => new Date(ms).toISOString();
  return html`<section class="panel" aria-labelledby="chart">
    <header>
      <h2 id="chart">${t.incidents.chart}</h2>
      <span class="soft small">${t.incidents.chartOf(step)}</span>
    </header>
    ${hourChart({
      title: t.incidents.chart,
      className: severityClass(incident.severity),
      bars,
      compact: t.compact,
      labelOf: ({ from, count }) => `${t.time(iso(from))}: ${t.incidents.events(count)}`,
      hrefOf: ({ from, to }) => incidentLogHref(view, incident, { from: iso(from), to: iso(to) }),
      tickOf: ({ from }) =>
        step < 24 && from % (24 * HOUR_MS) !== 0 ? iso(from).slice(11, 16) : t.shortDay(iso(from).slice(0, 10)),
      marks: incident.entries.flatMap((entry) => markOf(view, entry)),
    })}
  </section>`;
}

function markOf({ t }: View, { kind, at }: IncidentEntry): HourChart["marks"] {
  if (kind === "note") return [];
  const isGood = kind === "cleared" || kind === "merged" || kind === "closed";
  return [{ at: Date.parse(at), label: isGood ? t.incidents.cleared : t.incidents.opened, isGood }];
}

function scopePanel(view: View, incident: Incident): Html {
  const { t } = view;
  const words = t.incidents;
  const parts = incident.scope.toSorted((a, b) => ORDER[a.extent] - ORDER[b.extent]);
  return html`<section class="panel" aria-labelledby="scope">
    <header><h2 id="scope">${words.scope}</h2></header>
    ${
      parts.length === 0
        ? html`<p class="soft">${words.scopeNone}</p>`
        : html`<p class="soft small">${words.scopeNote}</p>
            <div class="table-wrap" tabindex="0" role="region" aria-label="${words.scope}">
              <table class="shares">
                <thead>
                  <tr>
                    <th scope="col">${words.what}</th>
                    <th scope="col" class="num">${words.ofIncident}</th>
                    <th scope="col" class="num">${words.ofMail}</th>
                  </tr>
                </thead>
                <tbody>
                  ${parts.map(
                    ({ dimension, value, extent, share, shareOfMail }) =>
                      html`<tr>
                        <th scope="row">
                          <span class="soft small">${words.dimension[dimension]}</span>
                          ${extent !== "part" && html`<span class="tag bad">${words.extent[extent]}</span>`}<br />
                          ${scopeLink(view, dimension, value)}
                        </th>
                        <td class="num">${t.share(share, 1)}${meter(share, 1)}</td>
                        <td class="num">
                          ${
                            shareOfMail === null
                              ? html`<span class="soft">${words.unknownShare}</span>`
                              : html`${t.share(shareOfMail, 1)}${meter(shareOfMail, 1)}`
                          }
                        </td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
    }
    ${incident.provider === EVERYWHERE && ranked(view, words.providers, incident.providers.slice(0, PROVIDERS), (id) => html`<a href="${sliceHref(view, "provider", id)}">${id === "" ? "–" : view.providerName(id)}</a>`)}
  </section>`;
}

const ORDER = { only: 0, mostly: 1, part: 2 } as const;

const ranked = (
  { t }: View,
  title: string,
  counts: readonly { readonly value: string; readonly count: number }[],
  words: (value: string) => Html,
): Html =>
  html`<h3>${title}</h3>
    <ul class="counts">
      ${counts.map(({ value, count }) => html`<li>${words(value)} <span class="num soft">${t.count(count)}</span></li>`)}
    </ul>`;

function textsPanel(view: View, { texts, statuses }: Incident): Html {
  const words = view.t.incidents;
  return html`<section class="panel" aria-labelledby="texts">
    <header><h2 id="texts">${words.texts}</h2></header>
    <p class="soft small">${words.textsNote}</p>
    <ul class="counts">
      ${texts.map(
        ({ text, count }) =>
          html`<li>
            <bdi class="diagnostic-text break">${text}</bdi> <span class="num soft">${view.t.count(count)}</span>
          </li>`,
      )}
    </ul>
    ${
      statuses.length > 0 &&
      ranked(
        view,
        words.statuses,
        statuses,
        (code) => html`<a class="mono" href="${link(view, "/codes", { q: code })}">${code}</a>`,
      )
    }
  </section>`;
}

function history(view: View, incident: IncidentDetail): Html {
  const words = view.t.incidents;
  const move = incident.state === "open" ? "close" : "reopen";
  return html`<section class="panel" aria-labelledby="history">
    <header><h2 id="history">${words.history}</h2></header>
    <ol class="timeline">
      ${incident.entries.map(
        (entry) =>
          html`<li>
            <span>${timeElement(view, entry.at)}</span>
            <span class="soft break">${actorWords(view, entry.actor)}</span>
            <span>${sayingOf(view, entry)}</span>
          </li>`,
      )}
    </ol>
    ${
      view.may("operator") &&
      html`<form class="stack note-form" method="post" action="${link(view, `${incidentPath(incident.id)}/notes`)}">
        ${csrfField(view)}
        <label class="field">
          <span>${words.noteLabel}</span>
          <textarea name="text" rows="3" required maxlength="${NOTE_CHARS}"></textarea>
        </label>
        <p class="soft small">${words.noteHint}</p>
        <div class="row">
          <button class="primary">${words.addNote}</button>
          <button formnovalidate formaction="${link(view, `${incidentPath(incident.id)}/${move}`)}">
            ${words[move]}
          </button>
        </div>
        <p class="soft small">${words.moveHint[move]}</p>
      </form>`
    }
  </section>`;
}

function sayingOf(view: View, { kind, text, actor }: IncidentEntry): Html | string {
  const { entry, otherIncident } = view.t.incidents;
  if (kind === "note") return html`<span class="note-text">${text}</span>`;
  if (kind === "merged")
    return html`${entry.merged(html`<a href="${link(view, incidentPath(text))}">${otherIncident}</a>`)}`;
  if (kind === "cleared") return entry.cleared[text === "silent" || text === "usual" ? text : "quiet"];
  if (actor === SERVICE_ACTOR || kind === "opened") return kind === "closed" ? entry.byHand.closed : entry[kind];
  return html`${entry.byHand[kind]}${text !== "" && html`<br /><span class="note-text">${text}</span>`}`;
}
