/** The reader's choice of a language, kept in a cookie; and what tells caches and browsers which language a page has. */
import { z } from "zod";
import { SPOKEN_LANGUAGES } from "../config/config.ts";
import type { App } from "../http/app.ts";
import { LANGUAGE_COOKIE } from "./language/choose.ts";
import { safeNext } from "./paths.ts";
import { link, viewOf, type ViewContext } from "./view.ts";

const KEEP_SECONDS = 365 * 24 * 60 * 60;
const body = z.object({ language: z.enum(SPOKEN_LANGUAGES), back: z.string().max(16_000).default("/") });

export function registerLanguage(app: App, context: ViewContext): void {
  app.addHook("onSend", async (request, reply) => {
    if (!String(reply.getHeader("content-type")).startsWith("text/html")) return;
    reply.header("vary", [reply.getHeader("vary"), "accept-language, cookie"].filter(Boolean).join(", "));
    if (!reply.hasHeader("content-language")) reply.header("content-language", viewOf(request, context).language);
  });

  app.post("/language", { config: { access: "public", page: true }, schema: { body } }, (request, reply) => {
    const { language, back } = request.body;
    reply.setCookie(LANGUAGE_COOKIE, language, {
      path: context.settings.basePath || "/",
      httpOnly: true,
      sameSite: "lax",
      secure: request.protocol === "https",
      maxAge: KEEP_SECONDS,
    });
    return reply.redirect(link(viewOf(request, context), safeNext(back)), 303);
  });
}
