/** What no rule decided, in groups, each with a rule to begin with. */
import { z } from "zod";
import { countedBy, CREDIBLE } from "../../event/credible.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { signalOf } from "../../http/signal-of.ts";
import { unmatchedGroups, type Unmatched } from "../../store/log/unmatched.ts";
import { WITHOUT_RULE, type LogFilter } from "../../store/log/log-query.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { firstOfLast, periodNav } from "../periods.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { reasonWords } from "../words.ts";

const LOOK_AT = 20_000;
const REFUSALS = ["bounce", "delay"] as const;
const GROUPS = 60;
const PERIODS = [7, 30, 90, 365] as const;

export function unmatchedPage(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  app.get(
    "/unmatched",
    {
      config: { access: "viewer", page: true },
      schema: { querystring: z.object({ days: z.coerce.number().int().min(1).max(400).default(30) }) },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { days } = request.query;
      const from = firstOfLast(days, view.now);
      const period = countedBy<LogFilter>({ from: `${from}T00:00:00.000Z`, kind: REFUSALS });
      // Trust: what `period` says.
      const [found, undecided, refusals] = await Promise.all([
        unmatchedGroups(context.store, period, { atMost: LOOK_AT, limit: GROUPS, signal: signalOf(request) }),
        context.store.count({ ...period, evidence: WITHOUT_RULE }, undefined, signalOf(request)),
        context.store.count(period, undefined, signalOf(request)),
      ]);
      return sendPage(
        reply,
        renderPage(view, {
          title: view.t.frame.unmatched,
          lead: view.t.rules.lead,
          actions: html`<a class="button" href="${link(view, "/unmatched/rules")}">${view.t.rules.yourRules}</a> ${
              view.may("operator") &&
              html`<a class="button" href="${link(view, "/unmatched/reclassify")}">${view.t.rules.reclassify}</a>
                <a class="button primary" href="${link(view, "/unmatched/rule")}">${view.t.rules.writeRule}</a>`
            }`,
          body: html`<div class="stack">
            ${periodNav(view, PERIODS, days, (period) => link(view, "/unmatched", { days: period }))}
            ${groups(view, found, { from, undecided, refusals })}
          </div>`,
        }),
      );
    },
  );
}

interface Counts {
  readonly from: string;
  /** Bounces and delays of the period that no rule decided, with a server response or without. */
  readonly undecided: number;
  readonly refusals: number;
}

function groups(view: View, { events, cut, groups: found }: Unmatched, counts: Counts): Html {
  const t = view.t.rules;
  const { from, undecided, refusals } = counts;
  if (found.length === 0)
    return html`<section class="panel empty">
      <h2>${refusals === 0 ? t.noRefusals : t.nothingToDo}</h2>
      <p>${undecided > 0 ? t.withoutResponseOnly(undecided) : refusals > 0 ? t.allDecided(refusals) : t.groupedHere}</p>
    </section>`;
  return html`<section class="panel">
    <header>
      <span
        ><b>${view.t.common.countEvents(undecided)}</b>
        <span class="soft"
          >${cut ? t.inGroupsCut(refusals, found.length, LOOK_AT) : t.inGroups(refusals, found.length)}${
            !cut && undecided > events && ` · ${t.withoutResponse(undecided - events)}`
          }</span
        ></span
      >
      <a
        href="${link(view, "/log", { from, kind: "bounce,delay", evidence: WITHOUT_RULE.join(","), authenticity: CREDIBLE.join(",") })}"
        >${view.t.subjects.showInLog}</a
      >
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${t.groups}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col" class="num">${view.t.common.events}</th>
            <th scope="col">${t.serverResponse}</th>
            <th scope="col">${t.classifiedAs}</th>
            <th scope="col"><span class="visually-hidden">${t.actions}</span></th>
          </tr>
        </thead>
        <tbody>
          ${found.map(
            ({ count, text, example, providers, rule }) =>
              html`<tr>
                <td class="num" data-label="${view.t.common.events}"><b>${view.t.count(count)}</b></td>
                <td class="break">
                  <code>${text}</code>
                  ${providers.length > 0 && html`<br /><span class="soft small">${providers.map(view.providerName).join(", ")}</span>`}
                  <details class="small">
                    <summary>${t.example}</summary>
                    <p class="diagnostic mono">${example.text}</p>
                  </details>
                </td>
                <td data-label="${t.classifiedAs}">${reasonWords(view.t, example.reason)}</td>
                <td class="num">
                  ${view.may("operator") && html`<a class="button small" href="${link(view, "/unmatched/rule", { rules: rule })}">${view.t.rules.writeRule}</a>`}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
