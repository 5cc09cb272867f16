/** Which events the figures of a page count: what nothing proves is left out until somebody asks for it. */
import { html, type Html } from "../html.ts";
import { link, type View } from "../view.ts";
import { plural } from "../words.ts";

export interface CountedChoice {
  /** Events of the period that are unproven or forged. */
  readonly doubtful: number;
  readonly counts: "credible" | "all";
  /** What the page shows besides. */
  readonly by: string | null;
  /** First day of the period. */
  readonly from: string;
}

export function countedSwitch(view: View, { doubtful, counts, by, from }: CountedChoice): Html {
  const shown = link(view, "/log", { from, authenticity: "unproven,forged" });
  return html`<section class="panel" aria-labelledby="counted">
    <div class="row spread">
      <div>
        <h2 id="counted" class="visually-hidden">Which events are counted</h2>
        <p class="reading small">
          ${
            counts === "credible"
              ? html`<a href="${shown}">${plural(doubtful, "unproven or forged event")}</a> not counted: anybody can
                  send such reports, so they change nothing and no figure.`
              : html`The figures include <a href="${shown}">${plural(doubtful, "unproven or forged event")}</a>, which
                  anybody can have sent.`
          }
          Returned mail is credible if it comes to a <a href="${link(view, "/setup")}">signed return path</a>.
        </p>
      </div>
      <nav class="switch" aria-label="Events counted">
        ${(["credible", "all"] as const).map(
          (one) =>
            html`<a
              href="${link(view, "/", { by, counts: one === "all" ? one : null })}"
              ${one === counts && html`aria-current="true"`}
              >${one}</a
            >`,
        )}
      </nav>
    </div>
  </section>`;
}
