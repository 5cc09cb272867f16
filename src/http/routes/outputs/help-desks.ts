/** The help desks of bounced.yaml: what waits for each, what was tried, trying again what was given up. */
import { z } from "zod";
import { DESK_OUTCOMES, deskDeliveriesOf } from "../../../outputs/help-desks/desk-log.ts";
import { helpDeskState, replayDesk } from "../../../outputs/help-desks/desk-state.ts";
import { HELP_DESK_NAMES } from "../../../outputs/help-desks/desks.ts";
import { FOUND_BY } from "../../../outputs/help-desks/find.ts";
import type { HelpDeskType } from "../../../outputs/help-desks/settings.ts";
import type { App } from "../../app.ts";
import type { HttpContext } from "../../context.ts";
import { Problem } from "../../problems.ts";

const tags = ["help-desks"];
const noteSchema = z.object({
  at: z.string(),
  eventId: z.string(),
  outcome: z
    .enum(DESK_OUTCOMES)
    .describe("`present`: the note was there already; `failed`: it is tried again; `given_up`: it is not"),
  conversation: z.string().describe("id in the API of the help desk; empty: none was found"),
  foundBy: z.enum([...FOUND_BY, ""]),
  ms: z.number(),
  error: z.string(),
});
const stateSchema = z.object({
  id: z.string(),
  type: z.enum(Object.keys(HELP_DESK_NAMES) as [HelpDeskType, ...HelpDeskType[]]),
  host: z.string(),
  waiting: z.number(),
  delayed: z.number().describe("failed or not found at first, waiting for the next try"),
  failed: z.number().describe("given up"),
  last: noteSchema.nullable(),
});
const params = z.object({ id: z.string().max(40) });

export function helpDeskRoutes(app: App, context: Pick<HttpContext, "config" | "ports">): void {
  const queues = () => {
    if (!context.ports) throw new Problem("notAvailable", "This process has no Redis.");
    return context.ports.queues;
  };
  const deskOf = (id: string) => {
    const desk = context.config.file.helpDesks.find((known) => known.id === id);
    if (!desk) throw new Problem("notFound", "bounced.yaml has no help desk of this name.");
    return desk;
  };
  app.get(
    "/v1/help-desks",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "Each help desk with its waiting and given-up notes",
        response: { 200: z.object({ helpDesks: z.array(stateSchema) }) },
      },
    },
    async () => ({
      helpDesks: await Promise.all(context.config.file.helpDesks.map((desk) => helpDeskState(queues(), desk))),
    }),
  );
  app.get(
    "/v1/help-desks/:id/notes",
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "The last tries to add a note, newest first",
        params,
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
        response: { 200: z.object({ notes: z.array(noteSchema) }) },
      },
    },
    async (request) => {
      const { id } = deskOf(request.params.id);
      return { notes: [...(await deskDeliveriesOf(queues(), id, request.query.limit))] };
    },
  );
  app.post(
    "/v1/help-desks/:id/replay",
    {
      config: { access: "operator", audit: "replay" },
      schema: {
        tags,
        summary: "Try again what was given up",
        description: "A note that is there already is not added a second time.",
        params,
        response: { 200: z.object({ replayed: z.number() }) },
      },
    },
    async (request) => ({ replayed: await replayDesk(queues(), deskOf(request.params.id).id) }),
  );
}
