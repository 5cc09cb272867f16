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
import { formatCount, plural, spellName } from "../words.ts";

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
          title: "Unmatched",
          lead: "Bounces and delays whose server response no rule matched; a status code or a statistical model decided, or nothing did. Write a rule to decide such responses from now on.",
          actions: html`<a class="button" href="${link(view, "/unmatched/rules")}">Your rules</a> ${
              view.may("operator") &&
              html`<a class="button" href="${link(view, "/unmatched/reclassify")}">Reclassify</a>
                <a class="button primary" href="${link(view, "/unmatched/rule")}">Write a rule</a>`
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
  const { from, undecided, refusals } = counts;
  if (found.length === 0)
    return html`<section class="panel empty">
      <h2>${refusals === 0 ? "No bounces or delays in this period" : "Nothing to write a rule for"}</h2>
      <p>
        ${
          undecided > 0
            ? `No rule matched ${plural(undecided, "event")}, but ${undecided === 1 ? "it has" : "they have"} no server response.`
            : refusals > 0
              ? `A rule decided ${refusals === 1 ? "the one bounce or delay" : `all ${formatCount(refusals)} bounces and delays`}.`
              : "Server responses that no rule matches are grouped here."
        }
      </p>
    </section>`;
  return html`<section class="panel">
    <header>
      <span
        ><b>${plural(undecided, "event")}</b>
        <span class="soft"
          >of ${formatCount(refusals)} bounces and delays, in
          ${plural(found.length, "group")}${cut && ` of the newest ${formatCount(LOOK_AT)}`}${
            !cut && undecided > events && `; ${formatCount(undecided - events)} without a server response`
          }</span
        ></span
      >
      <a
        href="${link(view, "/log", { from, kind: "bounce,delay", evidence: WITHOUT_RULE.join(","), authenticity: CREDIBLE.join(",") })}"
        >Show in the log</a
      >
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="Groups">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col" class="num">Events</th>
            <th scope="col">Server response</th>
            <th scope="col">Classified as</th>
            <th scope="col"><span class="visually-hidden">Actions</span></th>
          </tr>
        </thead>
        <tbody>
          ${found.map(
            ({ count, text, example, providers, rule }) =>
              html`<tr>
                <td class="num" data-label="Events"><b>${formatCount(count)}</b></td>
                <td class="break">
                  <code>${text}</code>
                  ${providers.length > 0 && html`<br /><span class="soft small">${providers.map(view.providerName).join(", ")}</span>`}
                  <details class="small">
                    <summary>Example</summary>
                    <p class="diagnostic mono">${example.text}</p>
                  </details>
                </td>
                <td data-label="Classified as">${spellName(example.reason)}</td>
                <td class="num">
                  ${view.may("operator") && html`<a class="button small" href="${link(view, "/unmatched/rule", { rules: rule })}">Write a rule</a>`}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
