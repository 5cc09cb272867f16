/** Importing a list: looked at first, added then. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import { ifFields } from "../../http/access/record-acts.ts";
import type { HttpContext } from "../../http/context.ts";
import { importList, type Imported } from "../../http/import-list.ts";
import { authorOf } from "../../http/routes/suppressions.ts";
import { messageOf } from "../../machine/error-message.ts";
import { QueryError } from "../../store/log/log-query.ts";
import { LIST_FORMATS, LIST_SHAPES, type ListFormat } from "../../store/suppressions/formats/index.ts";
import { html, type Html } from "../html.ts";
import { csrfField, renderPage, type PageNotice } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";

const MAX_FORM = 32 * 1024 * 1024;
const body = z.object({
  format: z.enum(LIST_FORMATS),
  csv: z.string().min(1, "choose a file or paste its contents"),
  step: z.enum(["preview", "import"]),
});

export function suppressionImportPage(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  app.get("/suppressions/import", { config: { access: "operator", page: true } }, (request, reply) =>
    sendPage(reply, render(viewOf(request, context), { format: "bounced", csv: "" }, null, null)),
  );
  app.post(
    "/suppressions/import",
    {
      config: { access: "operator", page: true, audit: ifFields("body", { step: "import" }, "list-change") },
      bodyLimit: MAX_FORM,
      schema: { body },
    },
    async (request, reply) => {
      const { format, csv, step } = request.body;
      const view = viewOf(request, context);
      const author = step === "import" ? authorOf(request, `import from ${LIST_SHAPES[format].name}`) : null;
      try {
        const result = await importList(context.store.suppressions, csv, format, author);
        if (author)
          return sendPage(
            reply,
            render(view, { format, csv: "" }, null, {
              tone: "good",
              text: view.t.suppressions.imported(result.added, result.accepted - result.added),
            }),
          );
        return sendPage(reply, render(view, { format, csv }, result, null));
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        return sendPage(reply.code(400), render(view, { format, csv }, null, { tone: "bad", text: messageOf(error) }));
      }
    },
  );
}

function render(
  view: View,
  given: { readonly format: ListFormat; readonly csv: string },
  preview: Imported | null,
  notice: PageNotice | null,
): string {
  return renderPage(view, {
    title: view.t.suppressions.import,
    lead: html`<a href="${link(view, "/suppressions")}">${view.t.frame.suppressions}</a> ·
      ${view.t.suppressions.importLead}`,
    notice,
    body: html`<div class="stack">
      ${preview && previewPanel(view, given, preview)}
      <form class="panel stack" method="post" action="${link(view, "/suppressions/import")}">
        ${csrfField(view)}
        <div class="fields">
          <div class="field">
            <label for="format">${view.t.suppressions.format}</label>
            <select id="format" name="format">
              ${LIST_FORMATS.map((format) => html`<option value="${format}" ${given.format === format && html`selected`}>${LIST_SHAPES[format].name}</option>`)}
            </select>
          </div>
          <div class="field two">
            <label for="file">${view.t.suppressions.file}</label>
            <input id="file" type="file" accept=".csv,text/csv,text/plain" data-into="csv" />
          </div>
        </div>
        <div class="field">
          <label for="csv">${view.t.suppressions.pasteCsv}</label>
          <textarea id="csv" name="csv" class="code" required rows="10" spellcheck="false">${given.csv}</textarea>
        </div>
        <div><button class="primary" name="step" value="preview">${view.t.suppressions.preview}</button></div>
      </form>
    </div>`,
  });
}

const previewPanel = (
  view: View,
  given: { readonly format: ListFormat; readonly csv: string },
  preview: Imported,
): Html =>
  html`<section class="panel stack" aria-labelledby="preview">
    <h2 id="preview">${view.t.suppressions.previewTitle(preview.lines, preview.accepted, preview.mistakesInAll)}</h2>
    ${preview.skipped > 0 && html`<p>${view.t.suppressions.skipped(preview.skipped)}</p>`}
    ${preview.examples.length > 0 && html`<p>${view.t.suppressions.examples(preview.examples.map((one, index) => html`${index > 0 && ", "}<code class="break">${one}</code>`))}</p>`}
    ${
      preview.mistakes.length > 0 &&
      html`<ul class="plain">
        ${preview.mistakes.map(({ line, message }) => html`<li>${view.t.suppressions.lineMistake(line, html`<span class="break" lang="en">${message}</span>`)}</li>`)}
      </ul>`
    }
    ${
      preview.accepted > 0 &&
      html`<form method="post" action="${link(view, "/suppressions/import")}">
        ${csrfField(view)}<input type="hidden" name="format" value="${given.format}" />
        <textarea name="csv" hidden>${given.csv}</textarea>
        <button class="primary" name="step" value="import">${view.t.suppressions.addCount(preview.accepted)}</button>
      </form>`
    }
  </section>`;
