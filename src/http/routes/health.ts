/** For load balancers, supervisors and monitors. `/healthz`: the service answers. `/readyz`: how every part is. */
import { z } from "zod";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { TRAFFIC } from "../health.ts";

const traffic = z.enum(TRAFFIC);
const partSchema = z.object({
  name: z.string(),
  ok: z.boolean(),
  stops: z.array(traffic).describe("what should not come while it is not well"),
  found: z.string().nullable().describe("a figure, or what is wrong; null for strangers"),
  todo: z.string().nullable(),
});
const processSchema = z.object({ name: z.string(), state: z.string() });
const readySchema = z.object({ status: z.enum(["ready", "degraded", "not ready"]), parts: z.array(partSchema) });

export function healthRoutes(app: App, context: Pick<HttpContext, "health" | "processes" | "version">): void {
  app.get(
    "/healthz",
    {
      config: { access: "public", rateLimit: false },
      schema: {
        tags: ["health"],
        summary: "The service answers",
        description: "200 also while one of its processes is being started again: that needs nobody's help.",
        security: [],
        response: {
          200: z.object({ status: z.literal("ok"), version: z.string(), processes: z.array(processSchema) }),
        },
      },
    },
    async () => ({
      status: "ok" as const,
      version: context.version,
      processes: (await context.processes.states()).map(({ name, state }) => ({ name, state })),
    }),
  );
  app.get(
    "/readyz",
    {
      config: { access: "public", rateLimit: false },
      schema: {
        tags: ["health"],
        summary: "How every part is: Redis, log, disk, queues, processes, the test message",
        description:
          "503 (`not ready`) while a part stops traffic. `degraded`, with 200: something needs attention, and mail is still accepted. What is wrong and what to do is told to signed-in callers only.",
        security: [],
        querystring: z.strictObject({
          for: traffic.optional().describe("asks for this traffic alone: a balancer in front of port 25 asks for smtp"),
        }),
        response: { 200: readySchema, 503: readySchema },
      },
    },
    async (request, reply) => {
      const parts = await context.health();
      const asked = request.query.for === undefined ? TRAFFIC : [request.query.for];
      const isStopped = parts.some(({ stops }) => stops.some((each) => asked.includes(each)));
      const isWell = parts.every(({ ok }) => ok);
      return reply.code(isStopped ? 503 : 200).send({
        status: isStopped ? ("not ready" as const) : isWell ? ("ready" as const) : ("degraded" as const),
        parts: parts.map(({ found, todo, stops, ...part }) => ({
          ...part,
          stops: [...stops],
          found: request.principal ? found : null,
          todo: request.principal ? todo : null,
        })),
      });
    },
  );
}
