/** The suppression list: search, add, remove. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { orNothing } from "../../http/list-parameter.ts";
import { authorOf } from "../../http/routes/suppressions.ts";
import { messageOf } from "../../machine/error-message.ts";
import { QueryError } from "../../store/log/log-query.ts";
import { LIST_FORMATS, LIST_SHAPES } from "../../store/suppressions/formats/index.ts";
import {
  CAUSES,
  type Suppression,
  type SuppressionFilter,
  type SuppressionPage,
} from "../../store/suppressions/suppression.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { csrfField, renderPage, type PageNotice } from "../layout.ts";
import { backField, doneShape, suppressionNotice } from "../parts/suppression-notice.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { actorWords, reasonWords, timeElement } from "../words.ts";

const day = z.preprocess(orNothing, z.iso.date({ error: "expected YYYY-MM-DD" }).optional());
const listQuery = z.object({
  value: z.string().trim().max(320).default(""),
  cause: z.enum([...CAUSES, ""]).default(""),
  /** Days on which entries came on the list, both included. */
  from: day,
  to: day,
  cursor: z.string().max(2000).optional(),
  ...doneShape,
});
type ListQuery = z.infer<typeof listQuery>;
const addBody = z.object({
  value: z.string().trim().max(320),
  note: z.string().trim().max(2000).default(""),
  days: z.enum(["", "7", "30", "90", "180", "365"]).default(""),
  /** The last day; goes before `days`. */
  until: z.union([z.literal(""), z.iso.date()]).default(""),
  back: backField,
});
const removeBody = z.object({ value: z.string().max(320), stream: z.string().max(200).default(""), back: backField });
const COUNT_FIRST = 50;
const DAY_MS = 24 * 60 * 60 * 1000;

export function suppressionsPage(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  const { suppressions } = context.store;
  app.get(
    "/suppressions",
    { config: { access: "viewer", page: true }, schema: { querystring: listQuery } },
    async (request, reply) => sendPage(reply, await render(viewOf(request, context), request.query, null)),
  );
  app.post(
    "/suppressions/add",
    { config: { access: "operator", page: true, audit: "list-change" }, schema: { body: addBody } },
    async (request, reply) => {
      const { value, note, days, until, back } = request.body;
      const view = viewOf(request, context);
      const ends = until === "" ? view.now + Number(days) * DAY_MS : Date.parse(until) + DAY_MS;
      const expiresAt = until === "" && days === "" ? null : new Date(ends).toISOString();
      try {
        const [change] = await suppressions.add([{ value, expiresAt, note }], authorOf(request, note));
        return await reply.redirect(
          link(view, back, { done: "added", change: change?.id, of: change?.value ?? value }),
          303,
        );
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        const notice = { tone: "bad", text: messageOf(error) } as const;
        return sendPage(reply.code(400), await render(view, listQuery.parse({}), notice));
      }
    },
  );
  app.post(
    "/suppressions/remove",
    { config: { access: "operator", page: true, audit: "list-change" }, schema: { body: removeBody } },
    async (request, reply) => {
      const { value, stream, back } = request.body;
      const [change] = await suppressions.remove([{ value, stream }], authorOf(request));
      const view = viewOf(request, context);
      return reply.redirect(link(view, back, { done: "removed", change: change?.id, of: change?.value ?? value }), 303);
    },
  );

  async function render(view: View, query: ListQuery, notice: PageNotice | null): Promise<string> {
    const filter = filterOf(query);
    const [page, count] = await Promise.all([
      suppressions.list({ ...filter, limit: COUNT_FIRST, cursor: query.cursor }),
      suppressions.count(filter),
    ]);
    return renderPage(view, {
      title: view.t.frame.suppressions,
      lead: view.t.suppressions.lead,
      notice: notice ?? suppressionNotice(view, query, "/suppressions"),
      actions: html`${view.may("operator") && html`<a class="button" href="${link(view, "/suppressions/import")}">${view.t.suppressions.import}</a>`}
      ${view.reaches("/suppressions/history") && html`<a class="button" href="${link(view, "/suppressions/history")}">${view.t.suppressions.history}</a>`}
      ${view.reaches("/suppressions/mistyped") && html`<a class="button" href="${link(view, "/suppressions/mistyped")}">${view.t.suppressions.mistyped}</a>`}
      ${view.may("operator") && html`<a class="button" href="${link(view, "/suppressions/policy")}">${view.t.suppressions.policy}</a>`}`,
      body: html`<div class="stack">
        ${view.may("operator") && addForm(view)} ${searchForm(view, query)} ${results(view, query, page, count)}
        ${view.may("export") && exports(view, query)}
      </div>`,
    });
  }
}

const addForm = (view: View, t = view.t.suppressions): Html =>
  html`<form class="panel" method="post" action="${link(view, "/suppressions/add")}">
    ${csrfField(view)}
    <div class="fields add">
      <div class="field">
        <label for="add-value">${t.addLabel}</label>
        <input
          id="add-value"
          name="value"
          required
          maxlength="320"
          placeholder="${t.addHint}"
          autocomplete="off"
          spellcheck="false"
        />
      </div>
      <div class="field">
        <label for="add-note">${t.note}</label>
        <input id="add-note" name="note" maxlength="2000" placeholder="${t.noteHint}" autocomplete="off" />
      </div>
      <div class="field">
        <label for="add-days">${t.expires}</label>
        <select id="add-days" name="days">
          <option value="">${t.never}</option>
          ${[7, 30, 90, 180, 365].map((days) => html`<option value="${days}">${t.afterDays(days)}</option>`)}
        </select>
      </div>
      <div class="field end"><button class="primary">${view.t.common.add}</button></div>
    </div>
  </form>`;

const filterOf = ({ value, cause, from, to }: ListQuery): SuppressionFilter => ({
  value: value || undefined,
  cause: cause === "" ? undefined : [cause],
  from,
  to: to && new Date(Date.parse(to) + DAY_MS).toISOString(),
});

/** What narrows the list, for links that keep it. */
const narrowed = ({ value, cause, from, to }: ListQuery) => ({ value, cause, from, to });

const searchForm = (view: View, query: ListQuery, t = view.t.suppressions): Html =>
  html`<form method="get" action="${link(view, "/suppressions")}" role="search" class="row">
    <input
      name="value"
      value="${query.value}"
      aria-label="${t.addressOrDomain}"
      placeholder="${t.searchHint}"
      autocomplete="off"
    />
    <select name="cause" aria-label="${t.cause}" class="auto">
      <option value="">${t.anyCause}</option>
      ${CAUSES.map((cause) => html`<option value="${cause}" ${query.cause === cause && html`selected`}>${view.t.terms.cause[cause]}</option>`)}
    </select>
    <input
      name="from"
      value="${query.from}"
      aria-label="${t.addedFrom}"
      placeholder="${t.fromHint}"
      class="day"
      data-date
    />
    <input name="to" value="${query.to}" aria-label="${t.addedTo}" placeholder="${t.toHint}" class="day" data-date />
    <button>${icon("search")}${view.t.common.search}</button>
  </form>`;

function results(view: View, query: ListQuery, page: SuppressionPage, count: number): Html {
  const t = view.t.suppressions;
  const isNarrowed = Object.values(narrowed(query)).some(Boolean);
  if (page.entries.length === 0)
    return html`<section class="panel empty">
      <h2>${isNarrowed ? view.t.log.nothingFound : t.listEmpty}</h2>
      <p>${isNarrowed ? t.noMatch : t.emptyText}</p>
    </section>`;
  return html`<section class="panel" aria-label="${t.entries}">
    <header>
      <span><b>${t.countEntries(count)}</b></span>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${t.table}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">${t.addressOrDomain}</th>
            <th scope="col">${t.cause}</th>
            <th scope="col">${t.addedAt}</th>
            <th scope="col">${t.expires}</th>
            <th scope="col">${t.by}</th>
            <th scope="col"><span class="visually-hidden">${t.actions}</span></th>
          </tr>
        </thead>
        <tbody>
          ${page.entries.map((entry) => row(view, entry))}
        </tbody>
      </table>
    </div>
    ${
      (page.next ?? query.cursor) &&
      html`<nav class="pager" aria-label="${view.t.log.pages}">
        ${query.cursor ? html`<a class="button small" href="${link(view, "/suppressions", narrowed(query))}">${view.t.log.firstPage}</a>` : html`<span></span>`}
        ${page.next && html`<a class="button small" rel="next" href="${link(view, "/suppressions", { ...narrowed(query), cursor: page.next })}">${view.t.log.nextPage}</a>`}
      </nav>`
    }
  </section>`;
}

const row = (view: View, entry: Suppression, t = view.t.suppressions): Html =>
  html`<tr>
    <th scope="row" class="break">
      ${view.reaches("/suppressions/history") ? html`<a href="${link(view, "/suppressions/history", { value: entry.value })}">${entry.value}</a>` : entry.value}
      ${entry.scope === "domain" && html`<span class="tag">${t.wholeDomain}</span>`}
      ${entry.scope === "hash" && html`<span class="tag">${t.erasedDigest}</span>`}
      ${entry.stream && html`<span class="tag">${entry.stream}</span>`}
    </th>
    <td class="nowrap">
      ${view.t.terms.cause[entry.cause]}${entry.reason && html`<br /><span class="soft small reason">${reasonWords(view.t, entry.reason)}</span>`}
    </td>
    <td class="nowrap" data-label="${t.addedAt}">${timeElement(view, entry.createdAt)}</td>
    <td class="nowrap" data-label="${t.expires}">
      ${entry.expiresAt ? timeElement(view, entry.expiresAt) : html`<span class="soft">${t.never}</span>`}
    </td>
    <td class="break" data-label="${t.by}">
      ${actorWords(view, entry.actor)}${entry.note && html`<br /><span class="soft small">${entry.note}</span>`}
    </td>
    <td class="num nowrap">
      ${entry.eventId && html`<a class="button small" href="${link(view, `/log/${entry.eventId}`)}">${view.t.common.event}</a>`}
      ${
        view.may("operator") &&
        html`<form class="inline" method="post" action="${link(view, "/suppressions/remove")}">
          ${csrfField(view)}<input type="hidden" name="value" value="${entry.value}" /><input
            type="hidden"
            name="stream"
            value="${entry.stream}"
          />
          <button class="small danger" aria-label="${t.removeEntry(entry.value)}">${view.t.common.remove}</button>
        </form>`
      }
    </td>
  </tr>`;

const exports = (view: View, query: ListQuery, t = view.t.suppressions): Html =>
  html`<p class="row small soft">
    ${t.downloadFor}
    ${LIST_FORMATS.map(
      (format) =>
        html`<a href="${link(view, "/v1/suppressions.csv", { format, ...filterOf(query) })}"
          >${LIST_SHAPES[format].name}</a
        >`,
    )}
  </p>`;
