/** People who signed in with the identity provider, for admins: who came when, and who may not come any more. */
import { z } from "zod";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/context.ts";
import { nameForHistory } from "../../../http/access/principal.ts";
import { MAX_PEOPLE, peopleShape, personIdShape, personOr404 } from "../../../http/routes/people.ts";
import type { Person } from "../../../store/people/person.ts";
import { html, type Html } from "../../html.ts";
import { icon } from "../../icons.ts";
import { csrfField, renderPage } from "../../layout.ts";
import { sendPage } from "../../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../../view.ts";
import { actorWords, timeElement } from "../../words.ts";

const query = z.object({ ...peopleShape, done: z.enum(["revoked", "restored"]).optional().catch(undefined) });
const body = z.object({ id: personIdShape });
const change = { access: "admin", page: true, audit: "person-change" } as const;

export function peoplePage(app: App, context: ViewContext & Pick<HttpContext, "config" | "store">): void {
  const { people } = context.store;
  app.get(
    "/people",
    { config: { access: "admin", page: true }, schema: { querystring: query } },
    async (request, reply) => {
      const { text, done } = request.query;
      const view = viewOf(request, context);
      const { t } = view;
      const found = await people.list({ text, limit: MAX_PEOPLE });
      return sendPage(
        reply,
        renderPage(view, {
          title: t.people.title,
          lead: t.people.lead,
          notice: done ? { tone: "good", text: t.people[done] } : null,
          body: html`<div class="stack">
            ${
              context.config.file.oidc || found.length > 0 || text
                ? html`${searchForm(view, text)} ${found.length > 0 ? table(view, found) : nobody(t.people.nobody)}`
                : nobody(t.people.noProvider)
            }
          </div>`,
        }),
      );
    },
  );
  app.post("/people/revoke", { config: change, schema: { body } }, async (request, reply) => {
    const { id } = request.body;
    const { principal } = request;
    personOr404(await people.revoke(id, principal ? nameForHistory(principal) : "unknown"), id);
    return reply.redirect(link(viewOf(request, context), "/people", { done: "revoked" }), 303);
  });
  app.post("/people/restore", { config: change, schema: { body } }, async (request, reply) => {
    const { id } = request.body;
    personOr404(await people.restore(id), id);
    return reply.redirect(link(viewOf(request, context), "/people", { done: "restored" }), 303);
  });
}

const nobody = (words: Html | string): Html => html`<section class="panel empty"><p>${words}</p></section>`;

const searchForm = (view: View, text: string | undefined): Html =>
  html`<form method="get" action="${link(view, "/people")}" role="search" class="row">
    <input
      name="text"
      value="${text}"
      aria-label="${view.t.people.text}"
      placeholder="${view.t.people.text}"
      autocomplete="off"
    />
    <button>${icon("search")}${view.t.common.search}</button>
  </form>`;

const table = (view: View, found: readonly Person[]): Html => {
  const { people } = view.t;
  return html`<section class="panel">
    <div class="table-wrap" tabindex="0" role="region" aria-label="${people.title}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">${people.person}</th>
            <th scope="col">${people.role}</th>
            <th scope="col">${people.lastSignIn}</th>
            <th scope="col">${people.firstSignIn}</th>
            <th scope="col"><span class="visually-hidden">${people.change}</span></th>
          </tr>
        </thead>
        <tbody>
          ${found.map((one) => row(view, one))}
        </tbody>
      </table>
    </div>
  </section>`;
};

const row = (view: View, person: Person): Html => {
  const { people } = view.t;
  const { id, name, email, emailVerified, role, mayExport, lastSignInAt, lastAddress, firstSignInAt, revokedAt } =
    person;
  return html`<tr>
    <th scope="row" class="break">
      <bdi>${name || email || id}</bdi>${name && email && html`<br /><span class="soft">${email}</span>`}
      ${email && !emailVerified && html`<span class="tag">${people.notVerified}</span>`}<br /><span class="soft small"
        >${id} · ${people.subject(person.sub)}</span
      >
    </th>
    <td data-label="${people.role}">
      ${role ?? people.noRole}${mayExport && html` · ${people.mayExport}`}
      ${revokedAt && html`<br /><span class="tag bad">${people.isRevoked}</span> <span class="soft small">${timeElement(view, revokedAt)} · ${actorWords(view, person.revokedBy)}</span>`}
    </td>
    <td data-label="${people.lastSignIn}">
      ${timeElement(view, lastSignInAt)}<br /><span class="soft small">${lastAddress}</span>
    </td>
    <td data-label="${people.firstSignIn}">${timeElement(view, firstSignInAt)}</td>
    <td>
      <form method="post" action="${link(view, revokedAt ? "/people/restore" : "/people/revoke")}">
        ${csrfField(view)}<input type="hidden" name="id" value="${id}" />
        <button class="small" ${!revokedAt && html`data-confirm="${people.confirm(name || email || id)}"`}>
          ${revokedAt ? people.restore : people.revoke}
        </button>
      </form>
    </td>
  </tr>`;
};
