/** The log under the rules of today: what would change, then changing it. */
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { authorOf } from "../../http/routes/suppressions.ts";
import { reclassify, type Reclassification } from "../../http/unmatched.ts";
import { html, renderHtml, type Html } from "../html.ts";
import { csrfField, renderPage } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View } from "../view.ts";
import { formatCount, plural, wordsOf } from "../words.ts";

const RECLASSIFY = 1000;

export function reclassifyLogPage(app: App, context: HttpContext): void {
  const operator = { access: "operator", page: true } as const;
  // Reading a thousand messages again takes seconds: the page is there first.
  app.get("/unmatched/reclassify", { config: operator }, (request, reply) => {
    const view = viewOf(request, context);
    const url = link(view, "/unmatched/reclassify/diff");
    const body = html`<div data-load="${url}" aria-live="polite" class="panel">
      <p><a href="${url}">Read them again</a></p>
    </div>`;
    return sendPage(reply, reclassifyPage(view, null, body));
  });
  app.get("/unmatched/reclassify/diff", { config: operator }, async (request, reply) => {
    const result = await reclassify(context, {}, { atMost: RECLASSIFY, actor: null });
    return sendPage(reply, renderHtml(difference(viewOf(request, context), result)));
  });
  app.post("/unmatched/reclassify", { config: operator }, async (request, reply) => {
    const result = await reclassify(context, {}, { atMost: RECLASSIFY, actor: authorOf(request).actor });
    const view = viewOf(request, context);
    return sendPage(reply, reclassifyPage(view, result, html`<div class="panel">${difference(view, result)}</div>`));
  });
}

function reclassifyPage(view: View, applied: Reclassification | null, body: Html): string {
  return renderPage(view, {
    title: "Reclassify",
    lead: html`<a href="${link(view, "/unmatched")}">Unmatched</a> · the newest ${formatCount(RECLASSIFY)} events under
      the rules of today; <code>bounced reclassify</code> takes the whole log. Old verdicts are kept.`,
    notice: applied && {
      tone: "good",
      text: `${plural(applied.applied, "verdict")} replaced, ${plural(applied.listChanges, "change")} of the suppression list.`,
    },
    body,
  });
}

const difference = (view: View, result: Reclassification): Html =>
  html`<div class="stack">
    <h2>
      ${formatCount(result.changed)} of ${plural(result.events, "event")}
      ${result.applied > 0 ? "changed" : "would change"}
    </h2>
    ${result.unreadable > 0 && html`<p class="soft">${plural(result.unreadable, "event")} cannot be read again: the message is not kept.</p>`}
    ${
      result.moves.length > 0 &&
      html`<div class="table-wrap spaced" tabindex="0" role="region" aria-label="Changes">
        <table>
          <thead>
            <tr>
              <th scope="col" class="num">Events</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">For example</th>
            </tr>
          </thead>
          <tbody>
            ${result.moves.map(
              ({ from, to, count, ids }) =>
                html`<tr>
                  <td class="num"><b>${formatCount(count)}</b></td>
                  <td>${wordsOf(from)}</td>
                  <td>${wordsOf(to)}</td>
                  <td>${ids.map((id, index) => html`<a href="${link(view, `/log/${id}`)}">${index + 1}</a> `)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
    }
    ${
      result.changed > 0 &&
      result.applied === 0 &&
      html`<form method="post" action="${link(view, "/unmatched/reclassify")}">
        ${csrfField(view)}<button class="primary" data-confirm="Replace ${result.changed} verdicts?">
          Replace ${formatCount(result.changed)} verdicts
        </button>
      </form>`
    }
  </div>`;
