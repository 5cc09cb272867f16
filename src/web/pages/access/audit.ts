/** The audit log, for admins: filters, the entries, and the way to download them. */
import { z } from "zod";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/context.ts";
import { auditFilterOf, auditShape } from "../../../http/routes/audit.ts";
import { AUDIT_ACTIONS, type AuditEntry, type AuditOutcome } from "../../../store/audit/audit.ts";
import { html, type Html } from "../../html.ts";
import { icon } from "../../icons.ts";
import { renderPage } from "../../layout.ts";
import { sendPage } from "../../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../../view.ts";
import { actorWords, timeElement } from "../../words.ts";

const PAGE = 100;
const query = z.object({ ...auditShape, before: z.coerce.number().int().optional() });
type Query = z.infer<typeof query>;

const TONES: Readonly<Record<AuditOutcome, string>> = { begun: "warn", done: "good", refused: "bad", failed: "bad" };

export function auditPage(app: App, context: ViewContext & Pick<HttpContext, "config" | "store">): void {
  app.get(
    "/audit",
    { config: { access: "admin", page: true }, schema: { querystring: query } },
    async (request, reply) => {
      const { before, ...filter } = request.query;
      const view = viewOf(request, context);
      const { t } = view;
      const entries = await context.store.audit.search({ ...auditFilterOf(filter), limit: PAGE, before });
      const next = entries.length === PAGE ? entries.at(-1)?.id : undefined;
      const { retentionDays } = context.config.file.audit;
      return sendPage(
        reply,
        renderPage(view, {
          title: t.audit.title,
          lead: t.audit.lead(retentionDays),
          actions: html`<a class="button" href="${link(view, "/v1/audit.csv", parametersOf(filter))}" download
              >${icon("download")}${t.audit.csv}</a
            >
            <a class="button" href="${link(view, "/v1/audit.jsonl", parametersOf(filter))}" download
              >${icon("download")}${t.audit.jsonLines}</a
            >`,
          body: html`<div class="stack">
            ${searchForm(view, filter)}
            ${
              entries.length === 0
                ? html`<section class="panel empty">
                    <h2>${t.audit.emptyTitle}</h2>
                    <p>${t.audit.empty}</p>
                  </section>`
                : table(view, entries)
            }
            ${next && html`<nav class="pager" aria-label="${t.audit.pages}"><span></span><a class="button small" rel="next" href="${link(view, "/audit", { ...parametersOf(filter), before: next })}">${t.audit.older}</a></nav>`}
          </div>`,
        }),
      );
    },
  );
}

const parametersOf = ({ action, outcome, actor, text, from, to }: Omit<Query, "before">) => ({
  action: action?.join(","),
  outcome: outcome?.join(","),
  actor,
  text,
  from,
  to,
});

const searchForm = (view: View, filter: Omit<Query, "before">): Html =>
  html`<form method="get" action="${link(view, "/audit")}" role="search" class="row">
    <select name="action" aria-label="${view.t.audit.action}" class="auto">
      <option value="">${view.t.audit.anyAction}</option>
      ${AUDIT_ACTIONS.map((action) => html`<option value="${action}" ${filter.action?.includes(action) && html`selected`}>${view.t.audit.actions[action]}</option>`)}
    </select>
    <input
      name="actor"
      value="${filter.actor}"
      aria-label="${view.t.audit.who}"
      placeholder="${view.t.audit.whoPlaceholder}"
      autocomplete="off"
    />
    <input
      name="text"
      value="${filter.text}"
      aria-label="${view.t.audit.text}"
      placeholder="${view.t.audit.textPlaceholder}"
      autocomplete="off"
    />
    <input
      name="from"
      value="${filter.from}"
      aria-label="${view.t.audit.fromDay}"
      placeholder="${view.t.audit.fromPlaceholder}"
      class="day"
      data-date
    />
    <input
      name="to"
      value="${filter.to}"
      aria-label="${view.t.audit.toDay}"
      placeholder="${view.t.audit.toPlaceholder}"
      class="day"
      data-date
    />
    <button>${icon("search")}${view.t.common.search}</button>
  </form>`;

const table = (view: View, entries: readonly AuditEntry[]): Html =>
  html`<section class="panel">
    <div class="table-wrap" tabindex="0" role="region" aria-label="${view.t.audit.entries}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">${view.t.audit.when}</th>
            <th scope="col">${view.t.audit.by}</th>
            <th scope="col">${view.t.audit.what}</th>
            <th scope="col">${view.t.audit.target}</th>
            <th scope="col">${view.t.audit.from}</th>
          </tr>
        </thead>
        <tbody>
          ${entries.map((entry) => row(view, entry))}
        </tbody>
      </table>
    </div>
  </section>`;

/** Two tokens may have one name, and a token may be called like the password. */
const isMore = ({ actor, actorId }: AuditEntry): boolean => actorId !== "" && !actor.endsWith(`:${actorId}`);

const row = (view: View, entry: AuditEntry): Html => {
  const { t } = view;
  const outcome = t.audit.outcomes[entry.outcome];
  return html`<tr>
    <td class="nowrap">${timeElement(view, entry.at)}</td>
    <th scope="row" class="break">
      ${actorWords(view, entry.actor)}${isMore(entry) && html`<br /><span class="soft small">${entry.actorId}</span>`}
    </th>
    <td>
      ${t.audit.actions[entry.action]}
      ${entry.outcome !== "done" && html`<span class="tag ${TONES[entry.outcome]}" title="${outcome.title}">${outcome.name}</span>`}
    </td>
    <td class="break">
      ${entry.target}${entry.target && entry.detail && html`<br />`}<span class="soft small">${entry.detail}</span>
    </td>
    <td class="break" data-label="${t.audit.from}">
      ${entry.address || html`<span class="soft">${t.audit.machine}</span>`}${entry.requestId && html`<br /><span class="soft small">${t.audit.request(entry.requestId)}</span>`}
    </td>
  </tr>`;
};
