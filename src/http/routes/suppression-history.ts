/** What was changed, by whom; taking it back; and what another policy would have done. */
import { z } from "zod";
import { CursorGone } from "../../store/suppressions/changes.ts";
import type { App } from "../app.ts";
import { listFilterFor, seesEntry } from "../access/keep-within.ts";
import type { HttpContext } from "../context.ts";
import { Problem } from "../problems.ts";
import type { SuppressionFilter } from "../../store/suppressions/suppression.ts";
import { authorOf, changeSchema } from "./suppressions.ts";

const tags = ["suppressions"];
const instant = z.iso.datetime({ offset: true });

export function suppressionHistoryRoutes(app: App, { store }: Pick<HttpContext, "store">): void {
  const { suppressions } = store;
  app.get(
    "/v1/suppressions/history",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags,
        summary: "Every change of the list, newest first",
        querystring: z.strictObject({
          value: z.string().trim().max(320).optional().describe("of this address or domain only"),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
          before: z.coerce.number().int().min(1).optional().describe("id of the last change of the page before"),
        }),
        response: { 200: z.object({ changes: z.array(changeSchema).readonly() }) },
      },
    },
    async (request) => {
      const { value, limit, before } = request.query;
      const { stream, domain } = listFilterFor<SuppressionFilter>(request, {});
      return { changes: await suppressions.history({ value, before, stream, domain, limit }) };
    },
  );
  app.get(
    "/v1/suppressions/changes",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags,
        summary: "Changes after a cursor, oldest first: for who keeps a copy of the list",
        description:
          "Start with `GET /v1/suppressions.jsonl`, whose first line has a cursor. An entry is on the list after a change " +
          "if `after` is not null. 410: an address was erased, and the copy must start from a new list.",
        querystring: z.strictObject({
          after: z.string().max(60).optional().describe("cursor; without it: nothing but the present cursor"),
          limit: z.coerce.number().int().min(1).max(1000).default(500),
        }),
        response: {
          200: z.object({
            changes: z.array(changeSchema).readonly(),
            next: z.string().describe("cursor for the next request, also if there was nothing"),
            more: z.boolean().describe("ask again at once"),
          }),
        },
      },
    },
    async (request) => {
      const { after, limit } = request.query;
      if (after === undefined) return { changes: [], next: await suppressions.cursor(), more: false };
      try {
        const page = await suppressions.changes({ after, limit });
        return { ...page, changes: page.changes.filter((change) => seesEntry(request, change)) };
      } catch (cause) {
        if (cause instanceof CursorGone) throw new Problem("gone", cause.message, { cause });
        throw cause;
      }
    },
  );
  app.post(
    "/v1/suppressions/history/:id/undo",
    {
      config: { access: "operator", bounded: true, audit: "list-change" },
      schema: {
        tags,
        summary: "Put back what was before a change",
        params: z.object({ id: z.coerce.number().int().min(1) }),
        response: { 200: changeSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const [change] = await suppressions.history({ before: id + 1, limit: 1 });
      // Of another team: to this token there is none.
      if (change?.id === id && !seesEntry(request, change)) throw new Problem("badRequest", `there is no change ${id}`);
      return suppressions.undo(id, authorOf(request));
    },
  );
  app.post(
    "/v1/suppressions/dry-run",
    {
      config: { access: "operator" },
      schema: {
        tags,
        summary: "What a policy would have done to the past",
        description: "Without `policy`: the present one. Its fields are those of `suppression` in bounced.yaml.",
        body: z.strictObject({
          from: instant.optional(),
          to: instant.optional(),
          policy: z.record(z.string(), z.unknown()).optional(),
        }),
        response: {
          200: z.object({
            events: z.number(),
            suppressed: z.number().describe("addresses it would have suppressed at the end"),
            added: z.number().describe("of these, not on the list now"),
            missing: z.number().describe("on the list now, and not by this policy"),
            byCause: z.record(z.string(), z.number()).readonly(),
            byReason: z.record(z.string(), z.number()).readonly(),
            examples: z.object({ added: z.array(z.string()).readonly(), missing: z.array(z.string()).readonly() }),
          }),
        },
      },
    },
    async ({ body: { policy, ...period } }) => suppressions.dryRun(period, policy),
  );
}
