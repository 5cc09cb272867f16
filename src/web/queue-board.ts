/** bull-board under `/queues/board`, behind the same sign-in, for admins. */
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { FastifyAdapter } from "@bull-board/fastify";
import type { App } from "../http/app.ts";
import type { HttpContext } from "../http/context.ts";
import { problemBody, problemOf, PROBLEMS } from "../http/problems.ts";
import { endpointQueuesOf } from "../queues/names.ts";
import { queueNames } from "../queues/upkeep/overview.ts";

const PATH = "/queues/board";
// Its page asks for fonts elsewhere; the policy refuses them, so the request is not even tried.
const OUTSIDE_LINK = /<link\b[^>]*https:\/\/fonts\.[^>]*>/g;
/** Its own files only; it sets styles from its scripts, which needs the one exception. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

export async function queueBoard(
  app: App,
  { ports, settings, config }: Pick<HttpContext, "config" | "ports" | "settings">,
): Promise<void> {
  if (!ports) return;
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
    route.config = { ...route.config, access: "admin", page: route.method === "GET", csrfByOrigin: true };
  });
  app.addHook("onSend", async (_request, reply, payload) => {
    reply.header("content-security-policy", POLICY).header("content-language", "en");
    return typeof payload === "string" ? payload.replaceAll(OUTSIDE_LINK, "") : payload;
  });
  await app.register(adapter.registerPlugin(), { prefix: PATH });
}
