/**
 * The HTTP side: one Fastify server for the API, and for the pages it is given. It reads the store and puts jobs on
 * queues, never parses mail.
 */
import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import Fastify, { LogController, type FastifyBaseLogger } from "fastify";
import { validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { registerAuthentication, type AuthenticationDeps } from "./access/authenticate.ts";
import { registerMasking } from "./access/masking.ts";
import { registerActs, signInRecorder } from "./access/record-acts.ts";
import { createLockout } from "./access/lockout.ts";
import { openSignedOut } from "./access/signed-out.ts";
import { registerOpenApi } from "./openapi/document.ts";
import { Problem, registerProblems, type ProblemPages } from "./problems.ts";
import { ROUTES, type Routes } from "./routes.ts";
import type { App } from "./app.ts";
import type { HttpContext } from "./context.ts";

/** Bodies are small unless a route says otherwise. */
const BODY_LIMIT = 1024 * 1024;

/** Nothing from elsewhere, nothing inline: a script that came with a mail has no way to run. */
export const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", "data:"],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
} as const;

/** What people see in a browser, on the same server: src/web/pages.ts. */
export interface Pages {
  readonly problems: ProblemPages;
  readonly registerSignIn: (app: App, context: HttpContext, access: AuthenticationDeps) => void;
  readonly routes: readonly Routes[];
}

export interface ServerOptions {
  /** @defaultValue none: the API alone */
  readonly pages?: (context: HttpContext) => Pages;
  readonly logger?: FastifyBaseLogger;
  /** Told of every route, `GET /v1/events`: for the test that looks at all of them. */
  readonly onRoute?: (route: string) => void;
}

/** Not yet listening: tests use `inject`, workers/http.ts listens. */
export async function buildServer(context: HttpContext, { pages, logger, onRoute }: ServerOptions = {}): Promise<App> {
  const { settings } = context;
  const web = pages?.(context) ?? null;
  const app: App = Fastify({
    ...(logger ? { loggerInstance: logger } : {}),
    // One line per request is written below, without the query: addresses are personal data.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: settings.trustProxy.length > 0 ? settings.trustProxy : false,
    genReqId: (request) => {
      const given = request.headers["x-request-id"];
      return typeof given === "string" && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
    },
    rewriteUrl: (request) => withoutBase(request.url ?? "/", settings.basePath),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 3072 },
    forceCloseConnections: true,
    requestTimeout: 120_000,
    return503OnClosing: true,
  }).withTypeProvider<ZodTypeProvider>();

  app.addHook("onRoute", (route) => {
    for (const one of [route.method].flat()) onRoute?.(`${one} ${route.url}`);
    // A route of the API that takes no parameters refuses them, as the others refuse those they do not know.
    if (/^\/v\d\//.test(route.url)) route.schema = { querystring: z.strictObject({}), ...route.schema };
  });
  app.server.maxConnections = settings.maxConnections;
  acceptEmptyJson(app);
  app.setValidatorCompiler(validatorCompiler);
  // Response schemas describe; what the store returns is typed already and not validated a second time.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  registerProblems(app, web?.problems ?? null);
  const recipientsHost = hostOfRecipients(context.config.file.unsubscribe.url);
  app.addHook("onRequest", async (request, reply) => {
    if (request.host === recipientsHost && !/^\/(?:u|assets)\//.test(request.url))
      throw new Problem("notFound", "There is nothing here.");
    reply.header("x-request-id", request.id);
    reply.header("cache-control", "no-store");
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: "same-origin" },
    // The proxy in front that speaks TLS decides on HSTS; over plain HTTP browsers ignore it.
    strictTransportSecurity: false,
    xFrameOptions: { action: "deny" },
  });
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: BODY_LIMIT });
  const access: AuthenticationDeps = {
    tokens: context.tokens,
    people: context.store.people,
    oidc: context.config.file.oidc ?? null,
    sessionKey: context.sessionKey,
    lockout: createLockout({ failures: 10, windowMs: 15 * 60 * 1000, maxEntries: 10_000, now: context.now }),
    signedOut: openSignedOut(context.config.dataDir),
    recordSignIn: signInRecorder(context.store.audit, context.now),
    isOpen: context.config.BOUNCED_HTTP_OPEN,
    now: context.now,
  };
  registerAuthentication(app, access);
  registerMasking(app, context.masking, context.config.file.access);
  await app.register(rateLimit, {
    max: settings.requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => request.principal?.id ?? request.ip,
  });
  app.addHook("onResponse", async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? "-",
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        caller: request.principal?.id ?? null,
      },
      "request",
    );
  });
  registerActs(app, context.store.audit);
  web?.registerSignIn(app, context, access);
  await registerOpenApi(app, context);
  for (const routes of [...ROUTES, ...(web?.routes ?? [])]) await app.register(async (scope) => routes(scope, context));
  return app;
}

/** The host that recipients of mail reach: it shows them the unsubscribe page, and nothing of the console. */
const hostOfRecipients = (url: string | undefined): string | null =>
  url?.startsWith("https:") ? (URL.parse(url)?.host ?? null) : null;

/** Clients send `content-type: application/json` with a DELETE that has no body; the schema decides what that means. */
function acceptEmptyJson(app: App): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, String(body), done);
  });
}

function withoutBase(url: string, basePath: string): string {
  if (basePath === "" || !url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest === "" || rest.startsWith("?")) return `/${rest}`;
  return rest.startsWith("/") ? rest : url;
}
