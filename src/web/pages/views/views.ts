/** The saved views: what each shows, its alert and its weekly mail. */
import { z } from "zod";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/context.ts";
import { sendMailNow, viewOr404, viewShape } from "../../../http/routes/views/saved-views.ts";
import { authorOf } from "../../../http/routes/suppressions.ts";
import { checkedView, filterMistake } from "../../../http/views/page-queries.ts";
import { Problem, PROBLEMS } from "../../../http/problems.ts";
import { QueryError } from "../../../store/log/log-query.ts";
import { viewAlertSchema, viewMailSchema, type SavedView, type ViewContent } from "../../../store/views/saved-view.ts";
import { html, type Html } from "../../html.ts";
import { csrfField, renderPage, type PageNotice } from "../../layout.ts";
import { sendPage } from "../../problem-page.ts";
import { clock, formFieldsOf, filterText, viewForm, type ViewFields } from "../../views/view-form.ts";
import { viewHref } from "../../views/view-menu.ts";
import { link, viewOf, type View, type ViewContext } from "../../view.ts";
import { actorWords, timeElement } from "../../words.ts";

const querystring = z.object({
  id: z.string().max(64).optional(),
  page: viewShape.page.optional(),
  query: viewShape.query.optional(),
  done: z.enum(["saved", "removed", "sent"]).optional(),
});
const field = z.string().max(500).default("");
const body = z.object({
  id: z.string().max(64).optional(),
  name: field,
  page: viewShape.page,
  query: viewShape.query,
  when: z.enum(["none", "more", "grew"]).default("none"),
  count: field,
  hours: field,
  to: z.string().max(6000).default(""),
  weekday: field,
  hour: field,
  timeZone: field,
});

export function viewsPage(app: App, context: ViewContext & Pick<HttpContext, "store" | "config" | "now">): void {
  const { config, store } = context;
  const { views } = store;
  const hasRelay = config.file.mail !== undefined;
  app.get("/views", { config: { access: "viewer", page: true }, schema: { querystring } }, async (request, reply) => {
    const view = viewOf(request, context);
    const { id, page, query = "", done } = request.query;
    const saved = await views.list();
    const edited = id === undefined ? null : viewOr404(await views.get(id), id);
    const made = page === undefined ? null : { name: "", page, query, alert: null, mail: null };
    const content = view.may("operator") ? (edited ?? made) : null;
    const fields = content && formFieldsOf(content);
    const notice: PageNotice | null = done === undefined ? null : { tone: "good", text: view.t.views[done] };
    return sendPage(reply, render(view, { saved, fields, id: edited?.id ?? null, notice, hasRelay }));
  });
  app.post(
    "/views/save",
    { config: { access: "operator", page: true, audit: "settings-change" }, schema: { body } },
    async (request, reply) => {
      const { id, ...given } = request.body;
      const view = viewOf(request, context);
      try {
        const content = checkedView(contentOf(given), config.file.mail);
        if (id === undefined) await views.create(content, authorOf(request).actor);
        else viewOr404(await views.update(id, content), id);
        return await reply.redirect(link(view, "/views", { done: "saved" }), 303);
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        const notice = { tone: "bad", text: error.message } as const;
        const page = { saved: await views.list(), fields: given, id: id ?? null, notice, hasRelay };
        return sendPage(reply.code(400), render(view, page));
      }
    },
  );
  app.post(
    "/views/mail",
    {
      config: { access: "operator", page: true, audit: "export" },
      schema: { body: z.object({ id: z.string().max(64) }) },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      try {
        await sendMailNow(context, request.body.id);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const notice = { tone: "bad", text: error.message } as const;
        const page = { saved: await views.list(), fields: null, id: null, notice, hasRelay };
        return sendPage(reply.code(PROBLEMS[error.problem].status), render(view, page));
      }
      return reply.redirect(link(view, "/views", { done: "sent" }), 303);
    },
  );
  app.post(
    "/views/remove",
    {
      config: { access: "operator", page: true, audit: "settings-change" },
      schema: { body: z.object({ id: z.string().max(64) }) },
    },
    async (request, reply) => {
      await views.remove(request.body.id);
      return reply.redirect(link(viewOf(request, context), "/views", { done: "removed" }), 303);
    },
  );
}

/** Throws QueryError where a field is wrong. */
function contentOf({
  name,
  page,
  query,
  when,
  count,
  hours,
  to,
  ...mail
}: Omit<z.infer<typeof body>, "id">): ViewContent {
  const addresses = to.split(/[\s,;]+/).filter(Boolean);
  return {
    name: read("name", viewShape.name, name),
    page,
    query,
    alert:
      when === "none"
        ? null
        : read("alert", viewAlertSchema, when === "more" ? { when, hours, count } : { when, hours }),
    mail: addresses.length === 0 ? null : read("mail", viewMailSchema, { ...mail, to: addresses }),
  };
}

function read<Schema extends z.ZodType>(name: string, schema: Schema, value: unknown): z.infer<Schema> {
  const { data, error } = schema.safeParse(value);
  const [issue] = error?.issues ?? [];
  if (issue) throw new QueryError(`${[name, ...issue.path].join(".")}: ${issue.message}`);
  return data as z.infer<Schema>;
}

interface ViewsPage {
  readonly saved: readonly SavedView[];
  /** Of the form; null: there is none. */
  readonly fields: ViewFields | null;
  /** Of the view that is changed; null: a new one. */
  readonly id: string | null;
  readonly notice: PageNotice | null;
  readonly hasRelay: boolean;
}

function render(view: View, { saved, fields, id, notice, hasRelay }: ViewsPage): string {
  const { views } = view.t;
  return renderPage(view, {
    title: views.title,
    lead: views.lead,
    notice,
    body: html`<div class="stack">
      ${fields && viewForm(view, fields, id, hasRelay)}
      ${
        saved.length > 0
          ? table(view, saved)
          : !fields &&
            html`<section class="panel empty">
              <h2>${views.none}</h2>
              <p>${views.noneText}</p>
              <a class="button" href="${link(view, "/log")}">${views.pages.log}</a>
              <a class="button" href="${link(view, "/compare")}">${views.pages.compare}</a>
            </section>`
      }
    </div>`,
  });
}

const table = (view: View, saved: readonly SavedView[]): Html => {
  const { views } = view.t;
  return html`<section class="panel" aria-label="${views.title}">
    <div class="table-wrap" tabindex="0" role="region" aria-label="${views.title}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">${views.name}</th>
            <th scope="col">${views.filter}</th>
            <th scope="col">${views.alert}</th>
            <th scope="col">${views.mail}</th>
            <th scope="col">${views.savedBy}</th>
            <th scope="col"><span class="visually-hidden">${views.actions}</span></th>
          </tr>
        </thead>
        <tbody>
          ${saved.map((one) => row(view, one))}
        </tbody>
      </table>
    </div>
  </section>`;
};

function row(view: View, saved: SavedView): Html {
  const { views, common } = view.t;
  const { id, name, page, query, actor, updatedAt } = saved;
  const mistake = filterMistake(saved);
  return html`<tr>
    <th scope="row" class="break"><a href="${viewHref(view, saved)}">${name}</a></th>
    <td class="break" data-label="${views.filter}">
      ${views.pages[page]}: ${filterText(view, query)}
      ${mistake !== "" && html`<br /><span class="tag bad">${views.filterMistake}</span>`}
    </td>
    <td data-label="${views.alert}">${alertCell(view, saved)}</td>
    <td class="break" data-label="${views.mail}">${mailCell(view, saved)}</td>
    <td data-label="${views.savedBy}">
      ${actorWords(view, actor)}<br /><span class="soft small">${timeElement(view, updatedAt)}</span>
    </td>
    <td class="num nowrap">
      ${
        view.may("operator") &&
        html`<a class="button small" href="${link(view, "/views", { id })}" aria-label="${views.editNamed(name)}"
            >${views.edit}</a
          >
          ${
            saved.mail &&
            html`<form class="inline" method="post" action="${link(view, "/views/mail")}">
              ${csrfField(view)}<input type="hidden" name="id" value="${id}" /><button
                class="small"
                aria-label="${views.sendNamed(name)}"
              >
                ${views.sendNow}
              </button>
            </form>`
          }
          <form class="inline" method="post" action="${link(view, "/views/remove")}">
            ${csrfField(view)}<input type="hidden" name="id" value="${id}" /><button
              class="small danger"
              aria-label="${views.removeNamed(name)}"
            >
              ${common.remove}
            </button>
          </form>`
      }
    </td>
  </tr>`;
}

function alertCell(view: View, { alert, alertSince }: SavedView): Html | string {
  const { views } = view.t;
  if (alert === null) return "–";
  const words = alert.when === "more" ? views.moreThan(alert.count, alert.hours) : views.grewIn(alert.hours);
  return html`${words}${alertSince && html`<br /><span class="tag bad">${views.openSince(timeElement(view, alertSince))}</span>`}`;
}

function mailCell(view: View, { mail, mailSentAt, mailError }: SavedView): Html | string {
  const { views } = view.t;
  if (mail === null) return "–";
  return html`${mail.to.join(", ")}<br /><span class="soft small"
      >${views.mailWhen(views.weekdays[mail.weekday], clock(mail.hour), mail.timeZone)}</span
    >
    ${mailSentAt && html`<br /><span class="soft small">${views.mailSent(timeElement(view, mailSentAt))}</span>`}
    ${mailError && html`<br /><span class="tag bad">${views.mailFailed(mailError)}</span>`}`;
}
