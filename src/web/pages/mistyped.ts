/** Recipient domains that are probably typing mistakes, with what they may have been meant to be. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { mistypedDomains, type Mistyped } from "../../http/mistyped.ts";
import { signalOf } from "../../http/signal-of.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { firstOfLast, periodNav } from "../periods.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { timeElement } from "../words.ts";

const LOOK_AT = 20_000;
const DOMAINS = 200;
const PERIODS = [30, 90, 365] as const;

export function mistypedPage(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  app.get(
    "/suppressions/mistyped",
    {
      config: { access: "viewer", page: true },
      schema: { querystring: z.object({ days: z.coerce.number().int().min(1).max(400).default(90) }) },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { days } = request.query;
      const from = firstOfLast(days, view.now);
      const limits = { atMost: LOOK_AT, limit: DOMAINS, signal: signalOf(request) };
      const found = await mistypedDomains(context, { from: `${from}T00:00:00.000Z` }, limits);
      return sendPage(
        reply,
        renderPage(view, {
          title: view.t.suppressions.mistyped,
          lead: view.t.suppressions.mistypedLead,
          body: html`<div class="stack">
            ${periodNav(view, PERIODS, days, (period) => link(view, "/suppressions/mistyped", { days: period }))}
            ${table(view, found, from)}
          </div>`,
        }),
      );
    },
  );
}

function table(view: View, { events, cut, domains }: Mistyped, from: string): Html {
  const t = view.t.suppressions;
  if (domains.length === 0)
    return html`<section class="panel empty">
      <h2>${t.noMistyped}</h2>
      <p>${events === 0 ? t.noUnknownDomain : t.noneClose(events)}</p>
    </section>`;
  return html`<section class="panel">
    <header>
      <span
        ><b>${t.countDomains(domains.length)}</b
        >${cut && html` <span class="soft">${t.mistypedCut(LOOK_AT)}</span>`}</span
      >
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${t.mistyped}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">${t.domain}</th>
            <th scope="col">${t.meant}</th>
            <th scope="col" class="num">${t.addresses}</th>
            <th scope="col" class="num">${view.t.rates.bounce}</th>
            <th scope="col">${t.last}</th>
          </tr>
        </thead>
        <tbody>
          ${domains.map(
            ({ domain, suggestion, addresses, events: bounces, lastAt }) =>
              html`<tr>
                <td data-label="${t.domain}">
                  <a href="${link(view, "/log", { domain, from })}"><bdi>${domain}</bdi></a>
                </td>
                <td data-label="${t.meant}">${suggestion}</td>
                <td class="num" data-label="${t.addresses}">${view.t.count(addresses)}</td>
                <td class="num" data-label="${view.t.rates.bounce}">${view.t.count(bounces)}</td>
                <td data-label="${t.last}">${timeElement(view, lastAt)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
