/** The installation's own rules: those saved here, with their history, and those of its files. */
import { z } from "zod";
import { REASON_TABLE } from "../../event/reasons.ts";
import type { Rule } from "../../core/index.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { authorOf } from "../../http/routes/suppressions.ts";
import { removeRule } from "../../http/save-rules.ts";
import { readOwnRules } from "../../rules/load-rules.ts";
import { formatRules, readRuleHistory, readSavedRules, type RuleChange } from "../../rules/saved-rules.ts";
import { html, type Html } from "../html.ts";
import { csrfField, renderPage, type PageNotice } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { actorWords, linkTo, severityLabel, timeElement } from "../words.ts";

const HISTORY = 100;
const doneQuery = z.object({
  saved: z.string().max(2000).optional(),
  removed: z.string().max(300).optional(),
  same: z.coerce.number().optional(),
});

export function rulesPage(app: App, context: ViewContext & Pick<HttpContext, "config" | "reloadRules">): void {
  app.get(
    "/unmatched/rules",
    { config: { access: "viewer", page: true }, schema: { querystring: doneQuery } },
    (request, reply) => {
      const view = viewOf(request, context);
      const { config, reading } = context;
      const { rules, version } = readSavedRules(config.dataDir);
      const { files } = readOwnRules(config);
      const history = readRuleHistory(config.dataDir);
      const inForce = reading().rules.rules.filter(({ kind }) => kind === "user_rule");
      const own = new Set(inForce.map(({ rule }) => rule.id));
      const inFiles = new Set(files.map(({ id }) => id));
      const isBack = ({ id }: Rule): boolean => inFiles.has(id) || !own.has(id);
      return sendPage(
        reply,
        renderPage(view, {
          title: view.t.rules.yourRules,
          lead: html`<a href="${link(view, "/unmatched")}">${view.t.frame.unmatched}</a> · ${view.t.rules.rulesLead}`,
          notice: noticeOf(view, request.query),
          actions: view.may("operator")
            ? html`<a class="button" href="${link(view, "/unmatched/reclassify")}">${view.t.rules.reclassify}</a>
                <a class="button primary" href="${link(view, "/unmatched/rule")}">${view.t.rules.writeRule}</a>`
            : null,
          body: html`<div class="stack">
            ${savedRules(view, rules, { version, history, isBack })}
            ${config.BOUNCED_RULES !== undefined && fileRules(view, config.BOUNCED_RULES, files)}
            ${changes(view, history.slice(0, HISTORY))}
          </div>`,
        }),
      );
    },
  );
  app.post(
    "/unmatched/rules/remove",
    {
      config: { access: "operator", page: true, audit: "rule-change" },
      schema: { body: z.object({ id: z.string().max(300), version: z.string().max(64) }) },
    },
    (request, reply) => {
      const { id, version } = request.body;
      removeRule(context, id, { version, actor: authorOf(request).actor });
      return reply.redirect(link(viewOf(request, context), "/unmatched/rules", { removed: id }), 303);
    },
  );
}

function noticeOf(view: View, { saved, removed, same }: z.infer<typeof doneQuery>): PageNotice | null {
  const t = view.t.rules;
  const look = t.reclassifyHint(linkTo(link(view, "/unmatched/reclassify")));
  if (saved) return { tone: "good", text: t.saved(html`<b>${saved}</b>`, look) };
  if (removed) return { tone: "good", text: t.removed(html`<b>${removed}</b>`, look) };
  return same ? { tone: "note", text: t.same } : null;
}

interface SavedBeside {
  readonly version: string;
  readonly history: readonly RuleChange[];
  readonly isBack: (rule: Rule) => boolean;
}

function savedRules(view: View, rules: readonly Rule[], { version, history, isBack }: SavedBeside): Html {
  if (rules.length === 0)
    return html`<section class="panel empty">
      <h2>${view.t.rules.noneSaved}</h2>
      <p>${view.t.rules.noneSavedText}</p>
    </section>`;
  return html`<section class="panel" aria-labelledby="saved">
    <header>
      <h2 id="saved">${view.t.rules.savedHere}</h2>
      <span class="soft small">${view.t.rules.countRules(rules.length)}</span>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${view.t.rules.savedRules}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">${view.t.rules.rule}</th>
            <th scope="col">${view.t.rules.treatedAs}</th>
            <th scope="col">${view.t.rules.savedAt}</th>
            <th scope="col"><span class="visually-hidden">${view.t.rules.actions}</span></th>
          </tr>
        </thead>
        <tbody>
          ${rules.map((rule) => {
            const last = history.find((change) => change.rule === rule.id);
            return html`<tr>
              ${ruleCell(view, rule, isBack(rule))}
              <td class="nowrap">${verdict(view, rule)}</td>
              <td>
                ${last && timeElement(view, last.at)}${last && html`<br /><span class="soft small break">${actorWords(view, last.actor)}</span>`}
              </td>
              <td class="num nowrap">
                ${
                  view.may("operator") &&
                  html`<a
                      class="button small"
                      href="${link(view, "/unmatched/rule", { id: rule.id })}"
                      aria-label="${view.t.rules.editRule(rule.id)}"
                      >${view.t.rules.edit}</a
                    >
                    <form class="inline" method="post" action="${link(view, "/unmatched/rules/remove")}">
                      ${csrfField(view)}<input type="hidden" name="id" value="${rule.id}" /><input
                        type="hidden"
                        name="version"
                        value="${version}"
                      /><button class="small danger" aria-label="${view.t.rules.removeRule(rule.id)}">
                        ${view.t.common.remove}
                      </button>
                    </form>`
                }
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
}

const ruleCell = (view: View, rule: Rule, isBack = false): Html =>
  html`<th scope="row" class="break">
    <a class="mono" href="${link(view, "/log", { rule: rule.id })}" title="${view.t.rules.eventsOfRule}">${rule.id}</a>
    ${isBack && html`<span class="tag bad">${view.t.rules.ignored}</span>`}
    <br /><span class="soft small">${rule.because}</span>
    <details class="small">
      <summary>${view.t.rules.asYaml}</summary>
      <pre class="raw">${formatRules([rule])}</pre>
    </details>
  </th>`;

const verdict = (view: View, { reason }: Rule): Html =>
  html`${severityLabel(view, REASON_TABLE[reason].severity)}<br /><span class="soft small"
      >${view.t.terms.reason[reason]}</span
    >`;

const fileRules = (view: View, path: string, files: readonly Rule[]): Html =>
  html`<section class="panel" aria-labelledby="files">
    <header>
      <h2 id="files">${view.t.rules.inFiles}</h2>
      <span class="soft small break">${view.t.rules.inFilesHint(files.length, html`<code>${path}</code>`)}</span>
    </header>
    ${
      files.length > 0 &&
      html`<div class="table-wrap" tabindex="0" role="region" aria-label="${view.t.rules.fileRules}">
        <table class="cards">
          <tbody>
            ${files.map(
              (rule) =>
                html`<tr>
                  ${ruleCell(view, rule)}
                  <td class="nowrap">${verdict(view, rule)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
    }
  </section>`;

function changes(view: View, history: readonly RuleChange[]): Html | null {
  if (history.length === 0) return null;
  return html`<section class="panel" aria-labelledby="history">
    <header><h2 id="history">${view.t.rules.history}</h2></header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${view.t.rules.historyTable}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">${view.t.rules.when}</th>
            <th scope="col">${view.t.rules.who}</th>
            <th scope="col">${view.t.rules.what}</th>
            <th scope="col"><span class="visually-hidden">${view.t.rules.actions}</span></th>
          </tr>
        </thead>
        <tbody>
          ${history.map(
            ({ id, at, actor, action, rule, before, after }) =>
              html`<tr>
                <td class="nowrap">${timeElement(view, at)}</td>
                <td class="break">${actorWords(view, actor)}</td>
                <td class="break">
                  ${view.t.terms.change[action]} <code>${rule}</code>
                  ${[[view.t.rules.asItWas, before] as const, [view.t.rules.asSaved, after] as const].map(
                    ([name, version]) =>
                      version &&
                      html`<details class="small">
                        <summary>${name}</summary>
                        <pre class="raw">${formatRules([version])}</pre>
                      </details>`,
                  )}
                </td>
                <td class="num nowrap">
                  ${view.may("operator") && html`<a class="button small" href="${link(view, "/unmatched/rule", { change: id })}" aria-label="${view.t.rules.editRuleAsOf(rule, view.t.time(at))}">${view.t.rules.editVersion}</a>`}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
