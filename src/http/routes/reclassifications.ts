/** The log under the rules of today: a look at what would change, then the change. */
import { z } from "zod";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { filterSchema } from "../query.ts";
import { authorOf } from "./suppressions.ts";

const tags = ["reclassification"];
const run = z.object({
  id: z.string(),
  mode: z.enum(["look", "apply"]),
  state: z.enum(["running", "done", "stopped", "failed"]),
  filter: z.record(z.string(), z.unknown()),
  actor: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  total: z.number().nullable().describe("events to read; null until they are counted"),
  events: z.number().describe("read so far"),
  changed: z.number(),
  unreadable: z.number().describe("cannot be read again: neither message nor diagnostic is kept"),
  applied: z.number(),
  listChanges: z.number().describe("of the suppression list"),
  moves: z
    .array(
      z.object({
        from: z.string().describe("severity and reason"),
        to: z.string(),
        count: z.number(),
        examples: z
          .array(z.object({ id: z.string(), recipient: z.string().nullable(), diagnostic: z.string().nullable() }))
          .readonly(),
      }),
    )
    .readonly(),
  outdated: z.boolean().describe("the rules have changed since it began"),
  problem: z.string().nullable(),
});
const params = z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/, "expected the id of a run") });

export function reclassificationRoutes(app: App, { reclassifier }: Pick<HttpContext, "reclassifier">): void {
  const config = { access: "operator" } as const;
  app.post(
    "/v1/reclassifications",
    {
      config,
      schema: {
        tags,
        summary: "Begin a look at what the rules of today would change; nothing is written",
        description: "One run at a time, in the background: ask for it again until its state is `done`.",
        body: z.strictObject({ filter: filterSchema.default({}) }),
        response: { 202: run },
      },
    },
    (request, reply) => {
      reply.code(202);
      return reclassifier.look(request.body.filter, authorOf(request).actor);
    },
  );
  app.get(
    "/v1/reclassifications",
    {
      config,
      schema: {
        tags,
        summary: "The runs since the service started, newest first",
        response: { 200: z.object({ runs: z.array(run).readonly() }) },
      },
    },
    () => ({ runs: reclassifier.list() }),
  );
  app.get(
    "/v1/reclassifications/:id",
    { config, schema: { tags, summary: "One run: how far it is, what it found", params, response: { 200: run } } },
    ({ params: { id } }) => reclassifier.get(id),
  );
  app.post(
    "/v1/reclassifications/:id/apply",
    {
      config: { ...config, audit: "reclassification" },
      schema: {
        tags,
        summary: "Replace the verdicts that a finished look has shown",
        description:
          "A run of its own. The old verdicts are kept, and the suppression list follows. 409 where the rules have changed since the look.",
        params,
        response: { 202: run },
      },
    },
    (request, reply) => {
      reply.code(202);
      return reclassifier.apply(request.params.id, authorOf(request).actor);
    },
  );
  app.post(
    "/v1/reclassifications/:id/stop",
    {
      config: { ...config, audit: "reclassification" },
      schema: { tags, summary: "Stop a run; what it has written stays", params, response: { 200: run } },
    },
    ({ params: { id } }) => reclassifier.stop(id),
  );
}
