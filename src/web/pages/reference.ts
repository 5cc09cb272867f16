/** The API reference: Swagger UI over /openapi.json, in the frame of the pages. It needs script. */
import fastifyStatic from "@fastify/static";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { App } from "../../http/app.ts";
import { ASSET_VERSION } from "../asset-version.ts";
import { html } from "../html.ts";
import { renderPage } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type ViewContext } from "../view.ts";

const FILES = "/reference/files";
const FOLDER = join(dirname(createRequire(import.meta.url).resolve("@fastify/swagger-ui")), "static");

export async function referencePage(app: App, context: ViewContext): Promise<void> {
  app.get("/reference", { config: { access: "public", page: true }, schema: { hide: true } }, (request, reply) => {
    const view = viewOf(request, context);
    return sendPage(
      reply,
      renderPage(view, {
        title: "API reference",
        lead: html`Requests carry <code>Authorization: Bearer TOKEN</code>; <code>bounced token create</code> makes a
          token. Errors are <code>application/problem+json</code>.`,
        actions: html`<a class="button" href="${link(view, "/openapi.json")}">OpenAPI document</a>`,
        body: html`<div class="stack">
          <section class="panel stack" aria-labelledby="example">
            <h2 id="example">Example</h2>
            <pre class="raw">
curl -s ${request.protocol}://${request.host}${link(view, "/v1/suppressions/user@example.org")} \\
  -H "Authorization: Bearer $BOUNCED_TOKEN"

{"address":"user@example.org","suppressed":false,"entries":[]}</pre>
          </section>
          <section class="panel" aria-label="Operations">
            <link rel="stylesheet" href="${link(view, `${FILES}/swagger-ui.css`)}" />
            <link rel="stylesheet" href="${link(view, "/assets/reference.css", { v: ASSET_VERSION })}" />
            <div id="reference" data-document="${link(view, "/openapi.json")}">
              <noscript>The list of operations needs JavaScript. The OpenAPI document contains the same.</noscript>
            </div>
            <script src="${link(view, `${FILES}/swagger-ui-bundle.js`)}"></script>
            <script type="module" src="${link(view, "/assets/reference.js", { v: ASSET_VERSION })}"></script>
          </section>
        </div>`,
      }),
    );
  });
  await app.register(async (files) => {
    files.addHook("onRoute", (route) => {
      route.config = { ...route.config, access: "public", rateLimit: false };
    });
    await files.register(fastifyStatic, {
      root: FOLDER,
      prefix: FILES,
      index: false,
      decorateReply: false,
      cacheControl: false,
      setHeaders: (response) => void response.header("cache-control", "public, max-age=86400"),
    });
  });
}
