/** A rule of one's own: written, tried on the past as one types, saved. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { Problem, PROBLEMS } from "../../http/problems.ts";
import { eventIdSchema } from "../../http/routes/events.ts";
import { authorOf } from "../../http/routes/suppressions.ts";
import { signalOf } from "../../http/signal-of.ts";
import { MAX_RULES_TEXT, tryRules } from "../../http/rule-trial.ts";
import { saveRules } from "../../http/save-rules.ts";
import { WITHOUT_RULE } from "../../store/log/log-query.ts";
import { formatRules, readRuleHistory, readSavedRules } from "../../rules/saved-rules.ts";
import { createTemplates, ruleFor } from "../../store/log/templates.ts";
import { html, renderHtml, type Html } from "../html.ts";
import { csrfField, noticeLine, renderPage, type PageNotice } from "../layout.ts";
import { ruleGrammar } from "../parts/rule-grammar.ts";
import { ruleTrial } from "../parts/rule-trial.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";

const TRY_ON = 2000;
const SCOPES = {
  newest: { name: "scopeNewest", filter: {}, decides: "decides" },
  undecided: { name: "scopeUndecided", filter: { evidence: WITHOUT_RULE }, decides: "decidesUndecided" },
} as const;
const text = z.string().max(MAX_RULES_TEXT);
const scope = z.enum(["newest", "undecided"]).default("newest");
const start = z.object({
  rules: text.default(""),
  /** Of a saved rule. */
  id: z.string().max(300).optional(),
  /** Of an entry of the history. */
  change: z.string().max(32).optional(),
  event: eventIdSchema.shape.id.optional(),
  scope,
});
const trialBody = z.object({ rules: text.default(""), version: z.string().max(64).default(""), scope });

const STARTER = `- id: own/held-for-review
  when: { any: ["held for review"], replyCode: 550 }
  reason: policy
  because: The gateway of a customer holds our mail for review.
  source: our own log
  examples:
    - { text: "550 held for review by the gateway" }
`;

export function ruleEditorPage(
  app: App,
  context: ViewContext & Pick<HttpContext, "config" | "reloadRules" | "store">,
): void {
  const config = { access: "operator", page: true } as const;

  app.get("/unmatched/rule", { config, schema: { querystring: start } }, async (request, reply) => {
    const view = viewOf(request, context);
    const rules = await startingText(view, request.query);
    const { version } = readSavedRules(context.config.dataDir);
    const form = { rules: rules ?? STARTER, version, scope: request.query.scope };
    const result = rules === null ? howTo(view) : await outcome(view, form, signalOf(request));
    return sendPage(reply, editor(view, form, result, null));
  });

  app.post("/unmatched/rule", { config, schema: { body: trialBody } }, async (request, reply) => {
    const view = viewOf(request, context);
    const result = await outcome(view, request.body, signalOf(request));
    const isLive = request.headers["x-csrf-token"] !== undefined;
    return sendPage(reply, isLive ? renderHtml(html`${result}`) : editor(view, request.body, result, null));
  });

  app.post(
    "/unmatched/rule/save",
    { config: { ...config, audit: "rule-change" }, schema: { body: trialBody } },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { rules, version } = request.body;
      try {
        const { changes } = saveRules(context, rules, { version, actor: authorOf(request).actor });
        const saved = changes.map(({ rule }) => rule).join(", ");
        return await reply.redirect(link(view, "/unmatched/rules", saved === "" ? { same: 1 } : { saved }), 303);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        // With the version of now: who has read the notice may save over it.
        const form = { ...request.body, version: readSavedRules(context.config.dataDir).version };
        const notice: PageNotice = {
          tone: "bad",
          text: html`${view.t.rules.notSaved} <span lang="en">${error.message}</span>`,
        };
        reply.code(PROBLEMS[error.problem].status);
        return sendPage(reply, editor(view, form, await outcome(view, form, signalOf(request)), notice));
      }
    },
  );

  /** Null: nothing to begin with. */
  async function startingText(
    { t }: View,
    { rules, id, change, event }: z.infer<typeof start>,
  ): Promise<string | null> {
    const { dataDir } = context.config;
    if (rules !== "") return rules;
    if (id !== undefined) {
      const saved = readSavedRules(dataDir).rules.find((rule) => rule.id === id);
      if (!saved) throw new Problem("notFound", t.rules.noSavedRule(id));
      return formatRules([saved]);
    }
    if (change !== undefined) {
      const found = readRuleHistory(dataDir).find((one) => one.id === change);
      const version = found?.after ?? found?.before;
      if (!version) throw new Problem("notFound", t.rules.versionGone);
      return formatRules([version]);
    }
    const found = event === undefined ? null : await context.store.get(event);
    if (!found?.event.diagnostic) return null;
    const { diagnostic, reason, status, replyCode, provider } = found.event;
    const templates = createTemplates();
    templates.add({ text: diagnostic.text, reason, status, replyCode, provider });
    return templates.list().map(ruleFor).join("");
  }

  async function outcome(view: View, form: z.infer<typeof trialBody>, signal: AbortSignal): Promise<Html | null> {
    if (form.rules.trim() === "") return howTo(view);
    try {
      const { filter, decides } = SCOPES[form.scope];
      return ruleTrial(view, await tryRules(context, form.rules, filter, TRY_ON, signal), decides);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return noticeLine({ tone: "bad", text: html`<span lang="en">${error.message}</span>` });
    }
  }
}

function editor(view: View, form: z.infer<typeof trialBody>, result: Html | null, notice: PageNotice | null): string {
  return renderPage(view, {
    title: view.t.rules.writeRule,
    lead: html`<a href="${link(view, "/unmatched")}">${view.t.frame.unmatched}</a> ·
      <a href="${link(view, "/unmatched/rules")}">${view.t.rules.yourRules}</a> · ${view.t.rules.editorLead}`,
    notice,
    body: html`<div class="columns wide">
      <div class="stack">
        <form
          class="panel stack"
          method="post"
          action="${link(view, "/unmatched/rule/save")}"
          data-live="trial"
          data-live-url="${link(view, "/unmatched/rule")}"
        >
          ${csrfField(view)}<input type="hidden" name="version" value="${form.version}" />
          <div class="field">
            <label for="rules">${view.t.rules.inYaml}</label>
            <textarea
              id="rules"
              name="rules"
              class="code tall"
              rows="16"
              spellcheck="false"
              maxlength="${MAX_RULES_TEXT}"
            >
${form.rules}</textarea>
          </div>
          <div class="row">
            <label for="scope">${view.t.rules.testAgainst}</label>
            <select id="scope" name="scope" class="auto">
              ${Object.entries(SCOPES).map(
                ([value, { name }]) =>
                  html`<option value="${value}" ${value === form.scope && html`selected`}>
                    ${view.t.rules[name](TRY_ON)}
                  </option>`,
              )}
            </select>
          </div>
          <div class="row">
            <button formaction="${link(view, "/unmatched/rule")}">${view.t.rules.test}</button>
            <button class="primary">${view.t.common.save}</button>
            <span class="soft small">${view.t.rules.savedAppliesToNew}</span>
          </div>
        </form>
        ${ruleGrammar(view)}
      </div>
      <div id="trial" aria-live="polite" class="stack">${result}</div>
    </div>`,
  });
}

const howTo = ({ t }: View): Html =>
  html`<section class="panel stack">
    <h2>${t.rules.testResult}</h2>
    <p>${t.rules.howTo}</p>
  </section>`;
