/** The sign-in page: the identity provider where there is one, and a token or the password. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { BEGIN_PATH, providerName } from "../../oidc/settings.ts";
import { html, type Html } from "../html.ts";
import { renderBarePage, type PageNotice } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type View, type ViewContext } from "../view.ts";

export function signInPage(
  request: FastifyRequest,
  reply: FastifyReply,
  context: ViewContext,
  { next, notice }: { readonly next: string; readonly notice: PageNotice | null },
): FastifyReply {
  const view = viewOf(request, context);
  const { oidc } = context.config.file;
  return sendPage(
    reply,
    renderBarePage(view, {
      title: view.t.signIn.title,
      notice,
      body: html`${oidc && beginLink(view, next, view.t.signIn.with(providerName(oidc)))}
        <form method="post" action="${link(view, "/sign-in")}" data-resume="${link(view, next)}">
          <input type="hidden" name="next" value="${next}" />
          <div class="field">
            <label for="secret">${view.t.signIn.secret}</label>
            <input
              id="secret"
              name="secret"
              type="password"
              required
              ${!oidc && html`autofocus`}
              autocomplete="current-password"
            />
          </div>
          <button ${!oidc && html`class="primary"`}>${view.t.signIn.button}</button>
        </form>
        <p class="soft small">${view.t.signIn.help}</p>`,
    }),
  );
}

/** A link and no form: a form that leads to another site is against our content security policy. */
export const beginLink = (view: View, next: string, words: string, again = false): Html =>
  html`<p>
    <a
      class="button primary"
      href="${link(view, BEGIN_PATH, { next: next === "/" ? null : next, again: again ? "1" : null })}"
      >${words}</a
    >
  </p>`;
