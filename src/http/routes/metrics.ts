/** What Prometheus scrapes. Counts and times only, nothing of any message; still not for strangers. */
import { z } from "zod";
import { registry } from "../../telemetry/metrics.ts";
import type { App } from "../app.ts";

export function metricsRoutes(app: App): void {
  app.get(
    "/metrics",
    {
      config: { access: "viewer", rateLimit: false },
      schema: {
        tags: ["health"],
        summary: "Metrics of this process for Prometheus",
        response: { 200: z.string().describe("text exposition format") },
      },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
