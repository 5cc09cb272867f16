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
import { actorWords, plural, severityLabel, timeElement, spellName } from "../words.ts";

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
          title: "Your rules",
          lead: html`<a href="${link(view, "/unmatched")}">Unmatched</a> · they take precedence over the built-in rules,
            and apply within seconds in every process of this machine.`,
          notice: noticeOf(view, request.query),
          actions: view.may("operator")
            ? html`<a class="button" href="${link(view, "/unmatched/reclassify")}">Reclassify</a>
                <a class="button primary" href="${link(view, "/unmatched/rule")}">Write a rule</a>`
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
      config: { access: "operator", page: true },
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
  const look = html`Earlier events keep their classification until you
    <a href="${link(view, "/unmatched/reclassify")}">reclassify the log</a>.`;
  if (saved) return { tone: "good", text: html`Saved: <b>${saved}</b>. ${look}` };
  if (removed)
    return { tone: "good", text: html`Removed: <b>${removed}</b>. Its versions stay in the history below. ${look}` };
  return same ? { tone: "note", text: "Nothing changed: the same rule is already saved." } : null;
}

interface SavedBeside {
  readonly version: string;
  readonly history: readonly RuleChange[];
  readonly isBack: (rule: Rule) => boolean;
}

function savedRules(view: View, rules: readonly Rule[], { version, history, isBack }: SavedBeside): Html {
  if (rules.length === 0)
    return html`<section class="panel empty">
      <h2>No saved rules</h2>
      <p>
        Write a rule where the built-in rules do not match a server response, or classify it differently than you want.
      </p>
    </section>`;
  return html`<section class="panel" aria-labelledby="saved">
    <header>
      <h2 id="saved">Saved here</h2>
      <span class="soft small">${plural(rules.length, "rule")}</span>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="Saved rules">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Treated as</th>
            <th scope="col">Saved</th>
            <th scope="col"><span class="visually-hidden">Actions</span></th>
          </tr>
        </thead>
        <tbody>
          ${rules.map((rule) => {
            const last = history.find((change) => change.rule === rule.id);
            return html`<tr>
              ${ruleCell(view, rule, isBack(rule))}
              <td class="nowrap">${verdict(rule)}</td>
              <td>
                ${last && timeElement(last.at)}${last && html`<br /><span class="soft small break">${actorWords(last.actor)}</span>`}
              </td>
              <td class="num nowrap">
                ${
                  view.may("operator") &&
                  html`<a
                      class="button small"
                      href="${link(view, "/unmatched/rule", { id: rule.id })}"
                      aria-label="Edit ${rule.id}"
                      >Edit</a
                    >
                    <form class="inline" method="post" action="${link(view, "/unmatched/rules/remove")}">
                      ${csrfField(view)}<input type="hidden" name="id" value="${rule.id}" /><input
                        type="hidden"
                        name="version"
                        value="${version}"
                      /><button class="small danger" aria-label="Remove ${rule.id}">Remove</button>
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
    <a class="mono" href="${link(view, "/log", { rule: rule.id })}" title="Events decided by this rule">${rule.id}</a>
    ${isBack && html`<span class="tag bad">ignored: another rule has the same id</span>`}
    <br /><span class="soft small">${rule.because}</span>
    <details class="small">
      <summary>As YAML</summary>
      <pre class="raw">${formatRules([rule])}</pre>
    </details>
  </th>`;

const verdict = ({ reason }: Rule): Html =>
  html`${severityLabel(REASON_TABLE[reason].severity)}<br /><span class="soft small">${spellName(reason)}</span>`;

const fileRules = (view: View, path: string, files: readonly Rule[]): Html =>
  html`<section class="panel" aria-labelledby="files">
    <header>
      <h2 id="files">In your files</h2>
      <span class="soft small break">${plural(files.length, "rule")} in <code>${path}</code>, edit them there</span>
    </header>
    ${
      files.length > 0 &&
      html`<div class="table-wrap" tabindex="0" role="region" aria-label="Rules of files">
        <table class="cards">
          <tbody>
            ${files.map(
              (rule) =>
                html`<tr>
                  ${ruleCell(view, rule)}
                  <td class="nowrap">${verdict(rule)}</td>
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
    <header><h2 id="history">History</h2></header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="History of the saved rules">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col"><span class="visually-hidden">Actions</span></th>
          </tr>
        </thead>
        <tbody>
          ${history.map(
            ({ id, at, actor, action, rule, before, after }) =>
              html`<tr>
                <td class="nowrap">${timeElement(at)}</td>
                <td class="break">${actorWords(actor)}</td>
                <td class="break">
                  ${spellName(action)} <code>${rule}</code>
                  ${[["As it was", before] as const, ["As saved", after] as const].map(
                    ([name, version]) =>
                      version &&
                      html`<details class="small">
                        <summary>${name}</summary>
                        <pre class="raw">${formatRules([version])}</pre>
                      </details>`,
                  )}
                </td>
                <td class="num nowrap">
                  ${view.may("operator") && html`<a class="button small" href="${link(view, "/unmatched/rule", { change: id })}" aria-label="Edit ${rule} as of ${at}">Edit this version</a>`}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
