/**
 * The bounce lists in the shape of SendGrid's v3 API, so that programs written for it work here. Bounces and spam
 * reports are the suppression list; blocks come from the log, because a block never suppresses an address.
 */
import { z } from "zod";
import type { Cause, Suppression } from "../../store/suppression.ts";
import type { App } from "../app.ts";
import type { HttpContext } from "../context.ts";
import { Problem } from "../problems.ts";
import { authorOf } from "./suppressions.ts";

const tags = ["sendgrid"];
const seconds = z.coerce.number().int().min(0).max(4_000_000_000);
const listQuery = z.object({
  start_time: seconds.optional().describe("seconds since 1970, included"),
  end_time: seconds.optional().describe("seconds since 1970, included"),
  limit: z.coerce.number().int().min(1).max(500).default(500),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  email: z.string().max(320).optional(),
});
type ListQuery = z.infer<typeof listQuery>;
const emailParameter = z.object({ email: z.string().min(3).max(320) });
const entrySchema = z.object({
  created: z.number(),
  email: z.string(),
  reason: z.string().optional(),
  status: z.string().optional(),
  ip: z.string().optional(),
});
const deleteBody = z.object({
  delete_all: z.boolean().default(false),
  emails: z.array(z.string().max(320)).max(1000).default([]),
});

interface List {
  readonly name: "bounces" | "spam_reports";
  readonly causes: readonly Cause[];
  readonly shape: (entry: Suppression) => z.infer<typeof entrySchema>;
}

const unix = (iso: string): number => Math.floor(Date.parse(iso) / 1000);

const LISTS: readonly List[] = [
  {
    name: "bounces",
    causes: ["hard", "soft", "manual", "import"],
    shape: ({ createdAt, value, reason, note, cause }) => ({
      created: unix(createdAt),
      email: value,
      reason: [reason, note].filter(Boolean).join(": ") || cause,
      status: cause === "soft" ? "4.0.0" : "5.0.0",
    }),
  },
  {
    name: "spam_reports",
    causes: ["complaint"],
    shape: ({ createdAt, value }) => ({ created: unix(createdAt), email: value, ip: "" }),
  },
];

const period = ({ start_time: start, end_time: end }: ListQuery) => ({
  from: start === undefined ? undefined : new Date(start * 1000).toISOString(),
  to: end === undefined ? undefined : new Date((end + 1) * 1000).toISOString(),
});

export function sendgridRoutes(app: App, context: HttpContext): void {
  const { suppressions } = context.store;
  for (const list of LISTS) {
    const path = `/v3/suppression/${list.name}`;
    const filter = { scope: ["address"], cause: list.causes } as const;
    const find = async (email: string) =>
      (await suppressions.find(email)).filter(
        ({ scope, cause, value }) =>
          scope === "address" && list.causes.includes(cause) && value === email.toLowerCase(),
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
        const entries = suppressions.iterate({ ...filter, ...period(query), value: query.email });
        return (await slice(entries, query)).map(list.shape);
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
      async ({ params }) => (await find(params.email)).map(list.shape),
    );
    app.delete(
      `${path}/:email`,
      {
        config: { access: "operator" },
        schema: { tags, summary: `Remove one of the ${list.name}`, params: emailParameter },
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
        config: { access: "operator" },
        schema: { tags, summary: `Remove some or all of the ${list.name}`, body: deleteBody },
      },
      async (request, reply) => {
        const { delete_all: all, emails } = request.body;
        if (all === emails.length > 0) throw new Problem("badRequest", "body: give either delete_all: true or emails");
        const author = authorOf(request);
        if (all) {
          for await (const some of inBatches(suppressions.iterate(filter))) await suppressions.remove(some, author);
        } else {
          const found = (await Promise.all(emails.map(find))).flat();
          await suppressions.remove(found, author);
        }
        return reply.code(204).send();
      },
    );
  }
  blockRoutes(app, context);
}

/** What is deleted here is a reset of the address's count: the log keeps what happened. */
function blockRoutes(app: App, { store }: HttpContext): void {
  const path = "/v3/suppression/blocks";
  const blocks = async (query: ListQuery, address?: string) => {
    const events = store.iterate({
      severity: ["block"],
      ...period(query),
      recipient: query.email,
      ...(address === undefined ? {} : { address: [address] }),
    });
    return (await slice(events, query)).map(({ event, recordedAt }) => ({
      created: unix(event.message.receivedAt ?? recordedAt),
      email: event.recipient.mailed ?? "",
      reason: event.diagnostic?.text ?? event.explanation,
      status: event.status ?? event.derivedStatus ?? "",
    }));
  };
  app.get(
    path,
    {
      config: { access: "viewer" },
      schema: { tags, summary: "List the blocks", querystring: listQuery, response: { 200: z.array(entrySchema) } },
    },
    ({ query }) => blocks(query),
  );
  app.get(
    `${path}/:email`,
    {
      config: { access: "viewer" },
      schema: {
        tags,
        summary: "Blocks of one address",
        params: emailParameter,
        response: { 200: z.array(entrySchema) },
      },
    },
    ({ params }) => blocks({ limit: 500, offset: 0 }, params.email),
  );
  app.delete(
    `${path}/:email`,
    {
      config: { access: "operator" },
      schema: { tags, summary: "Start the counts of one address again", params: emailParameter },
    },
    async (request, reply) => {
      await store.suppressions.clear([request.params.email], authorOf(request));
      return reply.code(204).send();
    },
  );
  app.delete(
    path,
    {
      config: { access: "operator" },
      schema: {
        tags,
        summary: "Start the counts of some addresses again",
        body: deleteBody.refine(({ emails }) => emails.length > 0, "name the emails: the log cannot be emptied here"),
      },
    },
    async (request, reply) => {
      await store.suppressions.clear(request.body.emails, authorOf(request));
      return reply.code(204).send();
    },
  );
}

async function slice<Item>(items: AsyncIterable<Item>, { limit, offset }: ListQuery): Promise<readonly Item[]> {
  const kept: Item[] = [];
  let seen = 0;
  for await (const item of items) {
    seen += 1;
    if (seen > offset) kept.push(item);
    if (kept.length === limit) break;
  }
  return kept;
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
