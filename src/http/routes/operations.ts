/** What changes more than one thing: emitting events again, and erasing a person. */
import { z } from "zod";
import { unreachedBy } from "../../erasure/unreached.ts";
import type { BouncedEvent } from "../../event/event.ts";
import type { App } from "../app.ts";
import type { HttpContext, ServicePorts } from "../context.ts";
import { Problem } from "../problems.ts";
import { filterOf, filterSchema } from "../query.ts";
import { authorOf } from "./suppressions.ts";

const tags = ["operations"];
const AT_A_TIME = 200;

export function operationRoutes(app: App, context: Pick<HttpContext, "config" | "ports" | "store">): void {
  const { store } = context;
  const ports = (): ServicePorts => {
    if (!context.ports) throw new Problem("notAvailable", "This process has no Redis.");
    return context.ports;
  };
  app.post(
    "/v1/events/emit",
    {
      config: { access: "admin", audit: "replay" },
      schema: {
        tags,
        summary: "Put events of the log on the output queues again",
        description:
          "Those that match the filter, which must not be empty, or those named by id. Consumers see the same ids.",
        body: z.union([
          z.strictObject({ ids: z.array(z.string().max(128)).min(1).max(1000) }),
          z.strictObject({ filter: filterSchema, atMost: z.number().int().min(1).max(1_000_000).default(10_000) }),
        ]),
        response: { 200: z.object({ events: z.number(), jobs: z.number() }) },
      },
    },
    async ({ body }) => {
      const { emitAgain } = ports();
      let events = 0;
      let jobs = 0;
      for await (const some of batches("ids" in body ? byId(body.ids) : matching(body))) {
        jobs += await emitAgain(some);
        events += some.length;
      }
      return { events, jobs };
    },
  );
  app.post(
    "/v1/erase",
    {
      config: { access: "admin", audit: "erasure" },
      schema: {
        tags,
        summary: "Erase an address everywhere",
        description:
          "Log, kept messages, suppression list and queues. `queues.pending` counts mail still on its way to the log: erase again when it is through.",
        body: z.strictObject({
          address: z.string().min(3).max(320),
          ban: z
            .boolean()
            .default(false)
            .describe("leave a keyed digest on the suppression list, so that the address stays suppressed"),
        }),
        response: {
          200: z.object({
            log: z.object({
              events: z.number(),
              masked: z.number().describe("events of others in which the address was masked"),
              rawMessages: z.number(),
              suppressions: z.number(),
              changes: z.number(),
              notes: z.number().describe("notes on other entries of the list in which the address was masked"),
            }),
            queues: z
              .object({
                jobs: z.number(),
                streamEntries: z.number(),
                pending: z.number(),
                appendOnlyFile: z.string().describe("`rewritten`, `off`, or why it still holds what was deleted"),
              })
              .nullable()
              .describe("null where this process has no Redis"),
            unreached: z.array(z.string()).describe("where the address may still be"),
          }),
        },
      },
    },
    async (request) => {
      const { address, ban } = request.body;
      // The queues first: what waits there would come back into the log.
      const queues = context.ports ? await context.ports.eraseJobs(address) : null;
      const log = await store.erase(address, ban ? authorOf(request) : undefined);
      const { appendOnlyFile = null, pending = 0 } = queues ?? {};
      return { log, queues, unreached: [...unreachedBy({ config: context.config, appendOnlyFile, pending })] };
    },
  );

  async function* byId(ids: readonly string[]): AsyncGenerator<BouncedEvent> {
    for (const id of ids) {
      const found = await store.get(id);
      if (!found) throw new Problem("notFound", `There is no event ${id}.`);
      yield found.event;
    }
  }

  async function* matching(body: {
    readonly filter: z.infer<typeof filterSchema>;
    readonly atMost: number;
  }): AsyncGenerator<BouncedEvent> {
    if (Object.values(body.filter).every((value) => value === undefined))
      throw new Problem("badRequest", "body.filter: must say which events; all of them would be emitted");
    let left = body.atMost;
    // Trust: all, each goes where its own authenticity sends it.
    for await (const { event } of store.iterate(filterOf(body.filter))) {
      if (left <= 0) return;
      left -= 1;
      yield event;
    }
  }
}

async function* batches(events: AsyncIterable<BouncedEvent>): AsyncGenerator<readonly BouncedEvent[]> {
  let some: BouncedEvent[] = [];
  for await (const event of events) {
    some.push(event);
    if (some.length < AT_A_TIME) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
