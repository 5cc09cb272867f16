/** What an event says and why: for one of the log, and for one that is only looked at. */
import type { BouncedEvent } from "../../event/event.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { link, type View } from "../view.ts";
import { severityLabel } from "../words.ts";
import { explanationLine } from "../language/explanation.ts";
import { markEvidence } from "./mark-evidence.ts";
import { formatNote } from "./note.ts";
import { readableReply } from "../../event/reply-lines.ts";

/** `action` is beside the response of the server. */
export const verdict = (view: View, event: BouncedEvent, action: Html | false = false): Html =>
  html`<section class="panel" aria-labelledby="says">
      <header>
        <h2 id="says">${view.t.event.whatHappened}</h2>
        <div class="actions">
          <button type="button" class="small" data-copy="${formatNote(view, event)}">
            ${icon("copy")}${view.t.event.copyAsNote}
          </button>
        </div>
      </header>
      ${explanationLine(view, event)}
      <p class="chips">
        ${severityLabel(view, event.severity)} <span class="tag">${view.t.terms.reason[event.reason]}</span>
        <span class="tag">${view.t.common.fault(view.t.terms.fault[event.fault])}</span>
        <span class="tag">${view.t.common.advice(view.t.terms.advice[event.advice])}</span>
        <span
          class="tag ${event.authenticity === "forged" && "bad"}${event.authenticity === "proven" && "good"}"
          title="${view.t.terms.authenticityMeaning[event.authenticity]}"
          >${view.t.event.report(view.t.terms.authenticity[event.authenticity])}</span
        >
        <span class="tag">${view.t.common.confidence(view.t.percent(Math.round(event.confidence * 100) / 100))}</span>
      </p>
    </section>
    ${
      event.diagnostic &&
      html`<section class="panel" aria-labelledby="server-said">
        <header>
          <h2 id="server-said">${view.t.event.serverResponse}</h2>
          ${action}
        </header>
        <p class="diagnostic mono">${markEvidence(event.diagnostic.text, event.evidence)}</p>
        ${
          readableReply(event.diagnostic.text) !== event.diagnostic.text &&
          html`<details class="small soft">
            <summary>${view.t.event.asSent}</summary>
            <p class="diagnostic mono">${event.diagnostic.text}</p>
          </details>`
        }
        ${evidence(view, event)}
      </section>`
    }`;

function evidence(view: View, event: BouncedEvent): Html {
  return html`<p class="small soft">
    ${view.t.event.decidedBy(
      event.evidence.map(({ source, rule, text }) =>
        view.t.event.evidence(
          view.t.terms.evidence[source],
          rule && html`<a href="${link(view, "/log", { rule })}"><code>${rule}</code></a>`,
          text && html`<span class="break">${text}</span>`,
        ),
      ),
    )}
  </p>`;
}
