/** The dictionary: what a code or a pasted rejection means, and what to do. */
import { z } from "zod";
import { SPOKEN_LANGUAGES, type Language } from "../../config/config.ts";
import { failureCodeIn } from "../../explanations/failure-code-texts.ts";
import { allCodes, frequentCodes, type DictionaryEntry } from "../../dictionary/dictionary.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { html, renderHtml, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { LANGUAGE_NAMES } from "../language/texts.ts";
import { csrfField, renderPage } from "../layout.ts";
import { codeAnswer } from "../parts/code-answer.ts";
import { dictionaryTable } from "../parts/dictionary-table.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";

const MAX_TEXT = 20_000;
const question = z.object({
  q: z.string().max(MAX_TEXT).default(""),
  language: z.enum(SPOKEN_LANGUAGES).optional(),
});

export function codesPage(app: App, context: ViewContext & Pick<HttpContext, "failureCodes">): void {
  const config = { access: "viewer", page: true } as const;
  app.get("/codes", { config, schema: { querystring: question } }, (request, reply) => {
    const view = viewOf(request, context);
    const language = request.query.language ?? view.language;
    const asked = request.query.q.trim();
    return sendPage(
      reply,
      renderPage(view, {
        title: view.t.frame.codes,
        lead: view.t.codes.lead,
        actions: html`${view.reaches("/codes/message") && html`<a class="button" href="${link(view, "/codes/message")}">${view.t.codes.readMessage}</a>`}`,
        body: html`<div class="stack">
          ${searchForm(view, asked, language)}
          <div id="answer" class="stack" aria-live="polite">${codeAnswer(context, view, asked, language)}</div>
          ${frequent(view, frequentCodes({ language }))} ${complete(view, language)} ${failureCodes(context, view)}
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
      const { language = view.language, part } = request.query;
      const table = dictionaryTable(view, view.t.codes.complete, allCodes({ language }));
      if (part) return sendPage(reply, renderHtml(table));
      const lead = html`<a href="${link(view, "/codes")}">${view.t.frame.codes}</a>`;
      return sendPage(
        reply,
        renderPage(view, { title: view.t.codes.complete, lead, body: html`<section class="panel">${table}</section>` }),
      );
    },
  );
  // The same answer while one types.
  app.post("/codes/answer", { config, schema: { body: question } }, (request, reply) => {
    const { q, language } = request.body;
    const view = viewOf(request, context);
    const answer = codeAnswer(context, view, q.trim(), language ?? view.language);
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
        <label for="q">${view.t.codes.question}</label>
        <textarea
          id="q"
          name="q"
          class="code short"
          maxlength="${MAX_TEXT}"
          autocomplete="off"
          spellcheck="false"
          placeholder="${view.t.codes.questionHint}"
        >
${asked}</textarea>
      </div>
      <div class="field">
        <label for="language">${view.t.codes.answerIn}</label>
        <select id="language" name="language">
          ${SPOKEN_LANGUAGES.map(
            (one) => html`<option value="${one}" ${one === language && html`selected`}>${LANGUAGE_NAMES[one]}</option>`,
          )}
        </select>
        <button class="primary">${icon("search")}${view.t.codes.explain}</button>
      </div>
    </div>
  </form>`;

const frequent = (view: View, entries: readonly DictionaryEntry[]): Html =>
  html`<section class="panel">
    <details open>
      <summary>
        <h2 class="inline">${view.t.codes.common}</h2>
        <span class="soft">${view.t.codes.countCodes(entries.length)}</span>
      </summary>
      ${dictionaryTable(view, view.t.codes.common, entries)}
    </details>
  </section>`;

const complete = (view: View, language: Language): Html =>
  html`<section class="panel">
    <details>
      <summary><h2 class="inline">${view.t.codes.complete}</h2></summary>
      <div class="spaced" data-load-open="${link(view, "/codes/all", { language, part: "table" })}">
        <a href="${link(view, "/codes/all", { language })}">${view.t.codes.showAll}</a>
      </div>
    </details>
  </section>`;

const failureCodes = ({ failureCodes: codes }: Pick<HttpContext, "failureCodes">, view: View): Html =>
  html`<section class="panel">
    <details>
      <summary>
        <h2 class="inline">${view.t.codes.failureCodes}</h2>
        <span class="soft">${view.t.codes.failureCodesHint}</span>
      </summary>
      <div class="table-wrap spaced" tabindex="0" role="region" aria-label="${view.t.codes.failureCodes}">
        <table class="cards">
          <tbody>
            ${codes.all.map((one) => {
              const { code, text, family, custom } = failureCodeIn(one, view.language);
              return html`<tr>
                <th scope="row" class="mono"><a href="${link(view, "/log", { failureCode: code })}">${code}</a></th>
                <td>${text}${custom && html` <span class="tag">${view.t.codes.custom}</span>`}</td>
                <td class="soft">${family}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;

const providers = ({ reading }: Pick<HttpContext, "reading">, view: View): Html =>
  html`<section class="panel">
    <header><h2>${view.t.codes.providers}</h2></header>
    <p class="chips">
      ${reading()
        .rules.providers.map(({ provider }) => provider)
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map(({ id, name }) => html`<a class="tag" href="${link(view, `/codes/providers/${id}`)}">${name}</a>`)}
    </p>
  </section>`;
