/** Errors as pages, for people. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { PROBLEMS, type Problem } from "../http/problems.ts";
import { html } from "./html.ts";
import { renderBarePage, renderPage } from "./layout.ts";
import { link, viewOf, type ViewContext } from "./view.ts";

/** A browser that opened an address, and not a program that asked the API. */
export const wantsPage = (request: FastifyRequest): boolean =>
  request.routeOptions.config.page === true ||
  (request.is404 && request.method === "GET" && (request.headers.accept ?? "").includes("text/html"));

export function sendProblemPage(
  request: FastifyRequest,
  reply: FastifyReply,
  context: ViewContext,
  problem: Problem,
): FastifyReply {
  const view = viewOf(request, context);
  if (problem.problem === "unauthorized" && request.method === "GET")
    return reply.redirect(link(view, "/sign-in", { next: request.url }), 303);
  const render = view.principal ? renderPage : renderBarePage;
  const page = render(view, {
    title: view.t.problems[problem.problem],
    lead: view.t.problemPage.next[problem.problem],
    // What exactly is wrong is said in English, as by the API.
    body: html`<p class="soft break" lang="en">${problem.message}</p>
      <p class="row spaced">
        <a class="button" href="${link(view, "/")}">${view.t.frame.overview}</a>
        <a class="button" href="${link(view, "/log")}">${view.t.frame.log}</a>
      </p>
      <p class="soft small spaced">${view.t.problemPage.request(request.id)}</p>`,
  });
  return sendPage(reply.code(PROBLEMS[problem.problem].status), page);
}

export const sendPage = (reply: FastifyReply, page: string): FastifyReply =>
  reply
    .type("text/html; charset=utf-8")
    .serializer((text: unknown) => String(text))
    .send(page);
