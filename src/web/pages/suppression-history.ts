/** Every change of the suppression list, with who and why, and the way back. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { authorOf } from "../../http/routes/suppressions.ts";
import type { SuppressionChange } from "../../store/suppressions/suppression.ts";
import { html, type Html } from "../html.ts";
import { csrfField, renderPage } from "../layout.ts";
import { backField } from "../parts/suppression-notice.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { actorWords, timeElement } from "../words.ts";

const PAGE = 100;
const query = z.object({ value: z.string().trim().max(320).default(""), before: z.coerce.number().int().optional() });

export function suppressionHistoryPage(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  const { suppressions } = context.store;
  app.get(
    "/suppressions/history",
    { config: { access: "viewer", page: true }, schema: { querystring: query } },
    async (request, reply) => {
      const { value, before } = request.query;
      const view = viewOf(request, context);
      const changes = await suppressions.history({
        limit: PAGE,
        ...(value ? { value } : {}),
        ...(before === undefined ? {} : { before }),
      });
      const next = changes.length === PAGE ? changes.at(-1)?.id : undefined;
      return sendPage(
        reply,
        renderPage(view, {
          title: value || view.t.suppressions.historyTitle,
          lead: html`<a href="${link(view, "/suppressions")}">${view.t.frame.suppressions}</a> ·
            ${view.t.suppressions.historyLead}`,
          actions: value
            ? html`<a class="button" href="${link(view, "/log", { address: value })}">${view.t.suppressions.inLog}</a>`
            : null,
          body: html`${
            changes.length === 0
              ? html`<section class="panel empty">
                  <h2>${view.t.suppressions.noChanges}</h2>
                  <p>${view.t.suppressions.noChangesText}</p>
                </section>`
              : table(view, changes)
          }
          ${next && html`<nav class="pager" aria-label="${view.t.log.pages}"><span></span><a class="button small" rel="next" href="${link(view, "/suppressions/history", { value, before: next })}">${view.t.suppressions.older}</a></nav>`}`,
        }),
      );
    },
  );
  app.post(
    "/suppressions/undo",
    {
      config: { access: "operator", page: true, audit: "list-change" },
      schema: {
        body: z.object({ change: z.coerce.number().int().min(1), back: backField, of: z.string().max(320).optional() }),
      },
    },
    async (request, reply) => {
      const { change, back, of } = request.body;
      await suppressions.undo(change, authorOf(request));
      return reply.redirect(link(viewOf(request, context), back, { done: "undone", of }), 303);
    },
  );
}

const table = (view: View, changes: readonly SuppressionChange[]): Html =>
  html`<section class="panel">
    <div class="table-wrap" tabindex="0" role="region" aria-label="${view.t.suppressions.changes}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">${view.t.suppressions.when}</th>
            <th scope="col">${view.t.suppressions.change}</th>
            <th scope="col">${view.t.suppressions.addressOrDomain}</th>
            <th scope="col">${view.t.suppressions.byNote}</th>
            <th scope="col"><span class="visually-hidden">${view.t.suppressions.actions}</span></th>
          </tr>
        </thead>
        <tbody>
          ${changes.map(
            (change) =>
              html`<tr>
                <td class="nowrap">${timeElement(view, change.at)}</td>
                <td>${view.t.terms.change[change.action]}</td>
                <th scope="row" class="break">
                  <a href="${link(view, "/suppressions/history", { value: change.value })}">${change.value}</a>
                </th>
                <td class="break">
                  ${actorWords(view, change.actor)}${change.note && html`<br /><span class="soft small">${change.note}</span>`}
                </td>
                <td class="num nowrap">
                  ${
                    view.may("operator") &&
                    change.action !== "undone" &&
                    html`<form class="inline" method="post" action="${link(view, "/suppressions/undo")}">
                      ${csrfField(view)}<input type="hidden" name="change" value="${change.id}" /><input
                        type="hidden"
                        name="of"
                        value="${change.value}"
                      />
                      <button
                        class="small"
                        aria-label="${view.t.suppressions.undoChange(view.t.terms.change[change.action], change.value)}"
                      >
                        ${view.t.common.undo}
                      </button>
                    </form>`
                  }
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
