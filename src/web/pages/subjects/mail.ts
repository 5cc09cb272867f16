/** One mail that was sent: what came back for each of its recipients. */
import { z } from "zod";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/context.ts";
import { signalOf } from "../../../http/signal-of.ts";
import type { LogEntry } from "../../../store/log/log-query.ts";
import { html, type Html } from "../../html.ts";
import { renderPage } from "../../layout.ts";
import { logTable } from "../../parts/log-table.ts";
import { sendPage } from "../../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../../view.ts";
import { recipientOf, severityLabel, SEVERITY_ORDER, timeElement } from "../../words.ts";
import { sliceHref } from "../../paths.ts";

const SHOWN = 200;

export function mailPage(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  app.get(
    "/messages/:messageId",
    {
      config: { access: "viewer", page: true },
      schema: { params: z.object({ messageId: z.string().trim().min(1).max(998) }) },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { messageId } = request.params;
      // Trust: all, a person reads what came back.
      const found = await context.store.search({ messageId, limit: SHOWN }, signalOf(request));
      const entries = found.entries.filter(({ event }) => event.original.messageId === messageId);
      return sendPage(
        reply,
        renderPage(view, {
          title: entries[0]?.event.original.subject ?? messageId,
          lead: view.t.subjects.mail(html`<code class="break">${messageId}</code>`),
          actions: html`<a class="button" href="${link(view, "/log", { messageId })}">${view.t.subjects.showInLog}</a>`,
          body: html`<div class="stack">${entries.length === 0 ? nothing(view) : content(view, entries)}</div>`,
        }),
      );
    },
  );
}

const nothing = ({ t }: View): Html =>
  html`<section class="panel empty">
    <h2>${t.subjects.nothingCameBack}</h2>
    <p>${t.subjects.nothingCameBackText}</p>
  </section>`;

function content(view: View, entries: readonly LogEntry[]): Html {
  const { t } = view;
  const { original, returnPath } = entries[0]!.event;
  const recipients = new Set(entries.map(({ event }) => recipientOf(event)));
  const counts = SEVERITY_ORDER.map((severity) => ({
    severity,
    count: entries.filter(({ event }) => event.severity === severity).length,
  })).filter(({ count }) => count > 0);
  const tag = returnPath?.tag ?? null;
  return html`<section class="panel">
      <dl class="facts">
        <dt>${t.subjects.from}</dt>
        <dd><bdi>${original.from ?? t.subjects.notKnown}</bdi></dd>
        <dt>${t.subjects.date}</dt>
        <dd>${timeElement(view, original.date) ?? t.subjects.notKnown}</dd>
        ${
          tag &&
          html`<dt>${t.subjects.tag}</dt>
            <dd><a href="${sliceHref(view, "tag", tag)}">${tag}</a></dd>`
        }
        <dt>${t.subjects.cameBack}</dt>
        <dd>
          ${t.subjects.eventsOfRecipients(entries.length, recipients.size)}
          ${counts.map(({ severity, count }) => html` ${severityLabel(view, severity)} ${t.count(count)}`)}
        </dd>
      </dl>
    </section>
    <section class="panel" aria-label="${t.common.events}">${logTable(view, entries, null)}</section>`;
}
