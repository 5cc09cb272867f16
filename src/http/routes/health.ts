/** For load balancers and supervisors. `/healthz`: the service answers. `/readyz`: so do its processes, Redis, the store. */
import { z } from "zod";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";

const partSchema = z.object({ name: z.string(), ok: z.boolean(), detail: z.string().nullable() });
const processSchema = z.object({ name: z.string(), state: z.string() });
const readySchema = z.object({ status: z.enum(["ready", "not ready"]), parts: z.array(partSchema) });

export function healthRoutes(app: App, context: HttpContext): void {
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
        summary: "All processes run, Redis and the store answer",
        description: "503 while a part is away. What is wrong with it is told to signed-in callers only.",
        security: [],
        response: { 200: readySchema, 503: readySchema },
      },
    },
    async (request, reply) => {
      const parts = await context.health();
      const ready = parts.every((part) => part.ok);
      return reply.code(ready ? 200 : 503).send({
        status: ready ? ("ready" as const) : ("not ready" as const),
        parts: parts.map((part) => ({ ...part, detail: request.principal ? part.detail : null })),
      });
    },
  );
}
