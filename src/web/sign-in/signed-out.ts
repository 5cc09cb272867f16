/** OpenID Connect RP-Initiated Logout 1.0: who signs out here signs out of the provider too, where it has a place for it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpContext } from "../../http/context.ts";
import { SignInError, type IdentityProvider } from "../../oidc/provider.ts";
import { html } from "../html.ts";
import { renderBarePage } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type ViewContext } from "../view.ts";

/**
 * Null where the provider has none, or is down: the session here has ended in any case. A page and no redirect: our
 * content security policy lets no form lead to another site.
 */
export async function signedOutPage(
  request: FastifyRequest,
  reply: FastifyReply,
  context: ViewContext & Pick<HttpContext, "config">,
  provider: IdentityProvider,
): Promise<FastifyReply | null> {
  const view = viewOf(request, context);
  const returnTo = `${context.config.file.http.publicUrl ?? ""}${link(view, "/sign-in")}`;
  let url: string | null;
  try {
    url = await provider.endSession(returnTo);
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    request.log.warn(
      { why: error.message, requestId: request.id },
      "signed out here, and not at the identity provider",
    );
    return null;
  }
  if (url === null) return null;
  return sendPage(
    reply,
    renderBarePage(view, {
      title: view.t.signIn.signedOut,
      onward: url,
      body: html`<p><a class="button primary" href="${url}">${view.t.signIn.goOn}</a></p>`,
    }),
  );
}
