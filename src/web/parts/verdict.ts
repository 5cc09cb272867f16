/** What an event says and why: for one of the log, and for one that is only looked at. */
import type { BouncedEvent } from "../../event/event.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { link, type View } from "../view.ts";
import { ADVICE_WORDS, AUTHENTICITY_WORDS, FAULT_WORDS, lowerWordsOf, severityLabel, spellName } from "../words.ts";
import { markEvidence } from "./mark-evidence.ts";
import { formatNote } from "./note.ts";
import { readableReply } from "./reply-lines.ts";

/** `action` is beside the response of the server. */
export const verdict = (view: View, event: BouncedEvent, action: Html | false = false): Html =>
  html`<section class="panel" aria-labelledby="says">
      <header>
        <h2 id="says">What happened</h2>
        <div class="actions">
          <button type="button" class="small" data-copy="${formatNote(event)}">${icon("copy")}Copy as note</button>
        </div>
      </header>
      <p class="says">${event.explanation}</p>
      <p class="chips">
        ${severityLabel(event.severity)} <span class="tag">${spellName(event.reason)}</span>
        <span class="tag">Fault: ${FAULT_WORDS[event.fault]}</span>
        <span class="tag">Advice: ${ADVICE_WORDS[event.advice]}</span>
        <span
          class="tag ${event.authenticity === "forged" && "bad"}${event.authenticity === "proven" && "good"}"
          title="${AUTHENTICITY_WORDS[event.authenticity]}"
          >Report ${event.authenticity}</span
        >
        <span class="tag">${Math.round(event.confidence * 100)} % confidence</span>
      </p>
    </section>
    ${
      event.diagnostic &&
      html`<section class="panel" aria-labelledby="server-said">
        <header>
          <h2 id="server-said">Server response</h2>
          ${action}
        </header>
        <p class="diagnostic mono">${markEvidence(event.diagnostic.text, event.evidence)}</p>
        ${
          readableReply(event.diagnostic.text) !== event.diagnostic.text &&
          html`<details class="small soft">
            <summary>As the server sent it</summary>
            <p class="diagnostic mono">${event.diagnostic.text}</p>
          </details>`
        }
        ${evidence(view, event)}
      </section>`
    }`;

function evidence(view: View, event: BouncedEvent): Html {
  return html`<p class="small soft">
    Decided by
    ${event.evidence.map(
      ({ source, rule, text }, index) =>
        html`${index > 0 && ", then "}${lowerWordsOf(source)}
        ${rule && html`<a href="${link(view, "/log", { rule })}"><code>${rule}</code></a>`}${
          text && html` at “<span class="break">${text}</span>”`
        }`,
    )}.
  </p>`;
}
