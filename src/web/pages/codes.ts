/** The dictionary: what a code or a pasted rejection means, and what to do. */
import { z } from "zod";
import { LANGUAGES, type Language } from "../../config/config.ts";
import { accountFor } from "../../core/classify/account.ts";
import { emptyRefusal } from "../../core/classify/classify.ts";
import { classifyAndExplain } from "../../core/explanations/explained-verdict.ts";
import { allCodes, frequentCodes, lookUp, type DictionaryEntry } from "../../core/dictionary/dictionary.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { html, renderHtml, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { csrfField, renderPage } from "../layout.ts";
import { dictionaryTable } from "../parts/dictionary-table.ts";
import { markEvidence } from "../parts/mark-evidence.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View } from "../view.ts";
import { ADVICE_WORDS, FAULT_WORDS, plural, severityLabel, wordsOf } from "../words.ts";

const MAX_TEXT = 20_000;
const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  ja: "日本語",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
};
const question = z.object({
  q: z.string().max(MAX_TEXT).default(""),
  language: z.enum(LANGUAGES).optional(),
});

export function codesPage(app: App, context: HttpContext): void {
  const config = { access: "viewer", page: true } as const;
  app.get("/codes", { config, schema: { querystring: question } }, (request, reply) => {
    const view = viewOf(request, context);
    const language = request.query.language ?? context.language;
    const asked = request.query.q.trim();
    return sendPage(
      reply,
      renderPage(view, {
        title: "Codes",
        lead: "What a status code, a reply code or a whole rejection means, and what to do about it.",
        body: html`<div class="stack">
          ${searchForm(view, asked, language)}
          <div id="answer" class="stack" aria-live="polite">${answerTo(context, view, asked, language)}</div>
          ${frequent(frequentCodes({ language }))} ${complete(view, language)} ${failureCodes(context, view)}
          ${providers(context, view)}
        </div>`,
      }),
    );
  });
  // Two hundred codes are a page of their own, or come when somebody opens them.
  app.get(
    "/codes/all",
    { config, schema: { querystring: question.extend({ part: z.literal("table").optional() }) } },
    (request, reply) => {
      const view = viewOf(request, context);
      const { language = context.language, part } = request.query;
      const table = dictionaryTable("The complete list", allCodes({ language }));
      if (part) return sendPage(reply, renderHtml(table));
      const lead = html`<a href="${link(view, "/codes")}">Codes</a>`;
      return sendPage(
        reply,
        renderPage(view, { title: "The complete list", lead, body: html`<section class="panel">${table}</section>` }),
      );
    },
  );
  // The same answer while one types.
  app.post("/codes/answer", { config, schema: { body: question } }, (request, reply) => {
    const { q, language } = request.body;
    const answer = answerTo(context, viewOf(request, context), q.trim(), language ?? context.language);
    return sendPage(reply, renderHtml(html`${answer}`));
  });
}

const searchForm = (view: View, asked: string, language: Language): Html =>
  html`<form
    class="panel"
    method="get"
    action="${link(view, "/codes")}"
    role="search"
    data-live="answer"
    data-live-url="${link(view, "/codes/answer")}"
  >
    ${view.csrf !== "" && csrfField(view)}
    <div class="fields lookup">
      <div class="field">
        <label for="q">Code or rejection text</label>
        <textarea
          id="q"
          name="q"
          class="code short"
          maxlength="${MAX_TEXT}"
          autocomplete="off"
          spellcheck="false"
          placeholder="5.7.26, 552, or paste what the server said"
        >
${asked}</textarea>
      </div>
      <div class="field">
        <label for="language">Answer in</label>
        <select id="language" name="language">
          ${LANGUAGES.map(
            (one) => html`<option value="${one}" ${one === language && html`selected`}>${LANGUAGE_NAMES[one]}</option>`,
          )}
        </select>
        <button class="primary">${icon("search")}Explain</button>
      </div>
    </div>
  </form>`;

function answerTo(context: HttpContext, view: View, asked: string, language: Language): Html | null {
  if (asked === "") return null;
  const codes = /^(?:(\d{3})[ -]#?)?(\d\.\d{1,3}\.\d{1,3}|\d{3})$/.exec(asked);
  if (codes) {
    const entries = [codes[2], codes[1]].flatMap((code) => (code ? (lookUp(code, { language }) ?? []) : []));
    if (entries.length > 0) return html`${entries.map((entry) => entryPanel(view, entry, language))}`;
  }
  const { rules } = context.reading();
  const refusal = { ...emptyRefusal, text: asked };
  const verdict = classifyAndExplain(refusal, { rules, language, failureCodes: context.failureCodes });
  const { facts, changes } = accountFor(refusal, rules);
  const failureCode = context.failureCodes.byCode.get(verdict.codes.failureCode);
  return html`<section class="panel" aria-labelledby="verdict">
    <header>
      <h2 id="verdict">${severityLabel(verdict.severity)} · ${wordsOf(verdict.reason)}</h2>
      <span class="soft small">${Math.round(verdict.confidence * 100)} % confidence</span>
    </header>
    <p class="says" lang="${language}">${verdict.explanation}</p>
    <p class="diagnostic mono">${markEvidence(asked, verdict.evidence)}</p>
    <p class="chips">
      <span class="tag">Fault: ${FAULT_WORDS[verdict.fault]}</span>
      <span class="tag">Advice: ${ADVICE_WORDS[verdict.advice]}</span>
      ${verdict.derivedStatus && html`<span class="tag mono">${verdict.derivedStatus}</span>`}
      ${failureCode && html`<span class="tag">${failureCode.code} ${failureCode.text}</span>`}
      ${
        verdict.provider &&
        html`<a class="tag" href="${link(view, `/codes/providers/${verdict.provider}`)}"
          >${view.providerName(verdict.provider)}</a
        >`
      }
      ${verdict.evidence[0]?.rule && html`<span class="tag mono">${verdict.evidence[0].rule}</span>`}
    </p>
    ${
      facts.length > 0 &&
      html`<h3>What the text says</h3>
        <ul>
          ${facts.map((fact) => html`<li>${fact}</li>`)}
        </ul>`
    }
    ${changes.map((change) => html`<p class="small soft">${change}</p>`)}
  </section>`;
}

const entryPanel = (view: View, entry: DictionaryEntry, language: Language): Html =>
  html`<section class="panel">
    <header>
      <h2><span class="mono">${entry.code}</span> ${entry.title}</h2>
      ${severityLabel(entry.severity)}
    </header>
    <p class="says" lang="${language}">${entry.meaning}</p>
    <dl class="facts">
      ${
        entry.cause &&
        html`<dt>Usual cause</dt>
          <dd>${entry.cause}</dd>`
      }
      <dt>Next step</dt>
      <dd lang="${language}">${entry.nextStep}</dd>
      <dt>Treated as</dt>
      <dd>${wordsOf(entry.reason)}, advice: ${ADVICE_WORDS[entry.advice]}</dd>
      ${
        entry.replyCodes.length > 0 &&
        html`<dt>Reply codes</dt>
          <dd class="mono">${entry.replyCodes.join(", ")}</dd>`
      }
      <dt>Source</dt>
      <dd>${entry.reference}</dd>
      ${
        entry.deviations.length > 0 &&
        html`<dt>Provider-specific meaning</dt>
          <dd>
            ${entry.deviations.map(({ provider, code, when }) => html`<div>${provider} <code>${code}</code>: ${when}</div>`)}
          </dd>`
      }
      <dt>In the log</dt>
      <dd>
        <a
          href="${link(view, "/log", /\./.test(entry.code) ? { status: entry.code.replace(/^x/i, "5") } : { replyCode: entry.code })}"
          >Events with this code</a
        >
      </dd>
    </dl>
  </section>`;

const frequent = (entries: readonly DictionaryEntry[]): Html =>
  html`<section class="panel">
    <details open>
      <summary>
        <h2 class="inline">Common codes</h2>
        <span class="soft">${plural(entries.length, "code")}</span>
      </summary>
      ${dictionaryTable("Common codes", entries)}
    </details>
  </section>`;

const complete = (view: View, language: Language): Html =>
  html`<section class="panel">
    <details>
      <summary><h2 class="inline">The complete list</h2></summary>
      <div class="spaced" data-load-open="${link(view, "/codes/all", { language, part: "table" })}">
        <a href="${link(view, "/codes/all", { language })}">Show all codes</a>
      </div>
    </details>
  </section>`;

const failureCodes = ({ failureCodes: codes }: HttpContext, view: View): Html =>
  html`<section class="panel">
    <details>
      <summary>
        <h2 class="inline">Failure codes</h2>
        <span class="soft">four-digit codes of this installation</span>
      </summary>
      <div class="table-wrap spaced" tabindex="0" role="region" aria-label="Failure codes">
        <table class="cards">
          <tbody>
            ${codes.all.map(
              ({ code, text, family, custom }) =>
                html`<tr>
                  <th scope="row" class="mono"><a href="${link(view, "/log", { failureCode: code })}">${code}</a></th>
                  <td>${text}${custom && html` <span class="tag">custom</span>`}</td>
                  <td class="soft">${family}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;

const providers = ({ reading }: HttpContext, view: View): Html =>
  html`<section class="panel">
    <header><h2>Providers</h2></header>
    <p class="chips">
      ${reading()
        .rules.providers.map(({ provider }) => provider)
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map(({ id, name }) => html`<a class="tag" href="${link(view, `/codes/providers/${id}`)}">${name}</a>`)}
    </p>
  </section>`;
