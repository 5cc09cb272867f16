/** OpenAPI 3.1 from the same schemas that check the requests. */
import swagger from "@fastify/swagger";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import type { App } from "./app.ts";
import type { HttpContext } from "./context.ts";

const isApi = (url: string): boolean => /^\/(v1|v3)\/|^\/(healthz|readyz)$/.test(url);

const TAGS = [
  ["events", "The bounce log: search, read one, download."],
  ["stats", "Counts, facets and series over the log."],
  ["suppressions", "Addresses not to send to, made for the send path."],
  ["return-paths", "Signed return paths: make and read."],
  ["codes", "The dictionary of reasons and codes; what a rejection means."],
  ["classification", "Classify a message or a refusal."],
  ["rules", "What no rule decided; rules of your own, tried on the past and saved."],
  ["reclassification", "The log under the rules of today: look first, then change it."],
  ["messages", "Hand in a message over HTTP."],
  ["refusals", "Report refusals that never became a returned message."],
  ["operations", "Re-emit, erase, queues."],
  ["webhooks", "What waits for each endpoint, what was tried, sending again."],
  ["sendgrid", "The bounce list in the shape SendGrid's clients expect."],
  ["health", "For load balancers."],
] as const;

/** Call before the routes are registered: the document is collected from them. */
export async function registerOpenApi(app: App, context: Pick<HttpContext, "settings" | "version">): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "bounced",
        version: context.version,
        description: "Returned mail as classified events: log, suppression list, return paths, classification.",
      },
      servers: [{ url: context.settings.basePath || "/" }],
      tags: TAGS.map(([name, description]) => ({ name, description })),
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      security: [{ token: [] }],
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      const access = route.route.config?.access ?? "admin";
      return {
        url,
        schema: {
          ...schema,
          hide: !isApi(route.url) || schema?.hide === true,
          ...(access === "public" ? {} : { "x-access": access, description: withAccess(schema?.description, access) }),
        },
      };
    },
  });
  app.get("/openapi.json", { config: { access: "public" }, schema: { hide: true } }, () => app.swagger());
}

const withAccess = (description: unknown, access: string): string =>
  [
    typeof description === "string" ? description : "",
    access === "export" ? "Needs a token with `--export`." : `Needs the role ${access}.`,
  ]
    .filter(Boolean)
    .join("\n\n");
