/** What Prometheus scrapes. Counts and times only, nothing of any message; still not for strangers. */
import { z } from "zod";
import { mergeMetrics, processRestarts, processUp, registry } from "../../telemetry/metrics.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";

export function metricsRoutes(app: App, { processes }: Pick<HttpContext, "processes">): void {
  app.get(
    "/metrics",
    {
      config: { access: "viewer", rateLimit: false },
      schema: {
        tags: ["health"],
        summary: "Metrics of all processes of this service for Prometheus",
        response: { 200: z.string().describe("text exposition format") },
      },
    },
    async (_request, reply) => {
      for (const { name, state, answers, restarts } of await processes.states()) {
        processUp.set({ process: name }, state === "running" && answers ? 1 : 0);
        processRestarts.set({ process: name }, restarts);
      }
      return reply.type(registry.contentType).send(await mergeMetrics(await processes.metrics()));
    },
  );
}
