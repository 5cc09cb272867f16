/** Which events the figures of a page count: what nothing proves is left out until somebody asks for it. */
import { html, type Html } from "../html.ts";
import { link, type View } from "../view.ts";
import { linkTo } from "../words.ts";

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
  const t = view.t.overview;
  const toShown = linkTo(link(view, "/log", { from, authenticity: "unproven,forged" }));
  return html`<section class="panel" aria-labelledby="counted">
    <div class="row spread">
      <div>
        <h2 id="counted" class="visually-hidden">${t.whichCounted}</h2>
        <p class="reading small">
          ${counts === "credible" ? t.notCounted(doubtful, toShown) : t.countedToo(doubtful, toShown)}
          ${t.whatIsCredible(linkTo(link(view, "/setup")))}
        </p>
      </div>
      <nav class="switch" aria-label="${t.eventsCounted}">
        ${(["credible", "all"] as const).map(
          (one) =>
            html`<a
              href="${link(view, "/", { by, counts: one === "all" ? one : null })}"
              ${one === counts && html`aria-current="true"`}
              >${one === "credible" ? t.countsCredible : t.countsAll}</a
            >`,
        )}
      </nav>
    </div>
  </section>`;
}
