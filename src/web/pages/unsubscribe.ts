/**
 * `/u/<token>`: RFC 8058. Mail programs POST without asking anybody; people who follow the link get a button. GET never
 * acts, since scanners follow links. For recipients of mail, not for who runs the service: no sign-in, no navigation.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Language } from "../../config/config.ts";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/context.ts";
import { Problem } from "../../http/problems.ts";
import { NotAccepted } from "../../intake/accept.ts";
import { unsubscribeMessage, unsubscriberOf } from "../../proof/one-click.ts";
import { acceptBytes } from "../../sources/accept-bytes.ts";
import { ASSET_VERSION } from "../asset-version.ts";
import { html, renderHtml, type Html } from "../html.ts";
import { acceptedLanguage } from "../language/choose.ts";
import { textsIn, type Texts } from "../language/texts.ts";
import { sendPage } from "../problem-page.ts";

/** For each address that asks. Providers send for many people from few addresses. */
const REQUESTS_PER_MINUTE = 600;
const BODY_LIMIT = 16 * 1024;
const RETRY_AFTER_SECONDS = 60;
const params = z.object({ token: z.string().max(500) });

export function unsubscribePage(
  app: App,
  context: Pick<HttpContext, "config" | "domains" | "intake" | "language" | "now" | "reading" | "settings">,
): void {
  const { config } = context;
  /** The browser of the recipient decides: who runs the service may speak another language. */
  const languageOf = ({ headers }: FastifyRequest): Language =>
    acceptedLanguage(headers["accept-language"]) ?? context.language;
  const route = { access: "public", page: true, anyOrigin: true, rateLimit: { max: REQUESTS_PER_MINUTE } } as const;
  // RFC 8058 section 3.2: the body may be a form of either kind.
  app.addContentTypeParser(
    "multipart/form-data",
    { parseAs: "string", bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, body),
  );

  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    bodyIn: (words: Texts["unsubscribe"]) => Html,
  ): FastifyReply => {
    const language = languageOf(request);
    const words = textsIn(language).unsubscribe;
    const page = renderHtml(
      html`<!doctype html>
        <html lang="${language}">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta name="robots" content="noindex" />
            <title>${words.title}</title>
            <link rel="stylesheet" href="${context.settings.basePath}/assets/console.css?v=${ASSET_VERSION}" />
          </head>
          <body class="bare">
            <main id="main">
              <h1>${words.title}</h1>
              ${bodyIn(words)}
            </main>
          </body>
        </html>`,
    );
    return sendPage(reply.header("content-language", language), page);
  };
  const notValid = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    send(request, reply.code(404), (words) => html`<p class="notice bad" role="alert">${words.invalid}</p>`);

  app.get("/u/:token", { config: route, schema: { params, hide: true } }, (request, reply) => {
    const { token } = request.params;
    if (unsubscriberOf(token, context.reading().returnPath) === null) return notValid(request, reply);
    return send(
      request,
      reply,
      (words) =>
        html`<p>${words.question}</p>
          <form method="post" action="${context.settings.basePath}/u/${token}">
            <input type="hidden" name="List-Unsubscribe" value="One-Click" />
            <button>${words.button}</button>
          </form>`,
    );
  });

  app.post(
    "/u/:token",
    { config: route, bodyLimit: BODY_LIMIT, schema: { params, hide: true } },
    async (request, reply) => {
      const {
        params: { token },
        body,
      } = request;
      const settings = context.reading().returnPath;
      const unsubscriber = unsubscriberOf(token, settings);
      if (unsubscriber === null) return notValid(request, reply);
      if (!asksForIt(body)) throw new Problem("badRequest", "body: expected List-Unsubscribe=One-Click");
      if (!context.intake) throw new Problem("unavailable", "This process has no queue to put messages on.");
      const to = `unsubscribe@${context.domains[0] ?? "localhost"}`;
      const message = unsubscribeMessage(unsubscriber, { to, now: context.now(), settings });
      try {
        await acceptBytes({ intake: context.intake, keepBytes: config.BOUNCED_KEEP_BYTES }, message, {
          forwardPaths: [to],
          reversePath: unsubscriber.recipient,
          receivedAt: new Date(context.now()).toISOString(),
        });
      } catch (cause) {
        if (!(cause instanceof NotAccepted)) throw cause;
        const retryAfterSeconds = RETRY_AFTER_SECONDS;
        throw new Problem("unavailable", "Not stored; try again.", { retryAfterSeconds, cause });
      }
      return send(request, reply, (words) => html`<p class="notice good" role="status">${words.done}</p>`);
    },
  );
}

const asksForIt = (body: unknown): boolean =>
  typeof body === "string"
    ? /name="?List-Unsubscribe"?\r?\n(?:[^\r\n]+\r?\n){0,5}\r?\nOne-Click\r?\n/i.test(body)
    : typeof body === "object" &&
      body !== null &&
      "List-Unsubscribe" in body &&
      String(body["List-Unsubscribe"]).toLowerCase() === "one-click";
