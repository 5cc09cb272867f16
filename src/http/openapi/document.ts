/** OpenAPI 3.1 from the same schemas that check the requests. */
import swagger from "@fastify/swagger";
import type { FastifySchema } from "fastify";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { codeSamplesOf } from "./code-samples.ts";
import { COMPONENTS } from "./components.ts";
import { OPERATIONS } from "./operations.ts";

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
  ["help-desks", "What waits for each help desk, what was tried, trying again."],
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
      const { schema: written, url } = transform(route);
      const schema = withRealSchemas(written ?? {}) as FastifySchema & Described;
      const access = route.route.config?.access ?? "admin";
      return {
        url,
        schema: {
          ...schema,
          hide: !isApi(route.url) || schema.hide === true,
          ...named(String(route.route.method), url, schema),
          ...(access === "public" ? {} : { "x-access": access, description: withAccess(schema.description, access) }),
        },
      };
    },
    transformObject: (given) => withoutUnused(transformObject(given)),
  });
  app.get("/openapi.json", { config: { access: "public" }, schema: { hide: true } }, () => app.swagger());
}

const transform = createJsonSchemaTransform({ schemaRegistry: COMPONENTS });
const transformObject = createJsonSchemaTransformObject({ schemaRegistry: COMPONENTS });

/** Each schema comes in a form for requests too, which nothing refers to. */
function withoutUnused<Written extends object>(written: Written): Written {
  const { components } = written as { components?: { schemas?: Record<string, unknown> } };
  const text = JSON.stringify(written);
  const isUnused = (name: string): boolean => name.endsWith("Input") && !text.includes(`#/components/schemas/${name}"`);
  const unused = Object.keys(components?.schemas ?? {}).filter(isUnused);
  for (const name of unused) delete components?.schemas?.[name];
  // What only they refer to.
  return unused.length > 0 ? withoutUnused(written) : written;
}

interface Described {
  readonly hide?: boolean;
  readonly description?: string;
  readonly consumes?: readonly string[];
  readonly produces?: readonly string[];
}

/** The operation's name, its samples, and what comes back where that is a file. */
function named(method: string, path: string, schema: FastifySchema & Described) {
  const at = path.replaceAll(/:(\w+)/g, "{$1}");
  const operation = OPERATIONS[`${method} ${at}`];
  const [answerType = "application/json"] = schema.produces ?? [];
  const isJson = answerType === "application/json";
  const response = {
    200: { description: "The file", content: { [answerType]: { schema: { type: "string" } } } },
  };
  if (!operation) return isJson ? {} : { response };
  const bodyType = schema.body ? (schema.consumes?.[0] ?? "application/json") : null;
  const query = Object.keys((schema.querystring as { readonly properties?: object } | undefined)?.properties ?? {});
  const samples = codeSamplesOf({ method, path: at, query, bodyType, isJson }, operation);
  return { operationId: operation.name, "x-codeSamples": samples, ...(isJson ? {} : { response }) };
}

/** Where a schema of zod cannot say what is meant, its `override` says it. */
function withRealSchemas(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withRealSchemas);
  if (typeof value !== "object" || value === null) return value;
  const { override } = value as { readonly override?: object };
  return Object.fromEntries(Object.entries(override ?? value).map(([name, one]) => [name, withRealSchemas(one)]));
}

const withAccess = (description: unknown, access: string): string =>
  [
    typeof description === "string" ? description : "",
    access === "export" ? "Needs a token with `--export`." : `Needs the role ${access}.`,
  ]
    .filter(Boolean)
    .join("\n\n");
