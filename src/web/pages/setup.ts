/** Set-up: what must be right for bounces to arrive, an address to try, and a test bounce to watch. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { hasAdmin } from "../../http/access/ways-in.ts";
import { canaryStage, type CanaryStore } from "../../canary/canary.ts";
import { Problem } from "../../http/problems.ts";
import { sendTestBounce, type TestBounce } from "../../http/test-bounce.ts";
import { createReturnPath } from "../../return-path/create.ts";
import { runChecks } from "../../doctor/run.ts";
import { messageOf } from "../../machine/error-message.ts";
import { html, renderHtml, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { csrfField, noticeLine, renderPage } from "../layout.ts";
import { setupChecks } from "../parts/setup-checks.ts";
import { sendPage } from "../problem-page.ts";
import { streamParts } from "../stream-parts.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";
import { severityLabel } from "../words.ts";

const WAIT_MS = 30_000;
const LOOK_EVERY_MS = 300;
const tokenSchema = z.string().regex(/^[0-9a-f]{12,40}$/, "expected the id of a test");

interface Shown {
  /** Of a test bounce. */
  readonly result?: Html | null;
  /** For whom to make a return path. */
  readonly recipient?: string;
}

export function setupPage(app: App, context: ViewContext & Pick<HttpContext, "config" | "ports" | "tokens">): void {
  const page = (access: "viewer" | "admin") => ({ config: { access, page: true } as const });

  app.get(
    "/setup",
    { ...page("viewer"), schema: { querystring: z.object({ recipient: z.string().max(320).default("") }) } },
    (request, reply) => {
      const view = viewOf(request, context);
      return sendPage(reply, render(view, { recipient: request.query.recipient }));
    },
  );

  // DNS may take its time: the page is there first, and asks for this part. Without script it is a page of its own.
  app.get(
    "/setup/checks",
    { ...page("viewer"), schema: { querystring: z.object({ part: z.literal("list").optional() }) } },
    async (request, reply) => {
      const view = viewOf(request, context);
      const checks = setupChecks(view, await runChecks(context.config));
      if (request.query.part) return sendPage(reply, renderHtml(checks));
      return sendPage(
        reply,
        renderPage(view, {
          title: view.t.operating.checks,
          lead: html`<a href="${link(view, "/setup")}">${view.t.frame.setup}</a> · ${view.t.operating.checksOf}`,
          actions: html`<a class="button" href="${link(view, "/setup/checks")}">${view.t.operating.runAgain}</a>`,
          body: html`<section class="panel" aria-label="${view.t.operating.checks}">${checks}</section>`,
        }),
      );
    },
  );

  app.post("/setup/test", page("admin"), async (request, reply) => {
    const view = viewOf(request, context);
    let sent: TestBounce;
    try {
      sent = await sendTestBounce(context.config, queuesOf(view), new Date(view.now));
    } catch (error) {
      const notice = noticeLine({ tone: "bad", text: view.t.operating.testRefused(messageOf(error)) });
      return sendPage(reply.code(502), render(view, { result: notice }));
    }
    return sendPage(reply, render(view, { result: testResult(view, sent) }));
  });

  app.get(
    "/setup/stream",
    { ...page("viewer"), schema: { querystring: z.object({ token: tokenSchema }) } },
    (request, reply) => {
      const view = viewOf(request, context);
      const queues = queuesOf(view);
      streamParts(request, reply, async (send, isGone) => {
        let stage: string | null = null;
        for (const end = Date.now() + WAIT_MS; Date.now() < end && !isGone();) {
          stage = await canaryStage(queues, request.query.token);
          if (stage === "recorded" || stage === "misread") break;
          await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        }
        send("test-state", testOutcome(view, stage));
      });
      return reply;
    },
  );

  function queuesOf({ t }: View): CanaryStore {
    if (!context.ports) throw new Problem("notAvailable", t.operating.noRedis);
    return context.ports.queues;
  }

  function render(view: View, { result = null, recipient = "" }: Shown): string {
    const { config } = context;
    const t = view.t.operating;
    return renderPage(view, {
      title: view.t.frame.setup,
      lead: view.t.operating.setupLead,
      body: html`<div class="stack">
        ${
          !hasAdmin(context.tokens.current(), new Date(context.now())) &&
          noticeLine({
            tone: "note",
            text: t.noPassword,
          })
        }
        ${result}
        <section class="panel" aria-labelledby="checks">
          <header>
            <h2 id="checks">${t.checks}</h2>
          </header>
          <div data-load="${link(view, "/setup/checks", { part: "list" })}" data-load-again="30" aria-live="polite">
            <p><a href="${link(view, "/setup/checks")}">${t.runChecks}</a></p>
          </div>
        </section>
        ${
          view.may("operator") &&
          html`<div class="columns wide">${signedAddress(view, recipient)} ${testForm(view)}</div>`
        }
        <section class="panel" aria-labelledby="way">
          <header><h2 id="way">${t.configuration}</h2></header>
          <dl class="facts">
            <dt>${t.domains}</dt>
            <dd class="mono">${config.BOUNCED_DOMAINS.join(", ")}</dd>
            <dt>${t.mxRecord}</dt>
            <dd class="mono">${config.BOUNCED_DOMAINS[0]}. MX 10 <em>${t.thisMachine}</em>.</dd>
            <dt>${t.listener}</dt>
            <dd class="mono">${config.BOUNCED_SMTP_HOST}:${config.BOUNCED_SMTP_PORT}</dd>
            <dt>${t.returnPaths}</dt>
            <dd>${t.returnPathsSigned}</dd>
            <dt>${t.unsignedMail}</dt>
            <dd>${config.BOUNCED_REQUIRE_SIGNED ? t.refused : t.acceptedUnproven}</dd>
          </dl>
        </section>
      </div>`,
    });
  }

  function signedAddress(view: View, recipient: string): Html {
    const { config } = context;
    let made: Html | null = null;
    if (recipient && config.BOUNCED_SECRET.length > 0)
      try {
        const domain = config.BOUNCED_DOMAINS[0] ?? "localhost";
        const address = createReturnPath({ domain, recipient }, context.reading().returnPath, new Date(view.now));
        made = html`<p class="diagnostic mono row">
          <span class="break">${address}</span>
          <button type="button" class="small" data-copy="${address}">${icon("copy")}${view.t.common.copy}</button>
        </p>`;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        made = noticeLine({ tone: "bad", text: messageOf(error) });
      }
    return html`<section class="panel stack" aria-labelledby="address">
      <h2 id="address">${view.t.operating.makePath}</h2>
      ${
        config.BOUNCED_SECRET.length === 0
          ? html`<p class="soft">${view.t.operating.needsKey}</p>`
          : html`<form class="row" method="get" action="${link(view, "/setup")}">
                <input
                  name="recipient"
                  type="text"
                  required
                  maxlength="320"
                  value="${recipient}"
                  aria-label="${view.t.common.recipient}"
                  placeholder="user@example.org"
                  autocomplete="off"
                />
                <button>${view.t.operating.create}</button>
              </form>
              ${made}`
      }
    </section>`;
  }
}

const testForm = (view: View): Html | null =>
  view.may("admin")
    ? html`<section class="panel" aria-labelledby="test">
        <header>
          <h2 id="test">${view.t.operating.testBounce}</h2>
          <form method="post" action="${link(view, "/setup/test")}">
            ${csrfField(view)}<button class="primary">${view.t.operating.sendTest}</button>
          </form>
        </header>
        <p class="soft">${view.t.operating.testText}</p>
      </section>`
    : null;

const testResult = (view: View, sent: TestBounce): Html =>
  html`<section class="panel stack" aria-labelledby="result">
    <h2 id="result">${view.t.operating.testBounce}</h2>
    <ol class="steps">
      <li>
        <span class="state ok">${icon("check")}</span>
        <p>
          ${view.t.operating.testAccepted(html`<code class="break">${sent.forwardPath}</code>`)}<br /><span
            class="soft mono small"
            >${sent.reply}</span
          >
        </p>
      </li>
      <li id="test-state" aria-live="polite" data-stream="${link(view, "/setup/stream", { token: sent.token })}">
        <span class="state busy">…</span>
        <p>
          ${view.t.operating.testWaiting}
          <noscript>${view.t.operating.testNoScript}</noscript>
        </p>
      </li>
    </ol>
  </section>`;

function testOutcome(view: View, stage: string | null): Html {
  const t = view.t.operating;
  if (stage === "recorded")
    return html`<span class="state ok">${icon("check")}</span>
      <p>${t.testRecorded(severityLabel(view, "hard"), view.t.terms.reason.mailbox_unknown)}</p>`;
  const seconds = WAIT_MS / 1000;
  const problem =
    stage === "misread"
      ? t.testMisread
      : stage === "classified"
        ? t.testNotRecorded(seconds)
        : t.testNotClassified(seconds);
  return html`<span class="state fail">${icon("cross")}</span>
    <p>${problem}</p>`;
}
