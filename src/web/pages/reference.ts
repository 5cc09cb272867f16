/**
 * The API reference: Scalar over /openapi.json, in a frame of its own inside the page: neither's styles reach the other,
 * and what Scalar needs of the content security policy holds for that frame alone. It needs script. Nothing of it comes
 * from elsewhere, and it sends nothing: the policy lets it reach this server alone.
 */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import Fastify from "fastify";
import type { App } from "../../http/app.ts";
import { CONTENT_SECURITY_POLICY } from "../../http/server.ts";
import { VERSION } from "../../machine/version.ts";
import { ASSET_VERSION } from "../asset-version.ts";
import { html, renderHtml } from "../html.ts";
import { renderPage } from "../layout.ts";
import { sendPage } from "../problem-page.ts";
import { link, viewOf, type ViewContext } from "../view.ts";

const FRAME = "/reference/frame";
const SCRIPT = "/reference/scalar.js";
export function referencePage(app: App, context: ViewContext): void {
  app.get("/reference", { config: { access: "public", page: true }, schema: { hide: true } }, (request, reply) => {
    const view = viewOf(request, context);
    reply.header("content-security-policy", policyOf({ ...CONTENT_SECURITY_POLICY, frameSrc: ["'self'"] }));
    return sendPage(
      reply,
      renderPage(view, {
        title: view.t.operating.reference,
        lead: view.t.operating.referenceLead,
        actions: html`<a class="button" href="${link(view, "/openapi.json")}">${view.t.operating.openapi}</a>
          <a class="button" href="${link(view, "/asyncapi.json")}">${view.t.operating.asyncapi}</a>`,
        body: html`<link rel="stylesheet" href="${link(view, "/assets/reference.css", { v: ASSET_VERSION })}" />
          <noscript>${view.t.operating.referenceNoScript}</noscript>
          <iframe
            class="reference"
            lang="en"
            title="${view.t.operating.operations}"
            src="${link(view, FRAME)}"
          ></iframe>`,
      }),
    );
  });
  app.get(FRAME, { config: { access: "public" }, schema: { hide: true } }, (request, reply) => {
    const view = viewOf(request, context);
    // Scalar writes its styles into the page. The frame shows nothing that comes from a mail or from a person.
    const policy = {
      ...CONTENT_SECURITY_POLICY,
      styleSrc: ["'self'", "'unsafe-inline'"],
      frameAncestors: ["'self'"],
    };
    return reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", policyOf(policy))
      .header("x-frame-options", "SAMEORIGIN")
      .send(
        renderHtml(
          html`<!doctype html>
            <html lang="en">
              <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>API of bounced</title>
                <link rel="stylesheet" href="${link(view, "/assets/reference.css", { v: ASSET_VERSION })}" />
              </head>
              <body>
                <div id="reference" data-document="${link(view, "/openapi.json")}"></div>
                <script src="${link(view, SCRIPT, { v: VERSION })}"></script>
                <script type="module" src="${link(view, "/assets/reference.js", { v: ASSET_VERSION })}"></script>
              </body>
            </html>`,
        ),
      );
  });

  let script: Promise<Buffer> | null = null;
  app.get(SCRIPT, { config: { access: "public", rateLimit: false }, schema: { hide: true } }, async (_, reply) => {
    script ??= scalarScript();
    return reply
      .type("application/javascript; charset=utf-8")
      .header("content-encoding", "gzip")
      .header("cache-control", "public, max-age=86400")
      .send(await script);
  });
}

const policyOf = (directives: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(directives)
    .map(([name, values]) => `${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${values.join(" ")}`)
    .join(";");

/** Its plugin has the script as a text of 5 MB, loaded when somebody opens the page first, and hands it out as a route. */
async function scalarScript(): Promise<Buffer> {
  const { default: scalar } = await import("@scalar/fastify-api-reference");
  const app = Fastify();
  await app.register(scalar, { routePrefix: "/scalar", configuration: { url: "/none" } });
  const { payload } = await app.inject("/scalar/js/scalar.js");
  await app.close();
  return promisify(gzip)(payload.replace(/\n\/\/# sourceMappingURL=.*\s*$/, ""));
}
