/** The bounce log. */
import type { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { eventSchema } from "../../event/event.ts";
import { CSV_PROFILES, csvOf, feedLinesOf, jsonLinesOf } from "../../store/log/csv.ts";
import type { App } from "../app.ts";
import { logFilterFor, seesEvent } from "../access/keep-within.ts";
import type { HttpContext } from "../context.ts";
import { Problem } from "../problems.ts";
import { signalOf } from "../signal-of.ts";
import { filterOf, filterShape, pageShape, sortShape } from "../query.ts";

const JSON_LINES = "application/jsonl; charset=utf-8";
const listQuery = z.strictObject({ ...filterShape, ...sortShape, ...pageShape });
const exportQuery = z.strictObject({ ...filterShape, ...sortShape });
export const eventIdSchema = z.object({ id: z.string().regex(/^[\w-]{1,128}$/, "expected an event id") });
const detailSchema = z.object({
  recordedAt: z.iso.datetime(),
  hasRaw: z.boolean(),
  event: eventSchema,
  verdicts: z
    .array(z.object({ replacedAt: z.iso.datetime(), actor: z.string(), event: eventSchema }))
    .readonly()
    .describe("what the event said before its message was classified again, newest first"),
});

/** `{`: a reported refusal, which is kept as JSON. */
const BRACE = 0x7b;

export function eventRoutes(app: App, context: Pick<HttpContext, "store">): void {
  const { store } = context;
  app.get(
    "/v1/events",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags: ["events"],
        summary: "Search the log",
        description:
          "All conditions must hold; a list holds where one of its values does. Text is compared without case.",
        querystring: listQuery,
        response: {
          200: z.object({
            events: z.array(eventSchema),
            next: z.string().nullable().describe("`cursor` of the next page, null on the last"),
          }),
        },
      },
    },
    async (request) => {
      const { sort, direction, limit, cursor, ...filter } = request.query;
      // Trust: all, the log shows whatever came; the filter may say less.
      const page = await store.search(
        { ...logFilterFor(request, filterOf(filter)), sort, direction, limit, cursor },
        signalOf(request),
      );
      return { events: page.entries.map(({ event }) => event), next: page.next };
    },
  );
  app.get(
    "/v1/events/:id",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags: ["events"],
        summary: "Read one event",
        params: eventIdSchema,
        response: { 200: detailSchema },
      },
    },
    async (request) => {
      const found = await store.get(request.params.id);
      // Of another team: to this token there is none.
      return found && seesEvent(request, found.event) ? found : missing(request.params.id);
    },
  );
  app.get(
    "/v1/events/:id/raw",
    {
      config: { access: "operator", audit: "raw-read" },
      schema: {
        tags: ["events"],
        summary: "The message as it arrived",
        description: "Its first BOUNCED_KEEP_BYTES, while it is kept. Sent as a download that no browser interprets.",
        params: eventIdSchema,
        produces: ["text/plain"],
      },
    },
    async ({ params }, reply) => {
      const raw = await store.raw(params.id);
      if (!raw) throw new Problem("notFound", `The message of event ${params.id} is not kept.`);
      return reply
        .type("text/plain; charset=us-ascii")
        .header("content-disposition", `attachment; filename="${params.id}.${raw[0] === BRACE ? "json" : "eml"}"`)
        .send(raw);
    },
  );
  app.get(
    "/v1/events.csv",
    {
      config: { access: "export", bounded: true, audit: "export" },
      schema: {
        tags: ["events"],
        summary: "Download all matches as CSV",
        description: "UTF-8, LF, one line per event, safe to open in a spreadsheet. No limit.",
        produces: ["text/csv"],
        querystring: exportQuery.extend({
          profile: z.enum(CSV_PROFILES).default("full").describe("set of columns"),
        }),
      },
    },
    (request, reply) => {
      const { sort, direction, profile, ...filter } = request.query;
      // Trust: all, as the list of events.
      const entries = store.iterate({ ...logFilterFor(request, filterOf(filter)), sort, direction }, request.signal);
      return download(reply, "bounced-log.csv", "text/csv; charset=utf-8", csvOf(entries, profile));
    },
  );
  app.get(
    "/v1/events.jsonl",
    {
      config: { access: "export", bounded: true, audit: "export" },
      schema: {
        tags: ["events"],
        summary: "Download all matches as JSON lines",
        description:
          "With `after`: a feed in the order of recording. Each line is `{position, recordedAt, event}`; give the last position as `after` to go on. It ends two minutes before the present.",
        produces: ["application/jsonl"],
        querystring: exportQuery.extend({
          after: z
            .string()
            .max(40)
            .optional()
            .describe("position of the last line that you have; empty: the beginning"),
        }),
      },
    },
    (request, reply) => {
      const { sort, direction, after, ...asked } = request.query;
      const filter = logFilterFor(request, filterOf(asked));
      // Trust: all, as the list of events.
      if (after !== undefined)
        return download(
          reply,
          "bounced-feed.jsonl",
          JSON_LINES,
          feedLinesOf(store.feed(filter, after, request.signal)),
        );
      // Trust: all, as the list of events.
      const entries = store.iterate({ ...filter, sort, direction }, request.signal);
      return download(reply, "bounced-log.jsonl", JSON_LINES, jsonLinesOf(entries));
    },
  );
}

/** Streams as fast as the client reads. */
export const download = (reply: FastifyReply, name: string, type: string, content: Readable): FastifyReply =>
  reply.type(type).header("content-disposition", `attachment; filename="${name}"`).send(content);

function missing(id: string): never {
  throw new Problem("notFound", `There is no event ${id}.`);
}
