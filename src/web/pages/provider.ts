/** One provider: how it is recognised, and every rule we have for its words. */
import { z } from "zod";
import { DEVIATIONS } from "../../dictionary/deviations.ts";
import { REASON_TABLE } from "../../event/reasons.ts";
import type { App } from "../../http/app.ts";
import { Problem } from "../../http/problems.ts";
import { html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { sliceHref } from "../paths.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type ViewContext } from "../view.ts";
import { severityLabel } from "../words.ts";

export function providerPage(app: App, context: ViewContext): void {
  app.get(
    "/codes/providers/:id",
    {
      config: { access: "viewer", page: true },
      schema: { params: z.object({ id: z.string().regex(/^[a-z0-9.-]{1,80}$/, "expected a provider's id") }) },
    },
    (request, reply) => {
      const { id } = request.params;
      const view = viewOf(request, context);
      const { codes: t, terms, frame } = view.t;
      const { rules } = context.reading();
      const found = rules.providers.find(({ provider }) => provider.id === id)?.provider;
      if (!found) throw new Problem("notFound", t.noProvider(id));
      const own = rules.rules.filter(
        ({ rule }) => rule.id.startsWith(`${id}/`) || (rule.when.provider ?? []).includes(id),
      );
      const deviations = DEVIATIONS.filter(({ provider }) => provider.toLowerCase() === found.name.toLowerCase());
      const body = html`<div class="stack">
        <section class="panel">
          <dl class="facts">
            <dt>${t.kind}</dt>
            <dd>${terms.providerKind[found.kind]}</dd>
            ${
              found.hosts &&
              html`<dt>${t.servers}</dt>
                <dd class="mono">${found.hosts.join(", ")}</dd>`
            }
            ${
              found.domains &&
              html`<dt>${t.domains}</dt>
                <dd class="mono">${found.domains.join(", ")}</dd>`
            }
            <dt>${t.inLog}</dt>
            <dd>
              <a href="${sliceHref(view, "provider", id)}">${t.whatItRefuses}</a> ·
              <a href="${link(view, "/rates", { provider: id })}">${frame.rates}</a>
            </dd>
          </dl>
        </section>
        ${
          deviations.length > 0 &&
          html`<section class="panel">
            <header><h2>${t.ownCodes}</h2></header>
            <dl class="facts">
              ${deviations.map(
                ({ code, when, reason }) =>
                  html`<dt class="mono">${code}</dt>
                    <dd><span lang="en">${when}</span> (${terms.reason[reason]})</dd>`,
              )}
            </dl>
          </section>`
        }
        <section class="panel">
          <header>
            <h2>${t.rules}</h2>
            <span class="soft">${view.t.count(own.length)}</span>
          </header>
          ${
            own.length === 0
              ? html`<p class="soft">${t.noRules}</p>`
              : html`<div class="table-wrap" tabindex="0" role="region" aria-label="${t.rules}">
                  <table class="cards">
                    <thead>
                      <tr>
                        <th scope="col">${t.rule}</th>
                        <th scope="col">${t.because}</th>
                        <th scope="col">${t.example}</th>
                        <th scope="col">${t.treatedAs}</th>
                      </tr>
                    </thead>
                    <tbody>
                      ${own.map(
                        ({ rule, reason }) =>
                          html`<tr>
                            <th scope="row" class="mono small break">${rule.id}</th>
                            <td lang="en">${rule.because}</td>
                            <td class="mono small break">${rule.examples[0]?.text}</td>
                            <td class="nowrap">
                              ${severityLabel(view, REASON_TABLE[reason].severity)}<br /><span class="soft small"
                                >${terms.reason[reason]}</span
                              >
                            </td>
                          </tr>`,
                      )}
                    </tbody>
                  </table>
                </div>`
          }
        </section>
      </div>`;
      return sendPage(
        reply,
        renderPage(view, {
          title: found.name,
          lead: html`<a href="${link(view, "/codes")}">${frame.codes}</a> · ${t.provider}`,
          body,
        }),
      );
    },
  );
}
