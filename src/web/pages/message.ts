/** A message that somebody pastes or drops: its events, and nothing stored. */
import { z } from "zod";
import type { BouncedEvent } from "../../event/event.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { html, type Html } from "../html.ts";
import { csrfField, renderPage } from "../layout.ts";
import { explanationLine } from "../language/explanation.ts";
import { facts } from "../parts/facts.ts";
import { verdict } from "../parts/verdict.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { recipientOf } from "../words.ts";

const MAX_TEXT = 1024 * 1024;
/** Each character of a form may be three octets long. */
const MAX_FORM = 3 * MAX_TEXT + 4096;
/** A report on ten thousand recipients is no page. */
const MAX_SHOWN = 20;
const body = z.object({ message: z.string().min(1, "choose a file or paste a message").max(MAX_TEXT) });

export function messagePage(app: App, context: ViewContext & Pick<HttpContext, "readMessage">): void {
  const config = { access: "viewer", page: true } as const;
  app.get("/codes/message", { config }, (request, reply) =>
    sendPage(reply, render(viewOf(request, context), "", null)),
  );
  app.post("/codes/message", { config, bodyLimit: MAX_FORM, schema: { body } }, async (request, reply) => {
    const { message } = request.body;
    const events = await context.readMessage(Buffer.from(message));
    return sendPage(reply, render(viewOf(request, context), message, events));
  });
}

const render = (view: View, message: string, events: readonly BouncedEvent[] | null): string =>
  renderPage(view, {
    title: view.t.codes.readMessage,
    lead: html`<a href="${link(view, "/codes")}">${view.t.frame.codes}</a> · ${view.t.codes.messageLead}`,
    body: html`<div class="stack">
      ${events && results(view, events)}
      <form class="panel stack" method="post" action="${link(view, "/codes/message")}">
        ${csrfField(view)}
        <div class="field">
          <label for="file">${view.t.codes.file}</label>
          <input id="file" type="file" accept=".eml,message/rfc822,text/plain" data-into="message" />
        </div>
        <div class="field">
          <label for="message">${view.t.codes.pasteMessage}</label>
          <textarea
            id="message"
            name="message"
            class="code"
            required
            rows="12"
            maxlength="${MAX_TEXT}"
            spellcheck="false"
          >
${message}</textarea>
        </div>
        <div><button class="primary">${view.t.codes.readIt}</button></div>
      </form>
    </div>`,
  });

const results = (view: View, events: readonly BouncedEvent[]): Html =>
  html`${events.slice(0, MAX_SHOWN).map((event) => oneEvent(view, event, events.length))}
  ${events.length > MAX_SHOWN && html`<p>${view.t.codes.firstShown(MAX_SHOWN, events.length)}</p>`}`;

/** One event is shown in full. Of several, each is a sentence and its JSON: a long report would be a page of thousands of lines. */
const oneEvent = (view: View, event: BouncedEvent, count: number): Html =>
  html`<section class="panel">
      <h2>${recipientOf(event) ?? view.t.common.unknownRecipient}</h2>
      ${count > 1 && html`${explanationLine(view, event)}`}
      <details>
        <summary>${view.t.codes.asJson}</summary>
        <pre class="raw" tabindex="0" aria-label="${view.t.codes.asJson}">${JSON.stringify(event, null, 2)}</pre>
      </details>
    </section>
    ${
      count === 1 &&
      html`${verdict(view, event)}
        <div class="flow">${facts(view, event)}</div>`
    }`;
