/** What no rule decided, in groups; a rule tried on the past as one types; the log under the rules of today. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { Problem } from "../../http/problems.ts";
import { tryRules, UNDECIDED, unmatchedGroups, type RuleTrial, type Unmatched } from "../../http/unmatched.ts";
import { html, renderHtml, type Html } from "../html.ts";
import { csrfField, noticeLine, renderPage } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View } from "../view.ts";
import { formatCount, plural, wordsOf } from "../words.ts";

const LOOK_AT = 20_000;
const GROUPS = 60;
const TRY_ON = 2000;
const DAY_MS = 24 * 60 * 60 * 1000;
const rulesBody = z.object({ rules: z.string().max(200_000).default("") });

export function unmatchedPage(app: App, context: HttpContext): void {
  const viewer = { access: "viewer", page: true } as const;
  const operator = { access: "operator", page: true } as const;

  app.get(
    "/unmatched",
    {
      config: viewer,
      schema: { querystring: z.object({ days: z.coerce.number().int().min(1).max(400).default(30) }) },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const from = new Date(view.now - request.query.days * DAY_MS).toISOString();
      const found = await unmatchedGroups(context, { from }, { atMost: LOOK_AT, limit: GROUPS });
      return sendPage(
        reply,
        renderPage(view, {
          title: "Unmatched",
          lead: `Diagnostics of the last ${request.query.days} days that no rule decided: only a code, or nothing, spoke for the verdict.`,
          actions: view.may("operator")
            ? html`<a class="button" href="${link(view, "/unmatched/rule")}">Write a rule</a>
                <a class="button" href="${link(view, "/unmatched/reclassify")}">Reclassify the log</a>`
            : null,
          body: groups(view, found),
        }),
      );
    },
  );

  app.get("/unmatched/rule", { config: operator, schema: { querystring: rulesBody } }, async (request, reply) => {
    const { rules } = request.query;
    return sendPage(reply, editor(viewOf(request, context), rules, rules ? await outcome(rules) : null));
  });
  app.post("/unmatched/rule", { config: operator, schema: { body: rulesBody } }, async (request, reply) => {
    const { rules } = request.body;
    const result = await outcome(rules);
    const isLive = request.headers["x-csrf-token"] !== undefined;
    return sendPage(reply, isLive ? renderHtml(html`${result}`) : editor(viewOf(request, context), rules, result));
  });

  async function outcome(rules: string): Promise<Html | null> {
    if (rules.trim() === "") return null;
    try {
      return trial(await tryRules(context, rules, {}, TRY_ON));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return noticeLine({ tone: "bad", text: error.message });
    }
  }

  function editor(view: View, rules: string, result: Html | null): string {
    const where = context.config.BOUNCED_RULES;
    return renderPage(view, {
      title: "A rule of your own",
      lead: html`<a href="${link(view, "/unmatched")}">Unmatched</a> · tried on the newest ${formatCount(TRY_ON)}
        diagnostics of the log. Nothing is written.`,
      body: html`<div class="columns wide">
        <form
          class="panel stack"
          method="post"
          action="${link(view, "/unmatched/rule")}"
          data-live="trial"
          data-live-url="${link(view, "/unmatched/rule")}"
        >
          ${csrfField(view)}
          <div class="field">
            <label for="rules">Rule, in YAML</label>
            <textarea id="rules" name="rules" class="code tall" rows="18" spellcheck="false">
${rules || STARTER}</textarea>
          </div>
          <div class="row">
            <button class="primary">Try it</button>
            <span class="soft small">
              ${where ? html`When it is right, put it into <code>${where}</code>.` : html`When it is right, put it into a file and name that in <code>BOUNCED_RULES</code>.`}
            </span>
          </div>
        </form>
        <div id="trial" aria-live="polite" class="stack">${result}</div>
      </div>`,
    });
  }
}

const STARTER = `- id: own/quarantined-by-gateway
  when: { any: ["held for review"], replyCode: 550 }
  reason: policy
  because: The gateway of a customer holds our mail for review.
  source: our own log
  examples:
    - { text: "550 held for review by the gateway" }
`;

function groups(view: View, { events, cut, groups: found }: Unmatched): Html {
  if (found.length === 0)
    return html`<section class="panel empty">
      <h2>Every diagnostic was decided by a rule</h2>
      <p>Texts that no rule knows are collected here, grouped by what they have in common.</p>
    </section>`;
  return html`<section class="panel">
    <header>
      <span
        ><b>${plural(events, "event")}</b>
        <span class="soft">in ${plural(found.length, "group")}${cut && ", the newest ones"}</span></span
      >
      <a href="${link(view, "/log", { evidence: UNDECIDED.join(",") })}">In the log</a>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="Groups">
      <table>
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
                <td class="num"><b>${formatCount(count)}</b></td>
                <td class="break">
                  <code>${text}</code>
                  ${providers.length > 0 && html`<br /><span class="soft small">${providers.join(", ")}</span>`}
                  <details class="small">
                    <summary>Example</summary>
                    <p class="diagnostic mono">${example.text}</p>
                  </details>
                </td>
                <td>${wordsOf(example.reason)}</td>
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

const trial = ({ findings, tried, decided, moves }: RuleTrial): Html =>
  html`<section class="panel stack" aria-labelledby="trial-head">
    <h2 id="trial-head">Decides ${formatCount(decided)} of ${formatCount(tried)} diagnostics</h2>
    ${
      findings.length > 0 &&
      html`<ul class="plain">
        ${findings.map(
          ({ level, rule, problem }) =>
            html`<li class="break">
              <b>${level === "error" ? "Wrong" : "Doubtful"}</b>: <code>${rule}</code> ${problem}
            </li>`,
        )}
      </ul>`
    }
    ${moves.map(
      ({ from, to, count, examples }) =>
        html`<div>
          <h3>
            ${from === to ? wordsOf(to) : html`${wordsOf(from)} → ${wordsOf(to)}`}
            <span class="soft">${formatCount(count)}</span>
          </h3>
          ${examples.map((text) => html`<p class="diagnostic mono small">${text}</p>`)}
        </div>`,
    )}
  </section>`;
