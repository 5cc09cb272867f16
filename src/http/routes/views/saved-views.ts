/** Saved views: searches that somebody named for all. */
import { z } from "zod";
import {
  VIEW_PAGES,
  viewAlertSchema,
  viewMailSchema,
  viewNameSchema,
  type SavedView,
} from "../../../store/views/saved-view.ts";
import type { App } from "../../app.ts";
import type { HttpContext } from "../../context.ts";
import { Problem } from "../../problems.ts";
import { mailView } from "../../views/mail-view.ts";
import { checkedView, filterMistake } from "../../views/page-queries.ts";
import { authorOf } from "../suppressions.ts";

const tags = ["views"];

export const viewShape = {
  name: viewNameSchema,
  page: z.enum(VIEW_PAGES).describe("page that shows it"),
  query: z.string().max(2000).describe("as the page's address has it behind the question mark"),
  alert: viewAlertSchema.nullable().describe("of a view of the log: on queue `alert` and for webhooks with alerts"),
  mail: viewMailSchema.nullable().describe("a weekly mail"),
} as const;
const content = z.strictObject({
  ...viewShape,
  query: viewShape.query.default(""),
  alert: viewShape.alert.default(null),
  mail: viewShape.mail.default(null),
});
const view = z.object({
  id: z.string(),
  ...viewShape,
  actor: z.string().describe("who saved it"),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  alertSince: z.iso.datetime().nullable().describe("since when its alert is open"),
  mailSentAt: z.iso.datetime().nullable(),
  mailError: z.string().describe("why the last mail was not sent, or not to whom; empty if all got it"),
  filterError: z.string().describe("why its page no longer takes the filter; empty where it does"),
});
const answered = (saved: SavedView) => ({ ...saved, filterError: filterMistake(saved) });
const params = z.strictObject({ id: z.string().max(64) });

/** 404 where there is none. */
export const viewOr404 = (found: SavedView | null, id: string): SavedView => {
  if (!found) throw new Problem("notFound", `There is no view ${id}.`);
  return found;
};

export function viewRoutes(app: App, context: Pick<HttpContext, "store" | "config" | "now">): void {
  const { store, config } = context;
  const { views } = store;
  app.get(
    "/v1/views",
    {
      config: { access: "viewer" },
      schema: { tags, summary: "The saved views, by name", response: { 200: z.object({ views: z.array(view) }) } },
    },
    async () => ({ views: (await views.list()).map(answered) }),
  );
  app.post(
    "/v1/views",
    {
      config: { access: "operator", audit: "settings-change" },
      schema: {
        tags,
        summary: "Save a view for all",
        description: "An address of the pages log, rates or compare, checked as the page checks it.",
        body: content,
        response: { 201: view },
      },
    },
    async (request, reply) => {
      const made = await views.create(checkedView(request.body, config.file.mail), authorOf(request).actor);
      return reply.code(201).send(answered(made));
    },
  );
  app.put(
    "/v1/views/:id",
    {
      config: { access: "operator", audit: "settings-change" },
      schema: { tags, summary: "Put a view in place of a saved one", params, body: content, response: { 200: view } },
    },
    async ({ params: { id }, body }) =>
      answered(viewOr404(await views.update(id, checkedView(body, config.file.mail)), id)),
  );
  app.delete(
    "/v1/views/:id",
    {
      config: { access: "operator", audit: "settings-change" },
      schema: { tags, summary: "Remove a view", params, response: { 200: z.object({ removed: z.string() }) } },
    },
    async ({ params: { id } }) => {
      if (!(await views.remove(id))) throw new Problem("notFound", `There is no view ${id}.`);
      return { removed: id };
    },
  );
  app.post(
    "/v1/views/:id/mail",
    {
      config: { access: "operator", audit: "export" },
      schema: {
        tags,
        summary: "Send the weekly mail of a view now",
        description:
          "To its recipients; the one of the week is sent all the same. 503 with the reason where the relay did not take it; `refused` has what it said of single recipients.",
        params,
        response: { 200: z.object({ to: z.array(z.string()), refused: z.string() }) },
      },
    },
    ({ params: { id } }) => sendMailNow(context, id),
  );
}

/** Resolves with the recipients, and with what the relay said of those it refused. */
export async function sendMailNow(
  { store, config, now }: Pick<HttpContext, "store" | "config" | "now">,
  id: string,
): Promise<{ to: string[]; refused: string }> {
  const view = viewOr404(await store.views.get(id), id);
  if (!config.file.mail) throw new Problem("notAvailable", "There is no section mail in bounced.yaml.");
  if (!view.mail) throw new Problem("conflict", "This view has no weekly mail.");
  const { isFailed, why } = await mailView(store, config.file.mail, view, null, now());
  if (isFailed) throw new Problem("unavailable", `The mail was not sent: ${why}`);
  return { to: [...view.mail.to], refused: why };
}
