/** Is this recipient suppressed, why, and the one click that changes it. */
import type { Suppression } from "../../store/suppression.ts";
import { html, type Html } from "../html.ts";
import { csrfField } from "../layout.ts";
import { link, type View } from "../view.ts";
import { timeElement, wordsOf } from "../words.ts";

export function suppressionState(view: View, address: string, entries: readonly Suppression[]): Html {
  return html`<section class="panel" aria-labelledby="suppression">
    <header>
      <h2 id="suppression">${entries.length > 0 ? "Suppressed" : "Not suppressed"}</h2>
      <a href="${link(view, "/suppressions/history", { value: address })}">History</a>
    </header>
    ${
      entries.length === 0
        ? html`<div class="row">
            <p>Mail to this address is sent.</p>
            ${view.may("operator") && change(view, "add", address, "", "Suppress it")}
          </div>`
        : entries.map(
            (entry) =>
              html`<div class="row">
                <p>
                  ${entry.scope === "domain" && html`The whole domain ${entry.value}: `}${wordsOf(entry.cause)} since
                  ${timeElement(entry.createdAt)}, by
                  ${entry.actor}${entry.expiresAt && html`, until ${timeElement(entry.expiresAt)}`}.
                </p>
                ${view.may("operator") && change(view, "remove", entry.value, entry.stream, "Take it off the list")}
              </div>`,
          )
    }
  </section>`;
}

const change = (view: View, action: "add" | "remove", value: string, stream: string, words: string): Html =>
  html`<form method="post" action="${link(view, `/suppressions/${action}`)}">
    ${csrfField(view)}<input type="hidden" name="value" value="${value}" /><input
      type="hidden"
      name="stream"
      value="${stream}"
    />
    <button class="small">${words}</button>
  </form>`;
