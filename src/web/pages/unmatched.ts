/** What no rule decided, in groups, each with a rule to begin with. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { unmatchedGroups, type Unmatched } from "../../http/unmatched.ts";
import { UNDECIDED } from "../../store/log-query.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View } from "../view.ts";
import { formatCount, plural, wordsOf } from "../words.ts";

const LOOK_AT = 20_000;
const GROUPS = 60;
const DAY_MS = 24 * 60 * 60 * 1000;
const PERIODS = [7, 30, 90, 365] as const;

export function unmatchedPage(app: App, context: HttpContext): void {
  app.get(
    "/unmatched",
    {
      config: { access: "viewer", page: true },
      schema: { querystring: z.object({ days: z.coerce.number().int().min(1).max(400).default(30) }) },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { days } = request.query;
      const from = new Date(view.now - days * DAY_MS).toISOString().slice(0, 10);
      const found = await unmatchedGroups(context, { from }, { atMost: LOOK_AT, limit: GROUPS });
      return sendPage(
        reply,
        renderPage(view, {
          title: "Unmatched",
          lead: "Refusals that no rule decided: only a code, likeness, or nothing spoke for the verdict. A rule of your own decides them from then on.",
          actions: html`<a class="button" href="${link(view, "/unmatched/rules")}">Your rules</a> ${
              view.may("operator") &&
              html`<a class="button" href="${link(view, "/unmatched/reclassify")}">Reclassify</a>
                <a class="button primary" href="${link(view, "/unmatched/rule")}">Write a rule</a>`
            }`,
          body: html`<div class="stack">
            <nav class="row small" aria-label="Period">
              <span class="soft">Of the last</span>
              ${PERIODS.map(
                (period) =>
                  html`<a
                    class="button small"
                    href="${link(view, "/unmatched", { days: period })}"
                    ${period === days && html`aria-current="true"`}
                    >${period} days</a
                  >`,
              )}
            </nav>
            ${groups(view, found, from)}
          </div>`,
        }),
      );
    },
  );
}

function groups(view: View, { events, cut, groups: found }: Unmatched, from: string): Html {
  if (found.length === 0)
    return html`<section class="panel empty">
      <h2>Every diagnostic was decided by a rule</h2>
      <p>Texts that no rule knows are collected here, grouped by what they have in common.</p>
    </section>`;
  return html`<section class="panel">
    <header>
      <span
        ><b>${plural(events, "event")}</b>
        <span class="soft"
          >in ${plural(found.length, "group")}${cut && `, of the newest ${formatCount(LOOK_AT)}`}</span
        ></span
      >
      <a href="${link(view, "/log", { from, kind: "bounce,delay", evidence: UNDECIDED.join(",") })}">In the log</a>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="Groups">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col" class="num">Events</th>
            <th scope="col">What they say</th>
            <th scope="col">Taken for</th>
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
                  ${providers.length > 0 && html`<br /><span class="soft small">${providers.join(", ")}</span>`}
                  <details class="small">
                    <summary>Example</summary>
                    <p class="diagnostic mono">${example.text}</p>
                  </details>
                </td>
                <td data-label="Taken for">${wordsOf(example.reason)}</td>
                <td class="num">
                  ${view.may("operator") && html`<a class="button small" href="${link(view, "/unmatched/rule", { rules: rule })}">Make a rule</a>`}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
