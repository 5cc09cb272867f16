/** The queues: how full, how old, who consumes; the quarantine with its way back; and the board with every job. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { Problem } from "../../http/problems.ts";
import { endpointQueuesOf } from "../../queues/names.ts";
import { queueNames, queueStates, type QueueState } from "../../queues/upkeep/overview.ts";
import { listQuarantine, redriveQuarantine, type QuarantinedMessage } from "../../queues/upkeep/quarantine.ts";
import { html, type Html } from "../html.ts";
import { csrfField, renderPage } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { timeElement } from "../words.ts";

const SHOWN = 100;
const groups = ({ t }: View): readonly (readonly [QueueState["group"], string, string])[] => [
  ["intake", t.operating.intake, t.operating.intakeLead],
  ["output", t.operating.output, t.operating.outputLead],
  ["own", t.operating.own, t.operating.ownLead],
  ["feed", t.operating.feed, t.operating.feedLead],
];

export function queuesPage(app: App, context: ViewContext & Pick<HttpContext, "config" | "ports">): void {
  const config = { access: "admin", page: true } as const;
  const portsOf = ({ t }: View) => {
    if (!context.ports) throw new Problem("notAvailable", t.operating.noRedis);
    return context.ports;
  };
  app.get(
    "/queues",
    { config, schema: { querystring: z.object({ redriven: z.coerce.number().int().min(0).optional() }) } },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { file } = context.config;
      const { queues } = portsOf(view);
      const [states, quarantine] = await Promise.all([
        queueStates(queues, queueNames(file.routes, endpointQueuesOf(file)), view.now),
        listQuarantine(queues, SHOWN),
      ]);
      const { redriven } = request.query;
      return sendPage(
        reply,
        renderPage(view, {
          title: view.t.frame.queues,
          lead: view.t.operating.queuesLead,
          actions: html`<a class="button" href="${link(view, "/queues/board")}">${view.t.operating.allJobs}</a>`,
          notice: redriven === undefined ? null : { tone: "good", text: view.t.operating.redriven(redriven) },
          body: html`<div class="stack">
            ${quarantinePanel(view, quarantine)}
            ${groups(view).map(([group, title, lead]) =>
              groupPanel(
                view,
                title,
                lead,
                states.filter((state) => state.group === group),
              ),
            )}
          </div>`,
        }),
      );
    },
  );
  app.post(
    "/queues/redrive",
    {
      config: { ...config, audit: "queue-change" },
      schema: { body: z.object({ id: z.string().max(200).optional() }) },
    },
    async (request, reply) => {
      const { id } = request.body;
      const view = viewOf(request, context);
      const redriven = await redriveQuarantine(portsOf(view).queues, id ? [id] : undefined);
      return reply.redirect(link(view, "/queues", { redriven: redriven.length }), 303);
    },
  );
}

function groupPanel(view: View, title: string, lead: string, states: readonly QueueState[]): Html {
  const t = view.t.operating;
  return html`<section class="panel">
    <header>
      <h2>${title}</h2>
      <span class="soft small">${lead}</span>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${title}">
      <table class="queues">
        <thead>
          <tr>
            <th scope="col">${t.queue}</th>
            <th scope="col" class="num">${t.waiting}</th>
            <th scope="col" class="num">${t.oldest}</th>
            <th scope="col" class="num">${t.active}</th>
            <th scope="col" class="num">${t.failed}</th>
            <th scope="col">${t.consumers}</th>
          </tr>
        </thead>
        <tbody>
          ${states.map(
            (state) =>
              html`<tr>
                <th scope="row">
                  <a href="${link(view, `/queues/board/queue/${state.name}`)}">${state.name}</a>
                  ${state.paused && html`<span class="tag">${t.paused}</span>`}
                </th>
                <td class="num">${view.t.count(state.waiting)}</td>
                <td class="num">
                  ${state.oldestMs === null ? html`<span class="soft">–</span>` : view.t.age(state.oldestMs)}
                </td>
                <td class="num">${view.t.count(state.active)}</td>
                <td class="num">
                  ${state.failed > 0 ? html`<span class="tag bad">${view.t.count(state.failed)}</span>` : "0"}
                </td>
                <td>
                  ${state.consumers > 0 ? view.t.count(state.consumers) : html`<span class="soft">${view.t.common.none}</span>`}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function quarantinePanel(view: View, messages: readonly QuarantinedMessage[]): Html | null {
  if (messages.length === 0) return null;
  const t = view.t.operating;
  return html`<section class="panel" aria-labelledby="quarantine">
    <header>
      <h2 id="quarantine">${t.quarantine}</h2>
      <form class="inline" method="post" action="${link(view, "/queues/redrive")}">
        ${csrfField(view)}<button class="small">${t.retryAll}</button>
      </form>
    </header>
    <p class="soft">${t.quarantineText}</p>
    <div class="table-wrap spaced" tabindex="0" role="region" aria-label="${t.quarantineTable}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">${t.since}</th>
            <th scope="col">${t.forWhom}</th>
            <th scope="col">${t.why}</th>
            <th scope="col" class="num">${t.tries}</th>
            <th scope="col"><span class="visually-hidden">${view.t.rules.actions}</span></th>
          </tr>
        </thead>
        <tbody>
          ${messages.map(
            ({ id, failedAt, forwardPath, reason, attempts }) =>
              html`<tr>
                <td class="nowrap">${timeElement(view, failedAt)}</td>
                <td class="break">${forwardPath ?? t.unknown}</td>
                <td class="break" lang="en">${reason}</td>
                <td class="num" data-label="${t.tries}">${attempts}</td>
                <td class="num">
                  <form class="inline" method="post" action="${link(view, "/queues/redrive")}">
                    ${csrfField(view)}<input type="hidden" name="id" value="${id}" /><button class="small">
                      ${t.retry}
                    </button>
                  </form>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
