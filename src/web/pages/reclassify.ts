/** The log under the rules of today: first what would change, then changing it; in the background, watched. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { Problem, PROBLEMS } from "../../http/problems.ts";
import { filterShape, parametersOf, type FilterQuery } from "../../http/query.ts";
import type { ReclassifyRun } from "../../http/reclassifier.ts";
import { authorOf } from "../../http/routes/suppressions.ts";
import { WITHOUT_RULE } from "../../store/log/log-query.ts";
import { html, type Html } from "../html.ts";
import { csrfField, renderPage, type PageNotice } from "../layout.ts";
import { filterWords } from "../parts/log-form.ts";
import { runResult, runState } from "../parts/reclassify-run.ts";
import { sendPage } from "../problem-page.ts";
import { streamParts } from "../stream-parts.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { actorWords, linkTo, timeElement } from "../words.ts";

const LOOK_EVERY_MS = 500;
const filterQuery = z.object(filterShape);
const params = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/, "expected the id of a run") });

export function reclassifyPage(app: App, context: ViewContext & Pick<HttpContext, "reclassifier">): void {
  const { reclassifier } = context;
  const config = { access: "operator", page: true } as const;

  app.get("/unmatched/reclassify", { config, schema: { querystring: filterQuery } }, (request, reply) =>
    sendPage(reply, begin(viewOf(request, context), request.query, reclassifier.list(), null)),
  );
  app.post("/unmatched/reclassify", { config, schema: { body: filterQuery } }, (request, reply) => {
    const view = viewOf(request, context);
    try {
      const run = reclassifier.look(request.body, authorOf(request).actor);
      return reply.redirect(link(view, `/unmatched/reclassify/${run.id}`), 303);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      reply.code(PROBLEMS[error.problem].status);
      return sendPage(
        reply,
        begin(view, request.body, reclassifier.list(), {
          tone: "bad",
          text: html`<span lang="en">${error.message}</span>`,
        }),
      );
    }
  });
  app.get("/unmatched/reclassify/:id", { config, schema: { params } }, (request, reply) =>
    sendPage(reply, progress(viewOf(request, context), reclassifier.get(request.params.id), null)),
  );
  app.get("/unmatched/reclassify/:id/stream", { config, schema: { params } }, (request, reply) => {
    const view = viewOf(request, context);
    reclassifier.get(request.params.id);
    streamParts(request, reply, async (send, isGone) => {
      for (;;) {
        const run = reclassifier.get(request.params.id);
        send("run", runState(view, run));
        if (run.state !== "running" || isGone()) {
          send("result", runResult(view, run));
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    });
    return reply;
  });
  app.post(
    "/unmatched/reclassify/:id/apply",
    { config: { ...config, audit: "reclassification" }, schema: { params } },
    (request, reply) => {
      const view = viewOf(request, context);
      try {
        const run = reclassifier.apply(request.params.id, authorOf(request).actor);
        return reply.redirect(link(view, `/unmatched/reclassify/${run.id}`), 303);
      } catch (error) {
        if (!(error instanceof Problem) || error.problem !== "conflict") throw error;
        const run = reclassifier.get(request.params.id);
        return sendPage(
          reply.code(PROBLEMS.conflict.status),
          progress(view, run, { tone: "bad", text: html`<span lang="en">${error.message}</span>` }),
        );
      }
    },
  );
  app.post(
    "/unmatched/reclassify/:id/stop",
    { config: { ...config, audit: "reclassification" }, schema: { params } },
    (request, reply) => {
      const { id } = reclassifier.stop(request.params.id);
      return reply.redirect(link(viewOf(request, context), `/unmatched/reclassify/${id}`), 303);
    },
  );
}

function begin(view: View, filter: FilterQuery, runs: readonly ReclassifyRun[], notice: PageNotice | null): string {
  const { from = "", to = "", evidence = "", ...others } = parametersOf(filter);
  return renderPage(view, {
    title: view.t.rules.reclassify,
    lead: html`<a href="${link(view, "/unmatched")}">${view.t.frame.unmatched}</a> · ${view.t.reclassify.lead}`,
    notice,
    body: html`<div class="stack">
      <form class="panel stack" method="post" action="${link(view, "/unmatched/reclassify")}">
        ${csrfField(view)}
        <div class="fields">
          ${dayField(view, "from", from)} ${dayField(view, "to", to)}
          <div class="field">
            <label for="r-evidence">${view.t.log.evidence}</label>
            <select id="r-evidence" name="evidence">
              <option value="">${view.t.common.any}</option>
              <option value="${WITHOUT_RULE.join(",")}" ${evidence === WITHOUT_RULE.join(",") && html`selected`}>
                ${view.t.reclassify.noRule}
              </option>
              ${evidence !== "" && evidence !== WITHOUT_RULE.join(",") && html`<option value="${evidence}" selected>${evidence}</option>`}
            </select>
          </div>
        </div>
        ${
          Object.keys(others).length > 0
            ? html`<p>
                ${view.t.reclassify.onlyWhere(
                  view.t.list(
                    Object.entries(others).map(
                      ([name, value]) =>
                        html`${view.t.reclassify.condition(filterWords(view, name), html`<b class="break">${value}</b>`)}<input
                            type="hidden"
                            name="${name}"
                            value="${value}"
                          />`,
                    ),
                  ),
                )}
                <a href="${link(view, "/unmatched/reclassify")}">${view.t.reclassify.wholeLog}</a>
              </p>`
            : html`<p class="soft">${view.t.reclassify.selectionHint(linkTo(link(view, "/log")))}</p>`
        }
        <div class="row"><button class="primary">${view.t.reclassify.preview}</button></div>
      </form>
      ${runs.length > 0 && earlierRuns(view, runs)}
    </div>`,
  });
}

const dayField = ({ t }: View, name: "from" | "to", value: string): Html =>
  html`<div class="field">
    <label for="r-${name}">${t.log[name]}</label>
    <input
      id="r-${name}"
      name="${name}"
      value="${value}"
      placeholder="${t.log.dayHint}"
      autocomplete="off"
      inputmode="numeric"
      data-date
    />
  </div>`;

const earlierRuns = (view: View, runs: readonly ReclassifyRun[]): Html =>
  html`<section class="panel" aria-labelledby="runs">
    <header>
      <h2 id="runs">${view.t.reclassify.runs}</h2>
      <span class="soft small">${view.t.reclassify.runsHint}</span>
    </header>
    <div class="table-wrap" tabindex="0" role="region" aria-label="${view.t.reclassify.runs}">
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">${view.t.reclassify.started}</th>
            <th scope="col">${view.t.reclassify.by}</th>
            <th scope="col">${view.t.reclassify.mode}</th>
            <th scope="col">${view.t.reclassify.state}</th>
            <th scope="col" class="num">${view.t.reclassify.read}</th>
            <th scope="col" class="num">${view.t.reclassify.changed}</th>
          </tr>
        </thead>
        <tbody>
          ${runs.map(
            ({ id, startedAt, actor, mode, state, events, changed }) =>
              html`<tr>
                <th scope="row" class="nowrap">
                  <a href="${link(view, `/unmatched/reclassify/${id}`)}">${timeElement(view, startedAt)}</a>
                </th>
                <td class="break">${actorWords(view, actor)}</td>
                <td>${mode === "look" ? view.t.reclassify.preview : view.t.reclassify.replace}</td>
                <td>${stateWords(view, state)}</td>
                <td class="num" data-label="${view.t.reclassify.read}">${view.t.count(events)}</td>
                <td class="num" data-label="${view.t.reclassify.changed}">${view.t.count(changed)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;

const stateWords = ({ t }: View, state: ReclassifyRun["state"]): string =>
  ({
    running: t.reclassify.stateRunning,
    done: t.reclassify.stateDone,
    failed: t.reclassify.stateFailed,
    stopped: t.reclassify.stateStopped,
  })[state];

function progress(view: View, run: ReclassifyRun, notice: PageNotice | null): string {
  const isRunning = run.state === "running";
  return renderPage(view, {
    title: run.mode === "look" ? view.t.reclassify.preview : view.t.reclassify.replaceTitle,
    lead: html`<a href="${link(view, "/unmatched/reclassify")}">${view.t.rules.reclassify}</a> ·
      ${view.t.reclassify.startedBy(timeElement(view, run.startedAt), actorWords(view, run.actor))}`,
    notice,
    body: html`<div class="stack">
      <section
        class="panel"
        id="run"
        ${isRunning && html`data-stream="${link(view, `/unmatched/reclassify/${run.id}/stream`)}"`}
      >
        ${runState(view, run)}
      </section>
      <div id="result" aria-live="polite">${!isRunning && runResult(view, run)}</div>
    </div>`,
  });
}
