/** The list in and out as CSV, in our own columns and those of other services. */
import { Readable } from "node:stream";
import { z } from "zod";
import { textOfCsv } from "../../store/suppressions/csv-text.ts";
import { listCsvOf } from "../../store/suppressions/csv.ts";
import { LIST_FORMATS } from "../../store/suppressions/formats/index.ts";
import type { Suppression } from "../../store/suppressions/suppression.ts";
import type { App } from "../app.ts";
import { listFilterFor, namedFor } from "../access/keep-within.ts";
import { ifFields } from "../access/record-acts.ts";
import type { HttpContext } from "../context.ts";
import { importList } from "../import-list.ts";
import { download } from "./events.ts";
import { authorOf, listShape } from "./suppressions.ts";

const MAX_IMPORT = 64 * 1024 * 1024;
const format = z.enum(LIST_FORMATS).default("bounced").describe("whose columns");

async function* jsonLinesOf(cursor: string, entries: AsyncIterable<Suppression>): AsyncGenerator<string> {
  yield `${JSON.stringify({ cursor })}\n`;
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

export function suppressionTransferRoutes(app: App, { store }: Pick<HttpContext, "store">): void {
  app.addContentTypeParser(
    ["text/csv", "text/plain"],
    { parseAs: "buffer", bodyLimit: MAX_IMPORT },
    async (_request: unknown, body: Buffer) => textOfCsv(body),
  );
  app.get(
    "/v1/suppressions.csv",
    {
      config: { access: "export", bounded: true, audit: "export" },
      schema: {
        tags: ["suppressions"],
        summary: "Download the list as CSV",
        produces: ["text/csv"],
        querystring: z.strictObject({ ...listShape, format }),
      },
    },
    (request, reply) => {
      const { format: shape, ...filter } = request.query;
      const entries = store.suppressions.iterate(listFilterFor(request, filter));
      return download(reply, `suppressions-${shape}.csv`, "text/csv; charset=utf-8", listCsvOf(entries, shape));
    },
  );
  app.get(
    "/v1/suppressions.jsonl",
    {
      config: { access: "export", bounded: true, audit: "export" },
      schema: {
        tags: ["suppressions"],
        summary: "Download the list as JSON lines, to keep a copy of it",
        description:
          'The first line is `{"cursor": …}`, where `GET /v1/suppressions/changes` goes on; each further line is an entry. ' +
          "An entry that changes meanwhile comes in its old or its new state, and its change comes after the cursor.",
        produces: ["application/jsonl"],
      },
    },
    async (request, reply) => {
      const cursor = await store.suppressions.cursor();
      return download(
        reply,
        "suppressions.jsonl",
        "application/jsonl; charset=utf-8",
        Readable.from(jsonLinesOf(cursor, store.suppressions.iterate(listFilterFor(request, {})))),
      );
    },
  );
  app.post(
    "/v1/suppressions/import",
    {
      config: { access: "operator", bounded: true, audit: ifFields("query", { preview: false }, "list-change") },
      bodyLimit: MAX_IMPORT,
      schema: {
        tags: ["suppressions"],
        summary: "Add a list in CSV",
        description: "Send the file as `text/csv`. Lines that cannot be used are named; the others are added.",
        consumes: ["text/csv"],
        querystring: z.strictObject({
          format,
          preview: z.stringbool().default(false).describe("1: say what would happen, add nothing"),
          note: z.string().max(2000).optional(),
        }),
        body: z.string({ error: "expected text/csv" }),
        response: {
          200: z.object({
            lines: z.number(),
            accepted: z.number().describe("lines that can be used"),
            added: z.number().describe("of these, new on the list; entries that are there already are not changed"),
            skipped: z.number().describe("lines of addresses that may be written to"),
            mistakes: z.array(z.object({ line: z.number(), message: z.string() })).readonly(),
            mistakesInAll: z.number(),
            examples: z.array(z.string()).readonly(),
          }),
        },
      },
    },
    async (request) => {
      const { format: shape, preview, note } = request.query;
      const author = preview ? null : authorOf(request, note ?? "import");
      return importList(store.suppressions, request.body, shape, author, (entry) =>
        // A column that is empty says nothing.
        namedFor(request, { ...entry, stream: entry.stream || undefined }),
      );
    },
  );
}
