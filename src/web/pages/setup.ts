/** Set-up: what must be right for bounces to arrive, an address to try, and a test bounce to watch. */
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { hasAdmin } from "../../http/access/ways-in.ts";
import { sendTestBounce, type TestBounce } from "../../http/test-bounce.ts";
import { createReturnPath } from "../../core/return-path/create.ts";
import { runChecks } from "../../doctor/run.ts";
import { messageOf } from "../../error-message.ts";
import { html, renderHtml, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { csrfField, noticeLine, renderPage } from "../layout.ts";
import { setupChecks } from "../parts/setup-checks.ts";
import { sendPage } from "../problem-page.ts";
import { streamParts } from "../stream-parts.ts";
import { link, viewOf, type View } from "../view.ts";
import { recipientOf, severityLabel, wordsOf } from "../words.ts";

const WAIT_MS = 30_000;
const LOOK_EVERY_MS = 300;
const messageIdSchema = z.string().regex(/^<set-up-[0-9a-f]{16}@[\w.-]+>$/, "expected the id of a test");

interface Shown {
  /** Of a test bounce. */
  readonly result?: Html | null;
  /** For whom to make a return path. */
  readonly recipient?: string;
}

export function setupPage(app: App, context: HttpContext): void {
  const page = (access: "viewer" | "admin") => ({ config: { access, page: true } as const });

  app.get(
    "/setup",
    { ...page("viewer"), schema: { querystring: z.object({ recipient: z.string().max(320).default("") }) } },
    (request, reply) => {
      const view = viewOf(request, context);
      return sendPage(reply, render(view, { recipient: request.query.recipient }));
    },
  );

  // DNS may take its time: the page is there first.
  app.get("/setup/checks", page("viewer"), async (_request, reply) => {
    const findings = await runChecks(context.config);
    return sendPage(reply, renderHtml(setupChecks(findings)));
  });

  app.post("/setup/test", page("admin"), async (request, reply) => {
    const view = viewOf(request, context);
    let sent: TestBounce;
    try {
      sent = await sendTestBounce(context.config, new Date(view.now));
    } catch (error) {
      const notice = noticeLine({ tone: "bad", text: `The listener did not take it: ${messageOf(error)}` });
      return sendPage(reply.code(502), render(view, { result: notice }));
    }
    return sendPage(reply, render(view, { result: testResult(view, sent) }));
  });

  app.get(
    "/setup/stream",
    { ...page("viewer"), schema: { querystring: z.object({ messageId: messageIdSchema }) } },
    (request, reply) => {
      const view = viewOf(request, context);
      streamParts(request, reply, async (send, isGone) => {
        for (const end = Date.now() + WAIT_MS; Date.now() < end && !isGone();) {
          const found = await context.store.search({ messageId: request.query.messageId, limit: 1 });
          const [entry] = found.entries;
          if (entry) {
            const { event } = entry;
            send(
              "test-state",
              html`<span class="state ok">${icon("check")}</span>
                <div>
                  <p>
                    It is in the log: ${severityLabel(event.severity)}, ${wordsOf(event.reason).toLowerCase()}, for
                    ${recipientOf(event)}. Authenticity: ${event.authenticity}.
                  </p>
                  <p class="soft">${event.explanation}</p>
                  <p><a class="button small" href="${link(view, `/log/${event.id}`)}">Look at the event</a></p>
                </div>`,
            );
            return;
          }
          await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        }
        send(
          "test-state",
          html`<span class="state fail">${icon("cross")}</span>
            <p>
              It was accepted, but is not in the log after ${WAIT_MS / 1000} seconds. Do the roles worker and record
              run? The queues page shows where it waits.
            </p>`,
        );
      });
      return reply;
    },
  );

  function render(view: View, { result = null, recipient = "" }: Shown): string {
    const { config } = context;
    return renderPage(view, {
      title: "Set-up",
      lead: html`From nothing to the first bounce: the checks of <code>bounced doctor</code>, with what to do about
        each.`,
      body: html`<div class="stack">
        ${
          !hasAdmin(context.tokens.current(), new Date(context.now())) &&
          noticeLine({
            tone: "note",
            text: html`No admin password is set. <code>bounced token password</code> sets one; until then
              <code>bounced token link</code> and every start of the service print a link that signs in once.`,
          })
        }
        ${result}
        <section class="panel" aria-labelledby="checks">
          <header>
            <h2 id="checks">Checks</h2>
            <a class="button small" href="${link(view, "/setup")}">Check again</a>
          </header>
          <div data-load="${link(view, "/setup/checks")}" data-load-again="30" aria-live="polite">
            <p><a href="${link(view, "/setup/checks")}">Run the checks</a></p>
          </div>
        </section>
        ${
          view.may("operator") &&
          html`<div class="columns wide">${signedAddress(view, recipient)} ${testForm(view)}</div>`
        }
        <section class="panel" aria-labelledby="way">
          <header><h2 id="way">The way a bounce takes</h2></header>
          <dl class="facts">
            <dt>Domains</dt>
            <dd class="mono">${config.BOUNCED_DOMAINS.join(", ")}</dd>
            <dt>MX record</dt>
            <dd class="mono">${config.BOUNCED_DOMAINS[0]}. MX 10 <em>this machine</em>.</dd>
            <dt>Listener</dt>
            <dd class="mono">${config.BOUNCED_SMTP_HOST}:${config.BOUNCED_SMTP_PORT}</dd>
            <dt>Return paths</dt>
            <dd>signed, so that a forged bounce is told from a real one</dd>
            <dt>Unsigned mail</dt>
            <dd>${config.BOUNCED_REQUIRE_SIGNED ? "refused" : "accepted, but unproven: it suppresses nobody"}</dd>
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
          <button type="button" class="small" data-copy="${address}">${icon("copy")}Copy</button>
        </p>`;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        made = noticeLine({ tone: "bad", text: messageOf(error) });
      }
    return html`<section class="panel stack" aria-labelledby="address">
      <h2 id="address">A return path for one recipient</h2>
      ${
        config.BOUNCED_SECRET.length === 0
          ? html`<p class="soft">
              Signing needs a key. Set <code>BOUNCED_SECRET</code> to a long random text and start again.
            </p>`
          : html`<form class="row" method="get" action="${link(view, "/setup")}">
                <input
                  name="recipient"
                  type="text"
                  required
                  maxlength="320"
                  value="${recipient}"
                  aria-label="Recipient"
                  placeholder="whom the mail goes to"
                  autocomplete="off"
                />
                <button>Make it</button>
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
          <h2 id="test">Send a test bounce</h2>
          <form method="post" action="${link(view, "/setup/test")}">
            ${csrfField(view)}<button class="primary">Send it</button>
          </form>
        </header>
        <p class="soft">
          It goes over SMTP to the listener, as any bounce does, and should be in the log within a second or two.
        </p>
      </section>`
    : null;

const testResult = (view: View, sent: TestBounce): Html =>
  html`<section class="panel stack" aria-labelledby="result">
    <h2 id="result">Test bounce</h2>
    <ol class="steps">
      <li>
        <span class="state ok">${icon("check")}</span>
        <p>
          The listener took it for <code class="break">${sent.forwardPath}</code>.<br /><span class="soft mono small"
            >${sent.reply}</span
          >
        </p>
      </li>
      <li
        id="test-state"
        aria-live="polite"
        data-stream="${link(view, "/setup/stream", { messageId: sent.messageId })}"
      >
        <span class="state busy">…</span>
        <p>Waiting for it in <a href="${link(view, "/log", { messageId: sent.messageId })}">the log</a>.</p>
      </li>
    </ol>
  </section>`;
