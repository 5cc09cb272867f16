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
import { formatCount, plural, timeElement } from "../words.ts";

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
          title: "Mistyped domains",
          lead: "Recipient domains that do not exist or take no mail, and that are one typing mistake from a common one. Ask the recipient, or correct the address in your own list: bounced corrects nothing.",
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
  if (domains.length === 0)
    return html`<section class="panel empty">
      <h2>No mistyped domains in this period</h2>
      <p>
        ${
          events === 0
            ? "No bounce says that the recipient’s domain does not exist or takes no mail."
            : `${plural(events, "bounce")} of unknown domains, none of them close to a common one.`
        }
      </p>
    </section>`;
  return html`<section class="panel">
    <header>
      <span
        ><b>${plural(domains.length, "domain")}</b
        >${cut && html` <span class="soft">in the newest ${formatCount(LOOK_AT)} bounces of unknown domains</span>`}</span
      >
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="Mistyped domains">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Domain</th>
            <th scope="col">Probably meant</th>
            <th scope="col" class="num">Addresses</th>
            <th scope="col" class="num">Bounces</th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          ${domains.map(
            ({ domain, suggestion, addresses, events: bounces, lastAt }) =>
              html`<tr>
                <td data-label="Domain">
                  <a href="${link(view, "/log", { domain, from })}"><bdi>${domain}</bdi></a>
                </td>
                <td data-label="Probably meant">${suggestion}</td>
                <td class="num" data-label="Addresses">${formatCount(addresses)}</td>
                <td class="num" data-label="Bounces">${formatCount(bounces)}</td>
                <td data-label="Last">${timeElement(lastAt)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
