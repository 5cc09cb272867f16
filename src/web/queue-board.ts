/** bull-board under `/queues/board`, behind the same sign-in, for admins. */
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { FastifyAdapter } from "@bull-board/fastify";
import type { FastifyRequest } from "fastify";
import type { App } from "../http/app.ts";
import type { HttpContext } from "../http/context.ts";
import { remember } from "../machine/bounded-map.ts";
import { problemBody, problemOf, PROBLEMS } from "../http/problems.ts";
import { endpointQueuesOf } from "../queues/names.ts";
import { queueNames } from "../queues/upkeep/overview.ts";

const PATH = "/queues/board";
// Its page asks for fonts elsewhere; the policy refuses them, so the request is not even tried.
const OUTSIDE_LINK = /<link\b[^>]*https:\/\/fonts\.[^>]*>/g;
/** Its own files only; it sets styles from its scripts, which needs the one exception. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

/** Jobs hold messages. */
const seesJobs = (url: string): boolean => /\/api\/queues(?:$|\/:queueName\/:jobId)/.test(url);
/** The board asks every few seconds: one entry for a reader in this time. */
const READ_MS = 15 * 60 * 1000;
const MAX_READERS = 1000;

/** Several people may share the password: each address is a reader. */
const readerOf = ({ principal, ip }: FastifyRequest): string => `${principal?.id ?? ""} ${ip}`;

function readRecorder(now: () => number) {
  const readers = new Map<string, number>();
  return {
    audit: (request: FastifyRequest): "raw-read" | null =>
      now() - (readers.get(readerOf(request)) ?? -Infinity) < READ_MS ? null : "raw-read",
    /** To be called when the entry is there: without it nothing is shown. */
    recorded: (request: FastifyRequest): void => remember(readers, readerOf(request), now(), MAX_READERS),
  };
}

export async function queueBoard(
  app: App,
  { ports, settings, config, now }: Pick<HttpContext, "config" | "now" | "ports" | "settings">,
): Promise<void> {
  if (!ports) return;
  const reads = readRecorder(now);
  const adapter = new FastifyAdapter();
  adapter.setBasePath(settings.basePath + PATH);
  createBullBoard({
    queues: queueNames(config.file.routes, endpointQueuesOf(config.file)).map(
      ([name]) => new BullMQAdapter(ports.queues.get(name) as never),
    ),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: "bounced queues", locale: { lng: "en" } } },
  });
  // Its own handler would call every refusal an error of ours.
  adapter.setErrorHandler((error) => {
    const problem = problemOf(error);
    return { status: PROBLEMS[problem.problem].status as never, body: problemBody(problem, "") };
  });
  // Its requests carry no CSRF token: the strict cookie and the check of the request's origin stand alone.
  app.addHook("onRoute", (route) => {
    const isRead = [route.method].flat().every((method) => method === "GET" || method === "HEAD");
    const audit = isRead ? seesJobs(route.url) && reads.audit : "queue-change";
    route.config = {
      ...route.config,
      access: "admin",
      page: route.method === "GET",
      csrfByOrigin: true,
      ...(audit ? { audit } : {}),
    };
  });
  app.addHook("preHandler", async (request) => {
    if (request.auditId !== null && typeof request.routeOptions.config.audit === "function") reads.recorded(request);
  });
  app.addHook("onSend", async (_request, reply, payload) => {
    reply.header("content-security-policy", POLICY).header("content-language", "en");
    return typeof payload === "string" ? payload.replaceAll(OUTSIDE_LINK, "") : payload;
  });
  await app.register(adapter.registerPlugin(), { prefix: PATH });
}
