/** What was tried at an endpoint or a help desk, newest first. */
import type { Delivery } from "../../outputs/delivery-log.ts";
import type { DeskDelivery, DeskOutcome } from "../../outputs/help-desks/desk-log.ts";
import { html, type Html } from "../html.ts";
import { link, type View } from "../view.ts";
import { timeElement } from "../words.ts";

const TONES: Readonly<Record<DeskOutcome, string>> = {
  added: "good",
  present: "good",
  not_found: "",
  failed: "warn",
  given_up: "bad",
};

export const deskTries = (view: View, id: string, tries: readonly DeskDelivery[]): Html => {
  const t = view.t.outputs;
  return table(
    view,
    id,
    [t.when, t.event, t.outcome, t.conversation],
    tries.map(
      ({ at, eventId, outcome, conversation, foundBy, error }) =>
        html`<tr>
          <td class="nowrap">${timeElement(view, at)}</td>
          <td class="break">${eventLink(view, eventId)}</td>
          <td>
            <span class="tag ${TONES[outcome]}">${t.outcomes[outcome]}</span
            >${error && html`<br /><span class="small soft break" lang="en">${error}</span>`}
          </td>
          <td class="break" data-label="${t.conversation}">
            ${conversation || html`<span class="soft">–</span>`}${foundBy && html` <span class="small soft">${t.foundBy[foundBy]}</span>`}
          </td>
        </tr>`,
    ),
  );
};

export const webhookTries = (view: View, id: string, tries: readonly Delivery[]): Html => {
  const t = view.t.outputs;
  return table(
    view,
    id,
    [t.when, t.event, t.outcome, t.answer],
    tries.map(
      ({ at, eventId, events, status, error }) =>
        html`<tr>
          <td class="nowrap">${timeElement(view, at)}</td>
          <td class="break">${eventLink(view, eventId)}${events > 1 && html` ${t.andMore(events - 1)}`}</td>
          <td>
            <span class="tag ${error === "" ? "good" : "bad"}">${error === "" ? t.taken : t.notTaken}</span
            >${error && html`<br /><span class="small soft break" lang="en">${error}</span>`}
          </td>
          <td data-label="${t.answer}">${status === 0 ? html`<span class="soft">${t.noAnswer}</span>` : status}</td>
        </tr>`,
    ),
  );
};

const eventLink = (view: View, id: string): Html =>
  html`<a class="mono" href="${link(view, `/log/${encodeURIComponent(id)}`)}">${id}</a>`;

const table = (view: View, id: string, heads: readonly string[], rows: readonly Html[]): Html =>
  rows.length === 0
    ? html`<p class="soft">${view.t.outputs.nothingTried}</p>`
    : html`<div class="table-wrap" tabindex="0" role="region" aria-label="${view.t.outputs.triesOf(id)}">
        <table class="cards">
          <thead>
            <tr>
              ${heads.map((head) => html`<th scope="col">${head}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>`;
