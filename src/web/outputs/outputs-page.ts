/** Webhooks and help desks: what waits for each, what was tried last, and sending again what was given up. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { Problem } from "../../http/problems.ts";
import { deliveriesOf } from "../../outputs/delivery-log.ts";
import { endpointState, replayEndpoint } from "../../outputs/endpoint-state.ts";
import { deskDeliveriesOf } from "../../outputs/help-desks/desk-log.ts";
import { helpDeskState, replayDesk } from "../../outputs/help-desks/desk-state.ts";
import { HELP_DESK_NAMES } from "../../outputs/help-desks/desks.ts";
import type { Queues } from "../../queues/queues.ts";
import { html, type Html } from "../html.ts";
import { csrfField, renderPage } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { deskTries, webhookTries } from "./tries.ts";

/** Tries of each. */
const SHOWN = 10;
const KINDS = ["webhook", "help-desk"] as const;
const replayBody = z.object({ kind: z.enum(KINDS), id: z.string().max(40) });

interface Output {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
  /** What it is, and where. */
  readonly what: string;
  readonly state: { readonly waiting: number; readonly delayed: number; readonly failed: number };
  readonly tries: Html;
}

export function outputsPage(app: App, context: ViewContext & Pick<HttpContext, "config" | "ports">): void {
  const { webhooks, helpDesks } = context.config.file;
  const queuesOf = ({ t }: View): Queues => {
    if (!context.ports) throw new Problem("notAvailable", t.operating.noRedis);
    return context.ports.queues;
  };
  app.get(
    "/outputs",
    {
      config: { access: "viewer", page: true },
      schema: { querystring: z.object({ replayed: z.coerce.number().int().min(0).optional() }) },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const t = view.t.outputs;
      const outputs: readonly Output[] = [
        ...(await Promise.all(
          webhooks.map(async (endpoint) => {
            const queues = queuesOf(view);
            const state = await endpointState(queues, endpoint);
            const tries = webhookTries(view, endpoint.id, await deliveriesOf(queues, endpoint.id, SHOWN));
            return { kind: "webhook", id: endpoint.id, what: `${state.shape}, ${state.host}`, state, tries } as const;
          }),
        )),
        ...(await Promise.all(
          helpDesks.map(async (desk) => {
            const queues = queuesOf(view);
            const state = await helpDeskState(queues, desk);
            const tries = deskTries(view, desk.id, await deskDeliveriesOf(queues, desk.id, SHOWN));
            const what = `${HELP_DESK_NAMES[desk.type]}, ${state.host}`;
            return { kind: "help-desk", id: desk.id, what, state, tries } as const;
          }),
        )),
      ];
      const { replayed } = request.query;
      return sendPage(
        reply,
        renderPage(view, {
          title: t.title,
          lead: t.lead,
          notice: replayed === undefined ? null : { tone: "good", text: t.replayed(replayed) },
          body: html`<div class="stack">
            ${
              outputs.length === 0
                ? html`<section class="panel empty">
                    <h2>${t.noneTitle}</h2>
                    <p>${t.none}</p>
                  </section>`
                : outputs.map((output) => panel(view, output))
            }
          </div>`,
        }),
      );
    },
  );
  app.post(
    "/outputs/replay",
    { config: { access: "operator", page: true, audit: "replay" }, schema: { body: replayBody } },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { kind, id } = request.body;
      const known: readonly { readonly id: string }[] = kind === "webhook" ? webhooks : helpDesks;
      if (!known.some((one) => one.id === id)) throw new Problem("notFound", `bounced.yaml has no ${kind} ${id}.`);
      const replayed = await (kind === "webhook" ? replayEndpoint : replayDesk)(queuesOf(view), id);
      return reply.redirect(link(view, "/outputs", { replayed }), 303);
    },
  );
}

const panel = (view: View, { kind, id, what, state, tries }: Output): Html => {
  const t = view.t.outputs;
  const label = `${kind}-${id}`;
  return html`<section class="panel" aria-labelledby="${label}">
    <header>
      <h2 id="${label}">${t.kinds[kind]} <span class="mono">${id}</span></h2>
      ${
        state.failed > 0 &&
        view.may("operator") &&
        html`<form class="inline" method="post" action="${link(view, "/outputs/replay")}">
          ${csrfField(view)}<input type="hidden" name="kind" value="${kind}" /><input
            type="hidden"
            name="id"
            value="${id}"
          /><button class="small" aria-label="${t.sendAgainTo(id)}">${t.sendAgain}</button>
        </form>`
      }
    </header>
    <p class="soft break">${what}</p>
    <p class="row">
      <span class="tag">${t.waiting(state.waiting)}</span>
      <span class="tag ${state.delayed > 0 && "warn"}">${t.retrying(state.delayed)}</span>
      <span class="tag ${state.failed > 0 && "bad"}">${t.givenUp(state.failed)}</span>
    </p>
    ${tries}
  </section>`;
};
