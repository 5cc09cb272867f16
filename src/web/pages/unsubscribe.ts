/**
 * `/u/<token>`: RFC 8058. Mail programs POST without asking anybody; people who follow the link get a button. GET never
 * acts, since scanners follow links. For recipients of mail, not for who runs the service: no sign-in, no navigation.
 */
import type { FastifyReply } from "fastify";
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
import { sendPage } from "../problem-page.ts";

/** For each address that asks. Providers send for many people from few addresses. */
const REQUESTS_PER_MINUTE = 600;
const BODY_LIMIT = 16 * 1024;
const RETRY_AFTER_SECONDS = 60;
const params = z.object({ token: z.string().max(500) });

interface Words {
  readonly title: string;
  readonly question: string;
  readonly button: string;
  readonly done: string;
  readonly invalid: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: "Unsubscribe",
    question: "You will get no more of these messages.",
    button: "Unsubscribe",
    done: "You are unsubscribed.",
    invalid: "This link is not valid. Copy the whole address from the message.",
  },
  de: {
    title: "Abmelden",
    question: "Sie erhalten diese Nachrichten dann nicht mehr.",
    button: "Abmelden",
    done: "Sie sind abgemeldet.",
    invalid: "Dieser Link ist ungültig. Kopieren Sie die vollständige Adresse aus der Nachricht.",
  },
  fr: {
    title: "Se désabonner",
    question: "Vous ne recevrez plus ces messages.",
    button: "Se désabonner",
    done: "Vous êtes désabonné.",
    invalid: "Ce lien n'est pas valide. Copiez l'adresse complète depuis le message.",
  },
  es: {
    title: "Cancelar la suscripción",
    question: "Ya no recibirá estos mensajes.",
    button: "Cancelar la suscripción",
    done: "Su suscripción está cancelada.",
    invalid: "Este enlace no es válido. Copie la dirección completa del mensaje.",
  },
  ja: {
    title: "配信停止",
    question: "今後、このメールは届かなくなります。",
    button: "配信を停止する",
    done: "配信を停止しました。",
    invalid: "このリンクは無効です。メールに記載されたアドレス全体をコピーしてください。",
  },
};

export function unsubscribePage(
  app: App,
  context: Pick<HttpContext, "config" | "domains" | "intake" | "language" | "now" | "reading" | "settings">,
): void {
  const { config } = context;
  const words = WORDS[context.language];
  const route = { access: "public", page: true, anyOrigin: true, rateLimit: { max: REQUESTS_PER_MINUTE } } as const;
  // RFC 8058 section 3.2: the body may be a form of either kind.
  app.addContentTypeParser(
    "multipart/form-data",
    { parseAs: "string", bodyLimit: BODY_LIMIT },
    (_request, body, done) => done(null, body),
  );

  const frame = (body: Html): string =>
    renderHtml(
      html`<!doctype html>
        <html lang="${context.language}">
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
              ${body}
            </main>
          </body>
        </html>`,
    );
  const notValid = (reply: FastifyReply): FastifyReply =>
    sendPage(reply.code(404), frame(html`<p class="notice bad" role="alert">${words.invalid}</p>`));

  app.get("/u/:token", { config: route, schema: { params, hide: true } }, ({ params: { token } }, reply) => {
    if (unsubscriberOf(token, context.reading().returnPath) === null) return notValid(reply);
    return sendPage(
      reply,
      frame(
        html`<p>${words.question}</p>
          <form method="post" action="${context.settings.basePath}/u/${token}">
            <input type="hidden" name="List-Unsubscribe" value="One-Click" />
            <button>${words.button}</button>
          </form>`,
      ),
    );
  });

  app.post(
    "/u/:token",
    { config: route, bodyLimit: BODY_LIMIT, schema: { params, hide: true } },
    async ({ params: { token }, body }, reply) => {
      const settings = context.reading().returnPath;
      const unsubscriber = unsubscriberOf(token, settings);
      if (unsubscriber === null) return notValid(reply);
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
      return sendPage(reply, frame(html`<p class="notice good" role="status">${words.done}</p>`));
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
