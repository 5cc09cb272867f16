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
import { formatAge, formatCount, plural, timeElement } from "../words.ts";

const SHOWN = 100;
const GROUPS: readonly (readonly [QueueState["group"], string, string])[] = [
  ["intake", "Intake", "Accepted messages that are not classified yet."],
  ["output", "Outcomes", "For your programs, one queue per outcome."],
  ["own", "Internal", "Log, webhooks and forwarding."],
  ["feed", "Feeds", "Changes of the suppression list, and alerts."],
];

export function queuesPage(app: App, context: ViewContext & Pick<HttpContext, "config" | "ports">): void {
  const config = { access: "admin", page: true } as const;
  const portsOf = () => {
    if (!context.ports) throw new Problem("notAvailable", "This process has no connection to Redis.");
    return context.ports;
  };
  app.get(
    "/queues",
    { config, schema: { querystring: z.object({ redriven: z.coerce.number().int().min(0).optional() }) } },
    async (request, reply) => {
      const { queues } = portsOf();
      const view = viewOf(request, context);
      const { file } = context.config;
      const [states, quarantine] = await Promise.all([
        queueStates(queues, queueNames(file.routes, endpointQueuesOf(file)), view.now),
        listQuarantine(queues, SHOWN),
      ]);
      const { redriven } = request.query;
      return sendPage(
        reply,
        renderPage(view, {
          title: "Queues",
          lead: "Jobs in Redis, and who consumes them.",
          actions: html`<a class="button" href="${link(view, "/queues/board")}">All jobs</a>`,
          notice:
            redriven === undefined
              ? null
              : { tone: "good", text: `${plural(redriven, "message")} put back on the intake queue.` },
          body: html`<div class="stack">
            ${quarantinePanel(view, quarantine)}
            ${GROUPS.map(([group, title, lead]) =>
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
    { config, schema: { body: z.object({ id: z.string().max(200).optional() }) } },
    async (request, reply) => {
      const { id } = request.body;
      const redriven = await redriveQuarantine(portsOf().queues, id ? [id] : undefined);
      return reply.redirect(link(viewOf(request, context), "/queues", { redriven: redriven.length }), 303);
    },
  );
}

function groupPanel(view: View, title: string, lead: string, states: readonly QueueState[]): Html {
  return html`<section class="panel">
    <header>
      <h2>${title}</h2>
      <span class="soft small">${lead}</span>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${title}">
      <table class="queues">
        <thead>
          <tr>
            <th scope="col">Queue</th>
            <th scope="col" class="num">Waiting</th>
            <th scope="col" class="num">Oldest</th>
            <th scope="col" class="num">Active</th>
            <th scope="col" class="num">Failed</th>
            <th scope="col">Consumers</th>
          </tr>
        </thead>
        <tbody>
          ${states.map(
            (state) =>
              html`<tr>
                <th scope="row">
                  <a href="${link(view, `/queues/board/queue/${state.name}`)}">${state.name}</a>
                  ${state.paused && html`<span class="tag">paused</span>`}
                </th>
                <td class="num">${formatCount(state.waiting)}</td>
                <td class="num">
                  ${state.oldestMs === null ? html`<span class="soft">–</span>` : formatAge(state.oldestMs)}
                </td>
                <td class="num">${formatCount(state.active)}</td>
                <td class="num">
                  ${state.failed > 0 ? html`<span class="tag bad">${formatCount(state.failed)}</span>` : "0"}
                </td>
                <td>${state.consumers > 0 ? formatCount(state.consumers) : html`<span class="soft">none</span>`}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function quarantinePanel(view: View, messages: readonly QuarantinedMessage[]): Html | null {
  if (messages.length === 0) return null;
  return html`<section class="panel" aria-labelledby="quarantine">
    <header>
      <h2 id="quarantine">Quarantine</h2>
      <form class="inline" method="post" action="${link(view, "/queues/redrive")}">
        ${csrfField(view)}<button class="small">Retry all</button>
      </form>
    </header>
    <p class="soft">Messages that could not be processed. They are kept, and each can be processed again.</p>
    <div class="table-wrap spaced" tabindex="0" role="region" aria-label="Quarantined messages">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Since</th>
            <th scope="col">For</th>
            <th scope="col">Why</th>
            <th scope="col" class="num">Tries</th>
            <th scope="col"><span class="visually-hidden">Actions</span></th>
          </tr>
        </thead>
        <tbody>
          ${messages.map(
            ({ id, failedAt, forwardPath, reason, attempts }) =>
              html`<tr>
                <td class="nowrap">${timeElement(failedAt)}</td>
                <td class="break">${forwardPath ?? "unknown"}</td>
                <td class="break">${reason}</td>
                <td class="num" data-label="Tries">${attempts}</td>
                <td class="num">
                  <form class="inline" method="post" action="${link(view, "/queues/redrive")}">
                    ${csrfField(view)}<input type="hidden" name="id" value="${id}" /><button class="small">
                      Retry
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
