/** Signing in with a one-time link, an API token, the admin password or the identity provider, and out again. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../../http/app.ts";
import type { AuthenticationDeps } from "../../http/access/authenticate.ts";
import { credentialOf, type Credential } from "../../http/access/credentials.ts";
import { REFUSED } from "../../http/access/record-acts.ts";
import { newSession, REFRESH_MS, sealSession, SESSION_COOKIE, type Session } from "../../http/access/session.ts";
import { useSignInLink } from "../../http/access/sign-in-links.ts";
import { verifyPassword, verifyToken } from "../../http/access/tokens.ts";
import type { HttpContext } from "../../http/context.ts";
import { safeNext } from "../paths.ts";
import { link, viewOf, type ViewContext } from "../view.ts";
import { signInPage } from "./page.ts";
import { registerProviderSignIn } from "./provider.ts";
import { signedOutPage } from "./signed-out.ts";

const signInBody = z.object({ secret: z.string().max(1000), next: z.string().max(2000).default("/") });
const linkParams = z.object({ secret: z.string().max(100) });
const nextQuery = z.object({ next: z.string().max(2000).default("/") });

export function registerSignIn(
  app: App,
  context: ViewContext & Pick<HttpContext, "config" | "store">,
  deps: AuthenticationDeps,
): void {
  const { publicUrl = "" } = context.config.file.http;
  const remember = (request: FastifyRequest, reply: FastifyReply, session: Session, credential: Credential): void => {
    const isPerson = credential.principal.via === "person";
    reply.setCookie(SESSION_COOKIE, sealSession(session, deps.sessionKey, credential.binding), {
      path: context.settings.basePath || "/",
      httpOnly: true,
      sameSite: "strict",
      // People come from where the provider sends them: there it is HTTPS, whatever the proxy says.
      secure: request.protocol === "https" || (isPerson && publicUrl.startsWith("https:")),
    });
  };

  const enter = async (
    request: FastifyRequest,
    reply: FastifyReply,
    subject: string,
    detail: string,
  ): Promise<void> => {
    const credential = await credentialOf(subject, deps);
    if (credential) remember(request, reply, newSession(subject, deps.now()), credential);
    await deps.recordSignIn(request, { action: "sign-in", principal: credential?.principal ?? null, detail });
  };
  const refused = (request: FastifyRequest, detail: string): Promise<void> =>
    deps.recordSignIn(request, { action: "sign-in-refused", principal: null, detail });

  app.addHook("onRequest", async (request, reply) => {
    const { session } = request;
    if (!session || deps.now() - session.seenAt <= REFRESH_MS) return;
    const credential = await credentialOf(session.subject, deps);
    if (credential) remember(request, reply, { ...session, seenAt: deps.now() }, credential);
  });

  const provider = registerProviderSignIn(app, context, {
    access: deps,
    remember: (request, reply, subject) => enter(request, reply, subject, "provider"),
  });

  app.get(
    "/sign-in",
    { config: { access: "public", page: true }, schema: { querystring: nextQuery } },
    (request, reply) => {
      const next = safeNext(request.query.next);
      const view = viewOf(request, context);
      if (request.principal) return reply.redirect(link(view, next), 303);
      return signInPage(request, reply, context, { next, notice: null });
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
        const text = viewOf(request, context).t.signIn.locked(Math.ceil(wait / 60));
        return signInPage(request, reply, context, { next, notice: { tone: "bad", text } });
      }
      const subject = await subjectOf(secret, deps);
      if (!subject) {
        deps.lockout.fail(request.ip);
        await refused(request, isToken(secret) ? REFUSED.token : REFUSED.password);
        const text = viewOf(request, context).t.signIn.wrong;
        return signInPage(request, reply.code(401), context, { next, notice: { tone: "bad", text } });
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
        const text = viewOf(request, context).t.signIn.usedLink;
        return signInPage(request, reply.code(410), context, { next: "/", notice: { tone: "bad", text } });
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
    if (provider && request.principal?.via === "person") {
      const page = await signedOutPage(request, reply, context, provider);
      if (page) return page;
    }
    return reply.redirect(link(viewOf(request, context), "/sign-in"), 303);
  });

  // A link from elsewhere arrives without the strict cookie; the sign-in page asks again from here and goes on.
  app.get("/session", { config: { access: "public" }, schema: { hide: true } }, (request) => ({
    signedIn: request.principal !== null,
  }));
}

const isToken = (secret: string): boolean => secret.startsWith("bnc_");

async function subjectOf(secret: string, deps: AuthenticationDeps): Promise<string | null> {
  const file = deps.tokens.current();
  if (isToken(secret)) return verifyToken(file.tokens, secret, new Date(deps.now()))?.id ?? null;
  return (await verifyPassword(file.password, secret)) ? "admin" : null;
}
