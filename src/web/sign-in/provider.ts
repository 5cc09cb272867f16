/** Signing in with the identity provider: there, and back with its answer. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../../http/app.ts";
import { recordAdmission, recordRefusal } from "../../http/access/admission.ts";
import { isForeign, type AuthenticationDeps } from "../../http/access/authenticate.ts";
import { FLOW_COOKIE, FLOW_MS, onceOnly, openFlow, sealFlow } from "../../http/access/oidc-flow.ts";
import { REFUSED } from "../../http/access/record-acts.ts";
import type { HttpContext } from "../../http/context.ts";
import { factsOf } from "../../oidc/claims.ts";
import { openProvider, SignInError, type IdentityProvider } from "../../oidc/provider.ts";
import { BEGIN_PATH, CALLBACK_PATH, providerName, redirectUriOf } from "../../oidc/settings.ts";
import type { Admission, SignedIn } from "../../store/people/person.ts";
import { html } from "../html.ts";
import { renderBarePage } from "../layout.ts";
import { safeNext } from "../paths.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type ViewContext } from "../view.ts";
import { beginLink, signInPage } from "./page.ts";

export interface ProviderSignInDeps {
  readonly access: AuthenticationDeps;
  /** Puts the session of that subject into the answer. */
  readonly remember: (request: FastifyRequest, reply: FastifyReply, subject: string) => Promise<void>;
}

/** Longer paths do not fit into the cookie. */
const MAX_NEXT = 1500;
const beginQuery = z.object({ next: z.string().max(2000).default("/"), again: z.literal("1").optional() });
const config = { access: "public", page: true, rateLimit: { max: 20 } } as const;

/** Null where the configuration names no provider. */
export function registerProviderSignIn(
  app: App,
  context: ViewContext & Pick<HttpContext, "config" | "store">,
  { access, remember }: ProviderSignInDeps,
): IdentityProvider | null {
  const { oidc, http } = context.config.file;
  const { publicUrl } = http;
  if (!oidc || publicUrl === undefined) return null;
  const provider = openProvider(oidc, redirectUriOf({ publicUrl, basePath: context.settings.basePath }));
  const isFirstUse = onceOnly();
  const cookie = {
    path: link(viewBase(context), BEGIN_PATH),
    httpOnly: true,
    sameSite: "lax",
    secure: publicUrl.startsWith("https:"),
  } as const;

  /** `detail` is for the audit log, `why` for the person. */
  const refuse = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { status, detail, why, next = "/" }: Refusal,
  ): Promise<FastifyReply> => {
    await recordRefusal(request, access, detail);
    return signInPage(request, reply.code(status), context, { next, notice: { tone: "bad", text: why } });
  };

  app.get(
    BEGIN_PATH,
    { config, schema: { querystring: beginQuery, hide: true }, exposeHeadRoute: false },
    async (request, reply) => {
      const wanted = safeNext(request.query.next);
      const next = wanted.length > MAX_NEXT ? "/" : wanted;
      const { t, basePath } = viewOf(request, context);
      // A page of another site must not begin what only a person begins.
      if (isForeign(request)) return reply.redirect(link({ basePath }, "/sign-in", { next }), 303);
      try {
        const { url, flow } = await provider.begin(request.query.again !== undefined);
        const sealed = sealFlow({ ...flow, next, startedAt: access.now() }, access.sessionKey);
        return reply.setCookie(FLOW_COOKIE, sealed, { ...cookie, maxAge: FLOW_MS / 1000 }).redirect(url, 303);
      } catch (error) {
        const problem = asSignInError(error);
        request.log.error({ why: problem.message, requestId: request.id }, "the identity provider cannot be used");
        const text = t.signIn.providerDown(providerName(oidc));
        return signInPage(request, reply.code(503), context, { next, notice: { tone: "bad", text } });
      }
    },
  );

  app.get(CALLBACK_PATH, { config, schema: { hide: true }, exposeHeadRoute: false }, async (request, reply) => {
    const { t } = viewOf(request, context);
    const flow = openFlow(request.cookies[FLOW_COOKIE] ?? "", access.sessionKey, access.now());
    reply.clearCookie(FLOW_COOKIE, cookie);
    if (!flow || !isFirstUse(flow.state))
      return refuse(request, reply, {
        status: 400,
        detail: REFUSED.notBegun,
        why: t.signIn.tooOld,
      });
    const { next } = flow;
    let facts: Omit<SignedIn, "address"> | null;
    try {
      facts = factsOf(await provider.finish(request.raw.url?.split("?")[1] ?? "", flow), oidc);
    } catch (error) {
      const problem = asSignInError(error);
      request.log.warn({ why: problem.message, requestId: request.id }, "a sign-in with the provider failed");
      const why = problem.kind === "down" ? t.signIn.providerDown : t.signIn.providerRefused;
      const status = problem.kind === "down" ? 503 : 401;
      return refuse(request, reply, { status, detail: problem.message, why: why(providerName(oidc)), next });
    }
    if (!facts)
      return refuse(request, reply, {
        status: 401,
        detail: REFUSED.noSubject,
        why: t.signIn.providerRefused(providerName(oidc)),
        next,
      });
    const admission = await context.store.people.signIn({ ...facts, address: request.ip });
    await recordAdmission(request, access, admission, facts);
    if (admission.is !== "admitted") return refusedPerson(request, reply, admission, facts);
    await remember(request, reply, admission.person.id);
    return onward(request, reply, next);
  });
  return provider;

  async function refusedPerson(
    request: FastifyRequest,
    reply: FastifyReply,
    { is }: Admission,
    { email, name, sub }: Omit<SignedIn, "address">,
  ): Promise<FastifyReply> {
    const view = viewOf(request, context);
    const { signIn } = view.t;
    return sendPage(
      reply.code(403),
      renderBarePage(view, {
        title: signIn.refusedTitle,
        lead: is === "revoked" ? signIn.revoked(email || name || sub) : signIn.noRole(email || name || sub),
        body: html`${beginLink(view, "/", signIn.otherAccount, true)}
          <p><a href="${link(view, "/sign-in")}">${signIn.title}</a></p>`,
      }),
    );
  }

  /**
   * A page of ours that goes on by itself. A redirect would belong to the navigation that came from the provider, for
   * which browsers send no strict cookie.
   */
  function onward(request: FastifyRequest, reply: FastifyReply, next: string): FastifyReply {
    const view = viewOf(request, context);
    const target = link(view, next);
    return sendPage(
      reply,
      renderBarePage(view, {
        title: view.t.signIn.title,
        onward: target,
        body: html`<p><a class="button primary" href="${target}">${view.t.signIn.goOn}</a></p>`,
      }),
    );
  }
}

interface Refusal {
  readonly status: number;
  readonly detail: string;
  readonly why: string;
  readonly next?: string;
}

const viewBase = ({ settings }: ViewContext) => ({ basePath: settings.basePath });

/** Any other error is ours: it goes to the error page. */
function asSignInError(error: unknown): SignInError {
  if (error instanceof SignInError) return error;
  throw error;
}
