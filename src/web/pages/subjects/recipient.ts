/** One recipient: is the address suppressed and why, what to do, and everything that happened to it. */
import { z } from "zod";
import type { BouncedEvent } from "../../../event/event.ts";
import { isCredible } from "../../../event/credible.ts";
import { asciiDomainOf } from "../../../addresses/domain.ts";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/context.ts";
import { signalOf } from "../../../http/signal-of.ts";
import type { LogEntry } from "../../../store/log/log-query.ts";
import type { SuppressionChange } from "../../../store/suppressions/suppression.ts";
import { html, type Html } from "../../html.ts";
import { renderPage } from "../../layout.ts";
import { readableReply } from "../../../event/reply-lines.ts";
import { doneShape, suppressionNotice } from "../../parts/suppression-notice.ts";
import { suppressionState } from "../../parts/suppression-state.ts";
import { verdict } from "../../parts/verdict.ts";
import { sendPage } from "../../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../../view.ts";
import { actorWords, severityLabel, timeElement } from "../../words.ts";
import { recipientPath, sliceHref } from "../../paths.ts";

/** Events and changes of the timeline, each. */
const SHOWN = 100;

export function recipientPage(app: App, context: ViewContext & Pick<HttpContext, "config" | "store">): void {
  const { store } = context;
  app.get(
    "/recipients/:address",
    {
      config: { access: "viewer", page: true },
      schema: { params: z.object({ address: z.string().trim().min(1).max(320) }), querystring: z.object(doneShape) },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { address } = request.params;
      // Trust: all, a person reads what was said of the address.
      const [{ entries, next }, entriesOfList, changes] = await Promise.all([
        store.search({ address: [address], limit: SHOWN }, signalOf(request)),
        store.suppressions.find(address),
        store.suppressions.history({ value: address, limit: SHOWN }),
      ]);
      const deciding = decidingOf(entries);
      const domain = asciiDomainOf(address);
      const settings = context.config.file.suppression;
      const back = recipientPath(address);
      return sendPage(
        reply,
        renderPage(view, {
          title: address,
          lead: domain
            ? view.t.subjects.recipientAt(html`<a href="${sliceHref(view, "domain", domain)}">${domain}</a>`)
            : view.t.common.recipient,
          notice: suppressionNotice(view, request.query, back),
          actions: html`<a class="button" href="${link(view, "/log", { address })}">${view.t.subjects.showInLog}</a>`,
          body: html`<div class="stack">
            ${suppressionState(view, entriesOfList, { address, event: deciding, settings, back })}
            ${deciding && verdict(view, deciding, html`<a class="small" href="${link(view, `/log/${deciding.id}`)}">${view.t.subjects.showEvent}</a>`)}
            ${timelineOf(view, entries, changes, next !== null)}
          </div>`,
        }),
      );
    },
  );
}

/** What says most of the address as it is now: the newest credible failure or complaint, else the newest event. */
function decidingOf(entries: readonly LogEntry[]): BouncedEvent | null {
  const events = entries.map(({ event }) => event);
  const decides = (event: BouncedEvent): boolean =>
    isCredible(event) && ["bounce", "complaint", "delivery"].includes(event.kind);
  return events.find(decides) ?? events[0] ?? null;
}

interface Moment {
  readonly at: string;
  /** Null for a change of the list. */
  readonly entry: LogEntry | null;
  readonly row: Html;
}

function timelineOf(
  view: View,
  entries: readonly LogEntry[],
  changes: readonly SuppressionChange[],
  isCut: boolean,
): Html {
  const moments: readonly Moment[] = [
    ...entries.map((entry) => momentOf(view, entry)),
    ...changes.map(({ at, action, actor, note }) => ({
      at,
      entry: null,
      row: html`<span>${timeElement(view, at)}</span> <span class="sev">${view.t.subjects.list}</span>
        <span
          >${view.t.subjects.changedBy(view.t.terms.change[action], actorWords(view, actor))}${note !== "" && html` <span class="soft">${note}</span>`}</span
        >`,
    })),
  ].toSorted((a, b) => (a.at < b.at ? 1 : -1));
  if (moments.length === 0)
    return html`<section class="panel empty">
      <h2>${view.t.subjects.nothingKnown}</h2>
      <p>${view.t.subjects.nothingKnownText}</p>
    </section>`;
  return html`<section class="panel" aria-labelledby="timeline">
    <header>
      <h2 id="timeline">${view.t.subjects.timeline}</h2>
      <span class="soft small">${isCut && view.t.subjects.newestOnly(SHOWN)}</span>
    </header>
    <ol class="timeline">
      ${inRuns(moments).map(([{ row }, ...alike]) => html`<li>${row} ${alike.length > 0 && moreAlike(view, alike)}</li>`)}
    </ol>
  </section>`;
}

type Run = readonly [Moment, ...Moment[]];

/** What says the same several times in a row is shown once. */
function inRuns(moments: readonly Moment[]): readonly Run[] {
  const runs: [Moment, ...Moment[]][] = [];
  for (const moment of moments) {
    const run = runs.at(-1);
    if (run && moment.entry && run[0].entry && isAlike(moment.entry.event, run[0].entry.event)) run.push(moment);
    else runs.push([moment]);
  }
  return runs;
}

const isAlike = (one: BouncedEvent, other: BouncedEvent): boolean =>
  one.kind === other.kind &&
  one.severity === other.severity &&
  one.reason === other.reason &&
  one.authenticity === other.authenticity;

const moreAlike = (view: View, alike: readonly Moment[]): Html =>
  html`<details class="small">
    <summary>${view.t.subjects.moreAlike(alike.length, timeElement(view, alike.at(-1)!.at))}</summary>
    <p>
      ${alike.map(({ at, entry }) => entry && html`<a data-dialog href="${link(view, `/log/${entry.event.id}`)}">${timeElement(view, at)}</a><br />`)}
    </p>
  </details>`;

const momentOf = (view: View, { event, recordedAt }: LogEntry): Moment => {
  const at = event.message.receivedAt ?? recordedAt;
  return {
    at,
    entry: { event, recordedAt },
    row: html`<a data-dialog href="${link(view, `/log/${event.id}`)}">${timeElement(view, at)}</a>
      ${severityLabel(view, event.severity)}
      <span
        >${view.t.terms.reason[event.reason]}${!isCredible(event) && html` <span class="tag">${view.t.terms.authenticity[event.authenticity]}</span>`}
        <bdi class="soft two-lines" title="${event.diagnostic?.text}"
          >${event.diagnostic && readableReply(event.diagnostic.text)}</bdi
        >
        ${event.original.subject && html`<bdi class="soft small clip">${event.original.subject}</bdi>`}</span
      >`,
  };
};
