/** One event: everything it says, why it was judged so, and what else is known of the recipient. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { BouncedEvent } from "../../event/event.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { allows } from "../../http/access/principal.ts";
import { Problem } from "../../http/problems.ts";
import { signalOf } from "../../http/signal-of.ts";
import { eventIdSchema } from "../../http/routes/events.ts";
import type { LogDetail, LogEntry } from "../../store/log/log-query.ts";
import type { SuppressionSettings } from "../../store/settings.ts";
import type { Suppression } from "../../store/suppressions/suppression.ts";
import { html, renderHtml, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { renderPage } from "../layout.ts";
import { facts } from "../parts/facts.ts";
import { timeline } from "../parts/log-table.ts";
import { doneShape, suppressionNotice } from "../parts/suppression-notice.ts";
import { suppressionState } from "../parts/suppression-state.ts";
import { verdict } from "../parts/verdict.ts";
import { sendPage } from "../problem-page.ts";
import { recipientPath } from "../paths.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { actorWords, recipientOf, severityLabel, timeElement } from "../words.ts";

const HISTORY = 20;
/** Of the raw message, on the page; the download has all that is kept. */
const RAW_SHOWN = 64 * 1024;

export function eventPage(app: App, context: ViewContext & Pick<HttpContext, "config" | "store">): void {
  const { store } = context;
  app.get(
    "/log/:id",
    {
      config: { access: "viewer", page: true, audit: (request) => (readsRaw(request) ? "raw-read" : null) },
      schema: {
        params: eventIdSchema,
        querystring: z.object({
          ...doneShape,
          part: z.literal("dialog").optional(),
          raw: z.string().max(1).optional(),
        }),
      },
    },
    async (request, reply) => {
      const detail = await store.get(request.params.id);
      if (!detail) throw new Problem("notFound", viewOf(request, context).t.event.notFound);
      const view = viewOf(request, context);
      const address = recipientOf(detail.event);
      // Trust: all, a person reads what was said of the address.
      const asked = { address: address ? [address] : [], limit: HISTORY };
      const history = address ? (await store.search(asked, signalOf(request))).entries : [];
      const suppressions = address ? await store.suppressions.find(address) : [];
      const raw = detail.hasRaw && readsRaw(request) ? await store.raw(detail.event.id) : null;
      const settings = context.config.file.suppression;
      const body = renderEvent(view, detail, { history, suppressions, settings, raw });
      if (request.query.part === "dialog") return sendPage(reply, renderHtml(body));
      return sendPage(
        reply,
        renderPage(view, {
          title: address ?? view.t.common.unknownRecipient,
          lead: headline(view, detail.event),
          notice: suppressionNotice(view, request.query, `/log/${detail.event.id}`),
          body,
        }),
      );
    },
  );
}

/** On request only: each reading of a message is in the audit log. */
const readsRaw = ({ query, principal }: FastifyRequest): boolean =>
  (query as { readonly raw?: string }).raw === "1" && allows(principal, "operator");

const headline = (view: View, event: BouncedEvent): Html =>
  html`${severityLabel(view, event.severity)} · ${view.t.terms.reason[event.reason]} ·
  ${timeElement(view, event.message.receivedAt)}`;

interface Beside {
  /** Of the same recipient, newest first. */
  readonly history: readonly LogEntry[];
  readonly suppressions: readonly Suppression[];
  readonly settings: SuppressionSettings;
  readonly raw: Buffer | null;
}

function renderEvent(view: View, detail: LogDetail, { history, suppressions, settings, raw }: Beside): Html {
  const { event } = detail;
  const address = recipientOf(event);
  return html`<div class="stack" data-event-title="${recipientOf(event) ?? view.t.common.unknownRecipient}">
    ${verdict(view, event, view.may("operator") && html`<a class="small" href="${link(view, "/unmatched/rule", { event: event.id })}">${view.t.event.writeRule}</a>`)}
    ${address && suppressionState(view, suppressions, { address, event, settings, back: `/log/${event.id}` })}
    <div class="flow">${facts(view, event)}</div>
    ${
      history.length > 1 &&
      html`<section class="panel" aria-labelledby="history">
        <header>
          <h2 id="history">${view.t.event.ofRecipient}</h2>
          ${address && html`<a href="${link(view, recipientPath(address))}">${view.t.event.everything}</a>`}
        </header>
        ${timeline(view, history, event.id)}
      </section>`
    }
    ${earlier(view, detail)} ${rawSection(view, detail, raw)}
  </div>`;
}

function earlier(view: View, { verdicts }: LogDetail): Html | null {
  if (verdicts.length === 0) return null;
  return html`<section class="panel" aria-labelledby="earlier">
    <header><h2 id="earlier">${view.t.event.earlier}</h2></header>
    <ol class="timeline">
      ${verdicts.map(
        ({ replacedAt, actor, event }) =>
          html`<li>
            <span>${timeElement(view, replacedAt)}</span>${severityLabel(view, event.severity)}<span
              >${view.t.event.replacedBy(view.t.terms.reason[event.reason], actorWords(view, actor))}</span
            >
          </li>`,
      )}
    </ol>
  </section>`;
}

function rawSection(view: View, detail: LogDetail, raw: Buffer | null): Html | null {
  if (!detail.hasRaw) return null;
  return html`<section class="panel" aria-labelledby="raw">
    <header>
      <h2 id="raw">${view.t.event.raw}</h2>
      ${raw && html`<a class="button small" download href="${link(view, `/v1/events/${detail.event.id}/raw`)}">${icon("download")}${view.t.common.download}</a>`}
    </header>
    ${
      raw
        ? html`<pre class="raw" tabindex="0" aria-label="${view.t.event.rawLabel}">
${raw.subarray(0, RAW_SHOWN).toString("utf8")}</pre>
            ${raw.length > RAW_SHOWN && html`<p class="soft small">${view.t.event.truncated}</p>`}`
        : view.may("operator")
          ? html`<p class="row">
              <a class="button small" href="${link(view, `/log/${detail.event.id}`, { raw: "1" })}#raw"
                >${view.t.event.showRaw}</a
              >
              <span class="soft small">${view.t.event.rawRecorded}</span>
            </p>`
          : html`<p class="soft">${view.t.event.rawNeedsRole}</p>`
    }
  </section>`;
}
