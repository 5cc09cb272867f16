/** What another policy for soft bounces would have done to the past. Changes nothing. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import type { Cause, DryRun } from "../../store/suppressions/suppression.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export function suppressionPolicyPage(app: App, context: ViewContext & Pick<HttpContext, "config" | "store">): void {
  const present = context.config.file.suppression;
  const number = (least: number, most: number, standard: number) =>
    z.coerce.number().int().min(least).max(most).default(standard);
  const query = z.object({
    days: number(1, 400, 30),
    failures: number(1, 100, present.soft.failures),
    withinDays: number(1, 365, present.soft.withinDays),
    spreadDays: number(0, 365, present.soft.spreadDays),
    run: z.literal("1").optional(),
  });
  app.get(
    "/suppressions/policy",
    { config: { access: "operator", page: true }, schema: { querystring: query } },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { run, days, failures, withinDays, spreadDays } = request.query;
      const result = run
        ? await context.store.suppressions.dryRun(
            { from: new Date(view.now - days * DAY_MS).toISOString() },
            { ...present, soft: { ...present.soft, failures, withinDays, spreadDays } },
          )
        : null;
      const field = (name: string, label: string, value: number) =>
        html`<div class="field">
          <label for="${name}">${label}</label
          ><input id="${name}" name="${name}" type="number" inputmode="numeric" value="${value}" />
        </div>`;
      return sendPage(
        reply,
        renderPage(view, {
          title: view.t.suppressions.policy,
          lead: html`<a href="${link(view, "/suppressions")}">${view.t.frame.suppressions}</a> ·
            ${view.t.suppressions.policyLead}`,
          body: html`<div class="stack">
            <form class="panel stack" method="get" action="${link(view, "/suppressions/policy")}">
              <div class="fields">
                ${field("failures", view.t.suppressions.policyFailures, failures)}
                ${field("withinDays", view.t.suppressions.policyWithin, withinDays)}
                ${field("spreadDays", view.t.suppressions.policySpread, spreadDays)}
                ${field("days", view.t.suppressions.policyDays, days)}
              </div>
              <div><button class="primary" name="run" value="1">${view.t.suppressions.policyRun}</button></div>
            </form>
            ${result && outcome(view, result)}
          </div>`,
        }),
      );
    },
  );
}

const outcome = ({ t }: View, result: DryRun): Html =>
  html`<section class="panel stack" aria-labelledby="outcome">
    <h2 id="outcome">${t.suppressions.policyOutcome(result.suppressed, result.events)}</h2>
    <dl class="facts">
      <dt>${t.suppressions.policyNew}</dt>
      <dd>${t.count(result.added)}</dd>
      <dt>${t.suppressions.policyMissing}</dt>
      <dd>${t.count(result.missing)}</dd>
      ${Object.entries(result.byCause).map(
        ([cause, count]) =>
          html`<dt>${Object.hasOwn(t.terms.cause, cause) ? t.terms.cause[cause as Cause] : cause}</dt>
            <dd>${t.count(count)}</dd>`,
      )}
    </dl>
    ${list(t.suppressions.policyAdded, result.examples.added)}
    ${list(t.suppressions.policyGone, result.examples.missing)}
  </section>`;

const list = (title: string, addresses: readonly string[]): Html | null =>
  addresses.length === 0
    ? null
    : html`<div>
        <h3>${title}</h3>
        <p class="break mono small">${addresses.join(", ")}</p>
      </div>`;
