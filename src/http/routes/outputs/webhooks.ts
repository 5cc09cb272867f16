/** The endpoints of bounced.yaml: what waits for each, what was tried, sending again. */
import { z } from "zod";
import { deliveriesOf } from "../../../outputs/delivery-log.ts";
import { endpointState, replayEndpoint } from "../../../outputs/endpoint-state.ts";
import { MOST_REPLAYED, replayLog } from "../../../outputs/replay-log.ts";
import { WEBHOOK_SHAPES } from "../../../outputs/webhook-settings.ts";
import type { App } from "../../app.ts";
import type { HttpContext } from "../../context.ts";
import { Problem } from "../../problems.ts";
import { filterOf, filterSchema } from "../../query.ts";

const tags = ["webhooks"];
const deliverySchema = z.object({
  at: z.string(),
  eventId: z.string(),
  events: z.number(),
  status: z.number().describe("HTTP status; 0: no answer"),
  ms: z.number(),
  error: z.string(),
});
const stateSchema = z.object({
  id: z.string(),
  shape: z.enum(WEBHOOK_SHAPES),
  host: z.string(),
  waiting: z.number(),
  delayed: z.number(),
  failed: z.number(),
  last: deliverySchema.nullable(),
});
const params = z.object({ id: z.string().max(40) });

export function webhookRoutes(app: App, context: Pick<HttpContext, "config" | "ports" | "store">): void {
  const queues = () => {
    if (!context.ports) throw new Problem("notAvailable", "This process has no Redis.");
    return context.ports.queues;
  };
  const endpointOf = (id: string) => {
    const endpoint = context.config.file.webhooks.find((known) => known.id === id);
    if (!endpoint) throw new Problem("notFound", "bounced.yaml has no webhook of this name.");
    return endpoint;
  };
  app.get(
    "/v1/webhooks",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "Each endpoint with what waits and what failed",
        response: { 200: z.object({ webhooks: z.array(stateSchema) }) },
      },
    },
    async () => ({
      webhooks: await Promise.all(context.config.file.webhooks.map((endpoint) => endpointState(queues(), endpoint))),
    }),
  );
  app.get(
    "/v1/webhooks/:id/deliveries",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "The last requests to an endpoint, newest first",
        params,
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
        response: { 200: z.object({ deliveries: z.array(deliverySchema) }) },
      },
    },
    async (request) => {
      const { id } = endpointOf(request.params.id);
      return { deliveries: [...(await deliveriesOf(queues(), id, request.query.limit))] };
    },
  );
  app.post(
    "/v1/webhooks/:id/replay",
    {
      config: { access: "operator", audit: "replay" },
      schema: {
        tags,
        summary: "Send again what an endpoint did not take within a day",
        params,
        response: { 200: z.object({ replayed: z.number() }) },
      },
    },
    async (request) => ({ replayed: await replayEndpoint(queues(), endpointOf(request.params.id).id) }),
  );
  app.post(
    "/v1/webhooks/:id/replay-log",
    {
      config: { access: "operator", audit: "replay" },
      schema: {
        tags,
        summary: "Send events of the log to one endpoint again",
        description:
          "Those that match the filter, which must not be empty, and that the endpoint's own filter lets pass, oldest first. With `dryRun` they are only counted. Where `more` is true, call again with `from` set to `until`: receivers recognise events by their ids.",
        params,
        body: z.strictObject({
          filter: filterSchema,
          atMost: z.number().int().min(1).max(MOST_REPLAYED).default(10_000),
          dryRun: z.boolean().default(false),
        }),
        response: {
          200: z.object({
            events: z.number().describe("put on the queue of the endpoint, or counted"),
            passedOver: z.number().describe("of the filter, but not for this endpoint"),
            more: z.boolean(),
            until: z.string().nullable().describe("when the last of them was received"),
          }),
        },
      },
    },
    async ({ params: { id }, body: { filter, atMost, dryRun } }) => {
      const endpoint = endpointOf(id);
      if (Object.values(filter).every((value) => value === undefined))
        throw new Problem("badRequest", "body.filter: must say which events; all of the log would be sent");
      // Trust: all, the endpoint's own filter decides.
      const events = context.store.iterate({ ...filterOf(filter), direction: "asc" });
      return replayLog(queues(), { events, endpoint, atMost, dryRun });
    },
  );
}
