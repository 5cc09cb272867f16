/** Rates of everything, or of one provider, tag, domain or sending address, and what they are made of. */
import type { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { RATE_PERIODS, ratesQuery } from "../../http/views/page-queries.ts";
import { signalOf } from "../../http/signal-of.ts";
import { SEND_DIMENSIONS, type SendDimension } from "../../store/tallies/sends.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { sliceHref } from "../paths.ts";
import { holdsPanel } from "../rates/holds-panel.ts";
import { dimensionName, rateTable, rateTiles } from "../rates/rate-parts.ts";
import { queryText, viewMenu } from "../views/view-menu.ts";
import { link, viewOf, type LinkParameters, type View, type ViewContext } from "../view.ts";

const DAY_MS = 86_400_000;
const ROWS = 50;

type Query = z.infer<typeof ratesQuery>;

export function ratesPage(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  const { store } = context;
  app.get(
    "/rates",
    { config: { access: "viewer", page: true }, schema: { querystring: ratesQuery } },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { days, by: wanted, ...filter } = request.query;
      const named = SEND_DIMENSIONS.filter((dimension) => filter[dimension] !== undefined);
      const choices = choicesOf(named);
      const by = wanted !== undefined && choices.includes(wanted) ? wanted : choices[0];
      const period = { from: view.now - days * DAY_MS, to: view.now };
      const signal = signalOf(request);
      const [[all], rows, holds] = await Promise.all([
        store.sends({ ...filter, ...period }, signal),
        by === undefined ? [] : store.sends({ ...filter, ...period, by, limit: ROWS }, signal),
        store.holds(),
      ]);
      const title = named.map((name) => nameOf(view, name, filter[name] ?? "")).join(", ") || view.t.frame.rates;
      const parameters: LinkParameters = { ...filter, days, by };
      const body = html`<div class="stack">
        <div class="row spread">
          ${switchOf(
            view,
            view.t.period.label,
            RATE_PERIODS,
            (one) => ({ ...parameters, days: one }),
            days,
            (one) => (one === 1 ? view.t.rates.hours24 : view.t.period.days(one)),
          )}
          ${
            all &&
            choices.length > 1 &&
            switchOf(
              view,
              view.t.rates.by,
              choices,
              (one) => ({ ...parameters, by: one }),
              by,
              (one) => byWords(view, one),
            )
          }
        </div>
        ${named.length === 0 && holdsPanel(view, holds)} ${all ? rateTiles(view, all, null) : noSends(view, filter)}
        ${
          all &&
          by !== undefined &&
          html`<section class="panel">
            <header><h2 class="sentence">${byWords(view, by)}</h2></header>
            ${
              rows.length === 0
                ? html`<p class="soft">${view.t.rates.notReported}</p>`
                : rateTable(view, { by, rows, parameters: (value) => ({ ...filter, days, [by]: value }) })
            }
          </section>`
        }
        ${named.length > 0 && links(view, filter, period.from)}
      </div>`;
      const kinds = named.map((name) => dimensionName(view, name)).join(" · ");
      const lead = html`${kinds && html`<a href="${link(view, "/rates", { days })}">${view.t.frame.rates}</a> · ${kinds} · `}
      ${days === 1 ? view.t.rates.ofSentHours : view.t.rates.ofSentDays(days)}`;
      const actions = viewMenu(view, await store.views.list(), "rates", queryText(request.url));
      return sendPage(reply, renderPage(view, { title, lead, body, actions }));
    },
  );
}

const byWords = ({ t }: View, dimension: SendDimension): string =>
  ({
    provider: t.rates.byProvider,
    domain: t.rates.byDomain,
    tag: t.rates.byTag,
    senderDomain: t.rates.bySenderDomain,
    sendingAddress: t.rates.bySendingAddress,
  })[dimension];

/** Beside a provider one further dimension is counted. */
const choicesOf = (named: readonly SendDimension[]): readonly SendDimension[] =>
  SEND_DIMENSIONS.filter(
    (dimension) =>
      !named.includes(dimension) && (dimension === "provider" || named.every((name) => name === "provider")),
  );

const nameOf = (view: View, dimension: SendDimension, value: string): string =>
  dimension === "provider" ? view.providerName(value) : value;

function switchOf<Choice extends string | number>(
  view: View,
  label: string,
  choices: readonly Choice[],
  parameters: (choice: Choice) => LinkParameters,
  current: Choice | undefined,
  words: (choice: Choice) => string,
): Html {
  return html`<nav class="switch" aria-label="${label}">
    ${choices.map(
      (one) =>
        html`<a href="${link(view, "/rates", parameters(one))}" ${one === current && html`aria-current="true"`}
          >${words(one)}</a
        >`,
    )}
  </nav>`;
}

const noSends = (view: View, filter: Omit<Query, "days" | "by">): Html =>
  html`<section class="panel empty">
    <h2>${view.t.rates.noSends}</h2>
    <p>${view.t.rates.noSendsText}</p>
    <a class="button" href="${link(view, "/log", filter)}">${view.t.rates.eventsInLog}</a>
  </section>`;

const links = (view: View, filter: Omit<Query, "days" | "by">, from: number): Html => {
  const parameters = { ...filter, from: new Date(from).toISOString() };
  return html`<p class="row small">
    <a href="${link(view, "/log", { ...parameters, kind: "bounce" })}">${view.t.rates.bouncesInLog}</a>
    <a href="${link(view, "/log", { ...parameters, kind: "delay" })}">${view.t.rates.delays}</a>
    <a href="${link(view, "/log", { ...parameters, kind: "complaint" })}">${view.t.rates.complaint}</a>
    ${SEND_DIMENSIONS.map((name) => {
      const value = filter[name];
      return (
        value && html`<a href="${sliceHref(view, name, value)}">${view.t.rates.cameBack(nameOf(view, name, value))}</a>`
      );
    })}
    ${filter.provider !== undefined && html`<a href="${link(view, `/codes/providers/${filter.provider}`)}">${view.t.rates.codesOfProvider}</a>`}
  </p>`;
};
