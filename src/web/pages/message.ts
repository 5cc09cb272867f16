/** A message that somebody pastes or drops: its events, and nothing stored. */
import { z } from "zod";
import type { BouncedEvent } from "../../event/event.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { html, type Html } from "../html.ts";
import { csrfField, renderPage } from "../layout.ts";
import { facts } from "../parts/facts.ts";
import { verdict } from "../parts/verdict.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { plural, recipientOf } from "../words.ts";

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
    title: "Read a message",
    lead: html`<a href="${link(view, "/codes")}">Codes</a> · what bounced reads in a returned message. Nothing is
      stored, and no address is suppressed.`,
    body: html`<div class="stack">
      ${events && results(view, events)}
      <form class="panel stack" method="post" action="${link(view, "/codes/message")}">
        ${csrfField(view)}
        <div class="field">
          <label for="file">File</label>
          <input id="file" type="file" accept=".eml,message/rfc822,text/plain" data-into="message" />
        </div>
        <div class="field">
          <label for="message">Or paste the message, with its headers</label>
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
        <div><button class="primary">Read it</button></div>
      </form>
    </div>`,
  });

const results = (view: View, events: readonly BouncedEvent[]): Html =>
  html`${events.slice(0, MAX_SHOWN).map((event) => oneEvent(view, event, events.length))}
  ${
    events.length > MAX_SHOWN &&
    html`<p>The first ${MAX_SHOWN} of ${plural(events.length, "event")} are shown. The API returns all of them.</p>`
  }`;

/** One event is shown in full. Of several, each is a sentence and its JSON: a long report would be a page of thousands of lines. */
const oneEvent = (view: View, event: BouncedEvent, count: number): Html =>
  html`<section class="panel">
      <h2>${recipientOf(event) ?? "Unknown recipient"}</h2>
      ${count > 1 && html`<p class="says">${event.explanation}</p>`}
      <details>
        <summary>The event as JSON</summary>
        <pre class="raw" tabindex="0" aria-label="The event as JSON">${JSON.stringify(event, null, 2)}</pre>
      </details>
    </section>
    ${
      count === 1 &&
      html`${verdict(view, event)}
        <div class="flow">${facts(view, event)}</div>`
    }`;
