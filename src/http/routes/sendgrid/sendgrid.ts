/**
 * The suppression lists in the shape of SendGrid's v3 API, so that programs written for it work here. All but blocks are
 * our one list: which entry is on which of theirs is sendgrid-lists.ts.
 */
import { z } from "zod";
import { isAddress } from "../../../addresses/is-address.ts";
import type { Suppression } from "../../../store/suppressions/suppression.ts";
import type { App } from "../../app.ts";
import type { HttpContext } from "../../context.ts";
import { Problem } from "../../problems.ts";
import { sendgridBlockRoutes } from "./sendgrid-blocks.ts";
import {
  deleteBody,
  deleteOneQuery,
  emailParameter,
  entriesOf,
  entrySchema,
  listQuery,
  LISTS,
  period,
  slice,
  tags,
  type List,
} from "./sendgrid-lists.ts";
import { authorOf } from "../suppressions.ts";

export function sendgridRoutes(app: App, context: Pick<HttpContext, "store">): void {
  const { suppressions } = context.store;
  const shaped = (entries: readonly Suppression[], list: List) =>
    Promise.all(entries.map(async (entry) => list.shape(entry, context.store)));
  for (const list of LISTS) {
    const path = `/v3/suppression/${list.name}`;
    const filter = { scope: ["address"], cause: list.causes } as const;
    const find = async (email: string) =>
      (await suppressions.find(email)).filter(
        (entry) =>
          entry.scope === "address" &&
          list.causes.includes(entry.cause) &&
          list.holds(entry) &&
          entry.value === email.toLowerCase(),
      );
    app.get(
      path,
      {
        config: { access: "viewer" },
        schema: {
          tags,
          summary: `List the ${list.name}`,
          querystring: listQuery,
          response: { 200: z.array(entrySchema) },
        },
      },
      async ({ query }) => {
        const entries = entriesOf(suppressions.iterate({ ...filter, ...period(query), value: query.email }), list);
        return shaped(await slice(entries, query), list);
      },
    );
    app.get(
      `${path}/:email`,
      {
        config: { access: "viewer" },
        schema: {
          tags,
          summary: `One of the ${list.name}`,
          params: emailParameter,
          response: { 200: z.array(entrySchema) },
        },
      },
      async ({ params }) => shaped(await find(params.email), list),
    );
    app.delete(
      `${path}/:email`,
      {
        config: { access: "operator", audit: "list-change" },
        schema: {
          tags,
          summary: `Remove one of the ${list.name}`,
          params: emailParameter,
          querystring: deleteOneQuery,
        },
      },
      async (request, reply) => {
        const { email } = request.params;
        if ((await find(email)).length === 0) throw new Problem("notFound", `${email} is not on the list.`);
        await suppressions.remove([{ value: email, scope: "address" }], authorOf(request));
        return reply.code(204).send();
      },
    );
    app.delete(
      path,
      {
        config: { access: "operator", audit: "list-change" },
        schema: { tags, summary: `Remove some or all of the ${list.name}`, body: deleteBody },
      },
      async (request, reply) => {
        const { delete_all: all, emails } = request.body;
        if (all === emails.length > 0) throw new Problem("badRequest", "body: give either delete_all: true or emails");
        const author = authorOf(request);
        if (all) {
          for await (const some of inBatches(entriesOf(suppressions.iterate(filter), list)))
            await suppressions.remove(some, author);
        } else {
          const found = (await Promise.all(emails.map(find))).flat();
          await suppressions.remove(found, author);
        }
        return reply.code(204).send();
      },
    );
  }
  sendgridBlockRoutes(app, context);
  globalRoutes(app, context);
}

/** Global unsubscribes: the only list of SendGrid's that one adds to. */
function globalRoutes(app: App, { store: { suppressions } }: Pick<HttpContext, "store">): void {
  const path = "/v3/asm/suppressions/global";
  const find = async (email: string) =>
    (await suppressions.find(email)).filter(
      ({ scope, value }) => scope === "hash" || (scope === "address" && value === email.toLowerCase()),
    );
  app.post(
    path,
    {
      config: { access: "operator", audit: "list-change" },
      schema: {
        tags,
        summary: "Add addresses to the global unsubscribes",
        body: z.strictObject({ recipient_emails: z.array(z.string().min(3).max(320)).min(1).max(1000) }),
      },
    },
    async (request, reply) => {
      const emails = request.body.recipient_emails;
      const wrong = emails.filter((email) => !isAddress(email));
      if (wrong.length > 0) throw new Problem("badRequest", `recipient_emails: not an address: ${wrong.join(", ")}`);
      const entries = emails.map((value) => ({ value, scope: "address" as const, cause: "manual" as const }));
      await suppressions.add(entries, authorOf(request), { onlyNew: true });
      return reply.code(201).send({ recipient_emails: emails });
    },
  );
  app.get(
    `${path}/:email`,
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "Whether an address is suppressed by any list",
        params: emailParameter,
        response: { 200: z.object({ recipient_email: z.string().optional() }) },
      },
    },
    async ({ params }) => ((await find(params.email)).length > 0 ? { recipient_email: params.email } : {}),
  );
  app.delete(
    `${path}/:email`,
    {
      config: { access: "operator", audit: "list-change" },
      schema: { tags, summary: "Remove an address from the global unsubscribes", params: emailParameter },
    },
    async (request, reply) => {
      const { email } = request.params;
      const found = (await find(email)).filter(({ cause, reason }) => cause === "manual" || reason === "unsubscribe");
      if (found.length === 0) throw new Problem("notFound", `${email} is not on the list.`);
      await suppressions.remove(found, authorOf(request));
      return reply.code(204).send();
    },
  );
}

async function* inBatches(entries: AsyncIterable<Suppression>): AsyncGenerator<readonly Suppression[]> {
  let some: Suppression[] = [];
  for await (const entry of entries) {
    some.push(entry);
    if (some.length < 500) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
