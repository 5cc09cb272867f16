/** Compare: two periods, by any dimension. The URL holds all of it. */
import { z } from "zod";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/context.ts";
import { filterShape, parametersOf } from "../../../http/query.ts";
import { signalOf } from "../../../http/signal-of.ts";
import { compareQueryOf, compareShape, type ComparisonQuery } from "../../../http/views/compare-query.ts";
import { daysOf } from "../../../store/compare/periods.ts";
import type { Compared, Comparison } from "../../../store/compare/compared.ts";
import { QueryError } from "../../../store/log/log-query.ts";
import { compareForm, comparedFieldWords, type CompareForm } from "../../compare/compare-form.ts";
import { compareTable, spanWords } from "../../compare/compare-table.ts";
import { html, type Html } from "../../html.ts";
import { renderPage } from "../../layout.ts";
import { sendPage } from "../../problem-page.ts";
import { queryText, viewMenu } from "../../views/view-menu.ts";
import { link, viewOf, type LinkParameters, type View, type ViewContext } from "../../view.ts";

const anyQuery = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const pageQuery = z.object(compareShape);
const ROWS = 30;
/** Where no counts are kept; what is left is estimated. */
const BUDGET_MS = 2000;
const OWN = ["period", "from", "to", "beforeFrom", "beforeTo", "sort"] as const;

export function comparePage(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  const { store } = context;
  app.get(
    "/compare",
    { config: { access: "viewer", page: true }, schema: { querystring: anyQuery } },
    async (request, reply) => {
      const view = viewOf(request, context);
      const parsed = pageQuery.safeParse(request.query);
      const form = formOf(request.query, parsed.data);
      if (!parsed.success) {
        const mistakes = Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path[0]), message]));
        return sendPage(reply.code(400), renderMistakes(view, { ...form, mistakes }));
      }
      try {
        const asked = compareQueryOf(parsed.data, view.now);
        const found = await store.compare({ ...asked, limit: ROWS, budgetMs: BUDGET_MS, signal: signalOf(request) });
        return await sendPage(
          reply,
          renderComparison(
            view,
            form,
            parsed.data,
            found,
            viewMenu(view, await store.views.list(), "compare", queryText(request.url)),
          ),
        );
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        return sendPage(reply.code(400), renderMistakes(view, { ...form, mistakes: { from: error.message } }));
      }
    },
  );
}

function formOf(query: z.infer<typeof anyQuery>, parsed: ComparisonQuery | undefined): CompareForm {
  const given = Object.entries(query)
    .map(([name, value]): [string, string] => [name, typeof value === "string" ? value : value.join(",")])
    .filter(([, value]) => value !== "");
  const isOwn = (name: string): boolean => OWN.some((own) => own === name);
  const own = Object.fromEntries(given.filter(([name]) => isOwn(name)));
  return {
    own,
    filter: Object.fromEntries(given.filter(([name]) => name in filterShape && !isOwn(name))),
    mistakes: {},
    by: parsed?.by ?? "severity",
    chosen: (own["from"] ?? own["to"] ?? own["beforeFrom"] ?? own["beforeTo"]) ? null : (parsed?.period ?? "this-week"),
  };
}

const renderMistakes = (view: View, form: CompareForm): string =>
  renderPage(view, {
    title: view.t.compare.title,
    notice: {
      tone: "bad",
      text: `${Object.entries(form.mistakes)
        .map(([name, message]) => `${comparedFieldWords(view, name)}: ${message}`)
        .join("; ")}.`,
    },
    body: html`<div class="stack">${compareForm(view, form)}</div>`,
  });

function renderComparison(
  view: View,
  form: CompareForm,
  query: ComparisonQuery,
  found: Comparison,
  menu: Html | null,
): string {
  const { by, sort } = query;
  const own: LinkParameters = { ...form.own, by };
  const { period, before, filter, total } = found;
  const counted = {
    ...form.filter,
    ...parametersOf({ authenticity: filter.authenticity && [...filter.authenticity] }),
    ...parametersOf({ kind: filter.kind && [...filter.kind] }),
  };
  const isEmpty = total.count.now + total.count.before === 0;
  return renderPage(view, {
    title: view.t.compare.title,
    actions: menu,
    lead: view.t.compare.lead(spanWords(view, period), spanWords(view, before)),
    body: html`<div class="stack">
      ${compareForm(view, form)} ${remarks(view, found)}
      ${
        isEmpty
          ? nothing(view, form, found, by)
          : compareTable(view, {
              found,
              by,
              sort,
              parameters: counted,
              sortHref: (one) => link(view, "/compare", { ...own, ...form.filter, sort: one === "grew" ? null : one }),
            })
      }
    </div>`,
  });
}

function nothing(view: View, { filter, own }: CompareForm, { period, unit }: Comparison, by: Compared): Html {
  const { notYet, empty } = view.t.compare;
  const lastWeek = { ...filter, by, sort: own["sort"], period: "last-week" };
  return html`<section class="panel empty">
    ${
      period.to <= period.from
        ? html`<h2>${notYet.title}</h2>
            <p>${notYet[unit]}</p>
            <a class="button" href="${link(view, "/compare", lastWeek)}">${notYet.lastWeek}</a>`
        : html`<h2>${empty.title}</h2>
            <p>${empty.text}</p>`
    }
  </section>`;
}

/** What a reader of the figures must know. */
function remarks({ t }: View, found: Comparison): Html | null {
  const { period, before, isCut, unit, keptFrom, leftOut, share, total } = found;
  const { compare } = t;
  const [days, daysBefore] = [daysOf(period), daysOf(before)];
  const dayWords = (length: number): string => compare.days(Math.round(length * 10) / 10);
  const lines = [
    isCut && days > 0 && compare.notOver[unit],
    keptFrom !== null && compare.keptFrom(t.time(new Date(keptFrom).toISOString())),
    leftOut.length > 0 && compare.leftOut(t.list(leftOut.map((kind) => t.terms.kind[kind]))),
    days > 0 && daysBefore > 0 && days !== daysBefore && compare.unequal(dayWords(days), dayWords(daysBefore)),
    days > 0 && daysBefore <= 0 && compare.nothingBefore,
    Math.min(share.now, share.before) < 1 && compare.estimated(t.share(share.now, 1), t.share(share.before, 1)),
    total.sends !== null && compare.bySends,
  ].filter((line) => line !== false);
  return lines.length === 0 ? null : html`<div class="soft small">${lines.map((line) => html`<p>${line}</p>`)}</div>`;
}
