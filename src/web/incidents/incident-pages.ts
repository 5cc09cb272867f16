/** Incidents: the list, one of them, and the notes of people. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { Problem } from "../../http/problems.ts";
import { authorOf } from "../../http/routes/suppressions.ts";
import { INCIDENT_STATES, MOST_NOTES, NOTE_CHARS } from "../../store/incidents/incident.ts";
import { html, type Html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { incidentPath } from "../paths.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { incidentBody } from "./incident-body.ts";
import { incidentList, spanOfIncident } from "./incident-list.ts";
import { headlineOf, incidentLogHref } from "./incident-words.ts";

const PAGE = 30;
const STATES = ["all", ...INCIDENT_STATES] as const;

export function incidentPages(app: App, context: ViewContext & Pick<HttpContext, "store">): void {
  const { incidents } = context.store;
  app.get(
    "/incidents",
    {
      config: { access: "viewer", page: true },
      schema: {
        querystring: z.object({ state: z.enum(STATES).default("all"), cursor: z.string().max(300).optional() }),
      },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const { state, cursor } = request.query;
      const words = view.t.incidents;
      // Open ones first, however old they are.
      const open = state === "cleared" || cursor !== undefined ? [] : (await incidents.open()).toReversed();
      const page =
        state === "open"
          ? { incidents: [], next: null }
          : await incidents.list({ state: "cleared", limit: PAGE, cursor });
      const found = [...open, ...page.incidents];
      const body = html`<div class="stack">
        <nav class="row" aria-label="${words.filter}">
          ${STATES.map(
            (one) =>
              html`<a
                class="button small"
                href="${link(view, "/incidents", { state: one === "all" ? null : one })}"
                ${one === state && html`aria-current="true"`}
                >${words[one]}</a
              >`,
          )}
        </nav>
        ${found.length === 0 ? empty(view, state) : html`<section class="panel">${incidentList(view, found)}</section>`}
        ${
          page.next !== null &&
          html`<nav class="pager" aria-label="${words.older}">
            <span></span
            ><a
              class="button small"
              rel="next"
              href="${link(view, "/incidents", { state: "cleared", cursor: page.next })}"
              >${words.older}</a
            >
          </nav>`
        }
      </div>`;
      return sendPage(reply, renderPage(view, { title: words.title, lead: words.lead, body }));
    },
  );
  const params = z.object({ id: z.string().max(200) });
  app.get(
    "/incidents/:id",
    {
      config: { access: "viewer", page: true },
      schema: { params, querystring: z.object({ done: z.enum(DONE).optional() }) },
    },
    async (request, reply) => {
      const view = viewOf(request, context);
      const incident = await incidents.get(request.params.id);
      if (!incident) throw new Problem("notFound", `There is no incident ${request.params.id}.`);
      const words = view.t.incidents;
      const { done } = request.query;
      return sendPage(
        reply,
        renderPage(view, {
          title: headlineOf(view, incident),
          lead: html`<a href="${link(view, "/incidents")}">${words.title}</a> ·
            <span class="tag ${incident.state === "open" ? "bad" : "good"}">${words[incident.state]}</span> ·
            ${spanOfIncident(view, incident)}`,
          actions: html`<a class="button" href="${incidentLogHref(view, incident)}">${words.showInLog}</a>`,
          notice: done === undefined ? null : { tone: GOOD.has(done) ? "good" : "bad", text: words.done[done] },
          body: incidentBody(view, incident),
        }),
      );
    },
  );
  app.post(
    "/incidents/:id/notes",
    {
      config: { access: "operator", page: true },
      schema: { params, body: z.object({ text: noteText.refine((text) => text !== "") }) },
    },
    async (request, reply) => {
      const { id } = request.params;
      const view = viewOf(request, context);
      const incident = await incidents.get(id);
      if (!incident) throw new Problem("notFound", `There is no incident ${id}.`);
      const isFull = incident.entries.filter(({ kind }) => kind === "note").length >= MOST_NOTES;
      if (!isFull) await incidents.addNote(id, { actor: authorOf(request).actor, text: request.body.text });
      return reply.redirect(link(view, incidentPath(id), { done: isFull ? "full" : "noted" }), 303);
    },
  );
  for (const [how, done] of [
    ["close", "closed"],
    ["reopen", "reopened"],
  ] as const)
    app.post(
      `/incidents/:id/${how}`,
      {
        config: { access: "operator", page: true, audit: "incident-change" },
        schema: { params, body: z.object({ text: noteText.default("") }) },
      },
      async (request, reply) => {
        const { id } = request.params;
        const moved = await incidents[how](id, { actor: authorOf(request).actor, text: request.body.text });
        if (moved === null) throw new Problem("notFound", `There is no incident ${id}.`);
        const view = viewOf(request, context);
        return reply.redirect(link(view, incidentPath(id), { done: moved === "done" ? done : moved }), 303);
      },
    );
}

type Done = (typeof DONE)[number];
const DONE = ["noted", "full", "closed", "reopened", "already", "taken", "old"] as const;
const GOOD: ReadonlySet<Done> = new Set(["noted", "closed", "reopened"]);

// A browser sends the line breaks of mail, and counts each as one character.
const noteText = z.preprocess(
  (text) => (typeof text === "string" ? text.replaceAll("\r\n", "\n").trim() : text),
  z.string().max(NOTE_CHARS),
);

const empty = ({ t }: View, state: (typeof STATES)[number]): Html =>
  html`<section class="panel empty">
    <h2>${state === "open" ? t.incidents.noneOpen : t.incidents.none}</h2>
    <p>${t.incidents.noneText}</p>
  </section>`;
