/** Holds in force: what a sender that asks for them would be told. */
import type { Hold } from "../../tallies/holds.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { link, type View } from "../view.ts";
import { timeElement } from "../words.ts";

const SHOWN = 10;

export function holdsPanel(view: View, holds: readonly Hold[]): Html | null {
  if (holds.length === 0) return null;
  return html`<section class="panel" aria-labelledby="holds">
    <header>
      <h2 id="holds">${view.t.rates.holds}</h2>
      <span class="soft small">${view.t.rates.holdsHint}</span>
    </header>
    <ol class="steps">
      ${holds.slice(0, SHOWN).map(
        (hold) =>
          html`<li>
            <span class="state warn">${icon("warn")}</span>
            <div>
              <p class="break" lang="en">${hold.why}</p>
              <p class="soft small">
                ${view.t.rates.since(timeElement(view, hold.since))} ·
                <a href="${link(view, "/rates", { [hold.dimension]: hold.value, days: 1 })}"
                  >${view.t.rates.itsRates}</a
                >
              </p>
            </div>
          </li>`,
      )}
    </ol>
    ${holds.length > SHOWN && html`<p class="soft small">${view.t.rates.moreHolds(holds.length - SHOWN)}</p>`}
  </section>`;
}
