/** Signing in with a one-time link, an API token or the admin password, and out again. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../http/app.ts";
import { bindingOf, principalOfSession, type AuthenticationDeps } from "../http/access/authenticate.ts";
import { REFUSED } from "../http/access/record-acts.ts";
import { newSession, REFRESH_MS, sealSession, SESSION_COOKIE, type Session } from "../http/access/session.ts";
import { useSignInLink } from "../http/access/sign-in-links.ts";
import { verifyPassword, verifyToken } from "../http/access/tokens.ts";
import type { HttpContext } from "../http/context.ts";
import { html } from "./html.ts";
import { renderBarePage, type PageNotice } from "./layout.ts";
import { sendPage } from "./problem-page.ts";
import { safeNext } from "./paths.ts";
import { link, viewOf, type ViewContext } from "./view.ts";

const signInBody = z.object({ secret: z.string().max(1000), next: z.string().max(2000).default("/") });
const linkParams = z.object({ secret: z.string().max(100) });
const nextQuery = z.object({ next: z.string().max(2000).default("/") });

export function registerSignIn(
  app: App,
  context: ViewContext & Pick<HttpContext, "config">,
  deps: AuthenticationDeps,
): void {
  const remember = (request: FastifyRequest, reply: FastifyReply, session: Session): void => {
    const binding = bindingOf(session.subject, deps.tokens.current(), deps.now());
    if (binding === null) return;
    reply.setCookie(SESSION_COOKIE, sealSession(session, deps.sessionKey, binding), {
      path: context.settings.basePath || "/",
      httpOnly: true,
      sameSite: "strict",
      secure: request.protocol === "https",
    });
  };

  const enter = async (
    request: FastifyRequest,
    reply: FastifyReply,
    subject: string,
    detail: string,
  ): Promise<void> => {
    remember(request, reply, newSession(subject, deps.now()));
    const principal = principalOfSession({ subject }, deps.tokens.current());
    await deps.recordSignIn(request, { action: "sign-in", principal, detail });
  };
  const refused = (request: FastifyRequest, detail: string): Promise<void> =>
    deps.recordSignIn(request, { action: "sign-in-refused", principal: null, detail });

  app.addHook("onRequest", async (request, reply) => {
    const { session } = request;
    if (session && deps.now() - session.seenAt > REFRESH_MS)
      remember(request, reply, { ...session, seenAt: deps.now() });
  });

  app.get(
    "/sign-in",
    { config: { access: "public", page: true }, schema: { querystring: nextQuery } },
    (request, reply) => {
      const next = safeNext(request.query.next);
      const view = viewOf(request, context);
      if (request.principal) return reply.redirect(link(view, next), 303);
      return signInPage(request, reply, next, null);
    },
  );

  app.post(
    "/sign-in",
    { config: { access: "public", page: true, rateLimit: { max: 20 } }, schema: { body: signInBody } },
    async (request, reply) => {
      const next = safeNext(request.body.next);
      const secret = request.body.secret.trim();
      const wait = deps.lockout.waitSeconds(request.ip);
      // Guessing a password can succeed, guessing a token cannot: only passwords wait.
      if (wait > 0 && !isToken(secret)) {
        reply.code(429).header("retry-after", wait);
        return signInPage(request, reply, next, {
          tone: "bad",
          text: viewOf(request, context).t.signIn.locked(Math.ceil(wait / 60)),
        });
      }
      const subject = await subjectOf(secret, deps);
      if (!subject) {
        deps.lockout.fail(request.ip);
        await refused(request, isToken(secret) ? REFUSED.token : REFUSED.password);
        return signInPage(request, reply.code(401), next, {
          tone: "bad",
          text: viewOf(request, context).t.signIn.wrong,
        });
      }
      deps.lockout.succeed(request.ip);
      await enter(request, reply, subject, subject === "admin" ? "password" : "API token");
      return reply.redirect(link(viewOf(request, context), next), 303);
    },
  );

  app.get(
    "/sign-in/:secret",
    {
      config: { access: "public", page: true, rateLimit: { max: 20 } },
      schema: { params: linkParams, hide: true },
      // HEAD would use the link up.
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      const isPrefetch = request.headers["sec-purpose"] !== undefined;
      if (isPrefetch || !useSignInLink(context.config.dataDir, request.params.secret, deps.now())) {
        if (!isPrefetch) await refused(request, REFUSED.link);
        return signInPage(request, reply.code(410), "/", {
          tone: "bad",
          text: viewOf(request, context).t.signIn.usedLink,
        });
      }
      await enter(request, reply, "link", "sign-in link");
      return reply.redirect(link(viewOf(request, context), "/"), 303);
    },
  );

  app.post("/sign-out", { config: { access: "public", page: true } }, async (request, reply) => {
    if (request.session) {
      deps.signedOut.add(request.session);
      await deps.recordSignIn(request, { action: "sign-out", principal: request.principal, detail: "" });
    }
    reply.clearCookie(SESSION_COOKIE, { path: context.settings.basePath || "/" });
    return reply.redirect(link(viewOf(request, context), "/sign-in"), 303);
  });

  // A link from elsewhere arrives without the strict cookie; the sign-in page asks again from here and goes on.
  app.get("/session", { config: { access: "public" }, schema: { hide: true } }, (request) => ({
    signedIn: request.principal !== null,
  }));

  function signInPage(
    request: FastifyRequest,
    reply: FastifyReply,
    next: string,
    notice: PageNotice | null,
  ): FastifyReply {
    const view = viewOf(request, context);
    return sendPage(
      reply,
      renderBarePage(view, {
        title: view.t.signIn.title,
        notice,
        body: html`<form method="post" action="${link(view, "/sign-in")}" data-resume="${link(view, next)}">
            <input type="hidden" name="next" value="${next}" />
            <div class="field">
              <label for="secret">${view.t.signIn.secret}</label>
              <input id="secret" name="secret" type="password" required autofocus autocomplete="current-password" />
            </div>
            <button class="primary">${view.t.signIn.button}</button>
          </form>
          <p class="soft small">${view.t.signIn.help}</p>`,
      }),
    );
  }
}

const isToken = (secret: string): boolean => secret.startsWith("bnc_");

async function subjectOf(secret: string, deps: AuthenticationDeps): Promise<string | null> {
  const file = deps.tokens.current();
  if (isToken(secret)) return verifyToken(file.tokens, secret, new Date(deps.now()))?.id ?? null;
  return (await verifyPassword(file.password, secret)) ? "admin" : null;
}
