/** The suppression list. The two checks are made for the send path: one look-up, not counted by the rate limit. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { isAddress } from "../../addresses/is-address.ts";
import {
  CAUSES,
  CHANGE_ACTIONS,
  SCOPES,
  type Author,
  type SuppressionCheck,
} from "../../store/suppressions/suppression.ts";
import { readValue } from "../../store/suppressions/edit.ts";
import type { App } from "../app.ts";
import { assertEveryStream, assertValue, checkFor, listFilterFor, namedFor, streamFor } from "../access/keep-within.ts";
import { nameForHistory } from "../access/principal.ts";
import type { HttpContext } from "../context.ts";
import { listOf } from "../list-parameter.ts";
import { Problem } from "../problems.ts";
import { pageShape } from "../query.ts";

const value = z.string().trim().min(1).max(320);
const stream = z.string().max(200);
const note = z.string().max(2000);
const instant = z.iso.datetime({ offset: true });
export const suppressionSchema = z.object({
  scope: z.enum(SCOPES),
  value: z.string(),
  stream: z.string().describe("empty: every stream"),
  cause: z.enum(CAUSES),
  reason: z.string(),
  eventId: z.string().nullable(),
  note: z.string(),
  actor: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable().describe("null: never"),
});
export const changeSchema = z.object({
  id: z.number(),
  at: z.iso.datetime(),
  action: z.enum(CHANGE_ACTIONS),
  scope: z.enum(SCOPES),
  value: z.string(),
  stream: z.string(),
  actor: z.string(),
  note: z.string(),
  before: suppressionSchema.nullable(),
  after: suppressionSchema.nullable(),
});
const changesSchema = z.object({ changes: z.array(changeSchema).readonly() });
const checkSchema = z.object({
  address: z.string().describe("as it was asked"),
  suppressed: z.boolean(),
  entry: suppressionSchema.nullable(),
  problem: z
    .string()
    .nullable()
    .describe("set where what was asked is neither an address nor a domain: nothing can be said of it"),
});
const withProblem = (check: SuppressionCheck) => ({
  ...check,
  problem: isAddress(check.address) || /^[^\s@]+\.[^\s@]+$/.test(check.address) ? null : "not an address",
});
const valueParameter = z.object({ value: value.describe("address or domain") });
const newSchema = z.strictObject({
  value,
  scope: z.enum(SCOPES).optional(),
  stream: stream.optional(),
  cause: z.enum(CAUSES).optional(),
  reason: z.string().max(500).optional(),
  note: note.optional(),
  expiresAt: instant
    .refine((text) => Date.parse(text) > Date.now(), "it is in the past: the entry would end at once")
    .nullable()
    .optional(),
});

export const listShape = {
  value: z.string().trim().max(320).optional().describe("any part of the address or domain"),
  scope: listOf(z.enum(SCOPES), "address or domain"),
  cause: listOf(z.enum(CAUSES), "what put it there"),
  reason: listOf(z.string().max(200), "reason"),
  stream: listOf(stream, "stream"),
  actor: listOf(z.string().max(200), "who put it there"),
  from: instant.optional().describe("created since"),
  to: instant.optional().describe("created before"),
} as const;

export const authorOf = ({ principal }: FastifyRequest, text?: string): Author => ({
  actor: principal ? nameForHistory(principal) : "unknown",
  note: text,
});

const tags = ["suppressions"];

export function suppressionRoutes(app: App, { store }: Pick<HttpContext, "store">): void {
  const { suppressions } = store;
  app.get(
    "/v1/suppressions",
    {
      config: { access: "viewer", bounded: true },
      schema: {
        tags,
        summary: "List what is suppressed",
        querystring: z.strictObject({ ...listShape, ...pageShape, direction: z.enum(["asc", "desc"]).default("desc") }),
        response: {
          200: z.object({ suppressions: z.array(suppressionSchema).readonly(), next: z.string().nullable() }),
        },
      },
    },
    async (request) => {
      const { entries, next } = await suppressions.list(listFilterFor(request, request.query));
      return { suppressions: entries, next };
    },
  );
  app.post(
    "/v1/suppressions/check",
    {
      config: { access: "viewer", bounded: true, rateLimit: false },
      schema: {
        tags,
        summary: "Ask for up to 1,000 addresses before sending",
        body: z.strictObject({
          addresses: z.array(z.string().min(1).max(1000)).min(1).max(1000),
          stream: stream.optional(),
        }),
        response: { 200: z.object({ results: z.array(checkSchema).readonly() }) },
      },
    },
    async (request) => {
      const { addresses, stream: named } = request.body;
      for (const address of addresses) assertValue(request, address);
      const checks = await suppressions.check(addresses, streamFor(request, named));
      return { results: checks.map((check) => withProblem(checkFor(request, check))) };
    },
  );
  app.get(
    "/v1/suppressions/:value",
    {
      config: { access: "viewer", bounded: true, rateLimit: false },
      schema: {
        tags,
        summary: "Ask for one address before sending",
        description: "Always 200 with `suppressed` true or false; may be cached for half a minute.",
        params: valueParameter,
        querystring: z.strictObject({ stream: stream.optional() }),
        response: { 200: checkSchema },
      },
    },
    async (request, reply) => {
      const { value: asked } = request.params;
      assertValue(request, asked);
      const [result] = await suppressions.check([asked], streamFor(request, request.query.stream));
      if (!result) throw new Problem("internal", "The list gave no answer.");
      return reply.header("cache-control", "private, max-age=30").send(withProblem(checkFor(request, result)));
    },
  );
  app.put(
    "/v1/suppressions/:value",
    {
      config: { access: "operator", bounded: true, audit: "list-change" },
      schema: {
        tags,
        summary: "Suppress an address or a domain",
        params: valueParameter,
        body: newSchema.omit({ value: true }),
        response: { 200: changesSchema },
      },
    },
    async (request) => ({
      changes: await suppressions.add(
        [namedFor(request, { ...request.body, value: request.params.value })],
        authorOf(request, request.body.note),
      ),
    }),
  );
  app.delete(
    "/v1/suppressions/:value",
    {
      config: { access: "operator", bounded: true, audit: "list-change" },
      schema: {
        tags,
        summary: "Take an address or a domain off the list",
        params: valueParameter,
        querystring: z.strictObject({ stream: stream.optional(), note: note.optional() }),
        response: { 200: changesSchema },
      },
    },
    async (request) => {
      const { stream: named, note: why } = request.query;
      const names = [namedFor(request, { value: request.params.value, stream: named })];
      const changes = await suppressions.remove(names, authorOf(request, why));
      if (changes.length === 0) throw new Problem("notFound", `${request.params.value} is not on the list.`);
      return { changes };
    },
  );
  app.post(
    "/v1/suppressions/bulk",
    {
      config: { access: "operator", bounded: true, audit: "list-change" },
      schema: {
        tags,
        summary: "Add and remove many at once",
        body: z.strictObject({
          add: z.array(newSchema).max(1000).default([]),
          remove: z
            .array(z.strictObject({ value, stream: stream.optional() }))
            .max(1000)
            .default([]),
          note: note.optional(),
        }),
        response: { 200: changesSchema },
      },
    },
    async (request) => {
      const { note: why } = request.body;
      for (const [index, entry] of request.body.add.entries()) readAt(`body.add.${index}`, entry.value);
      const add = request.body.add.map((entry) => namedFor(request, entry));
      const remove = request.body.remove.map((name) => namedFor(request, name));
      const removed = remove.length > 0 ? await suppressions.remove(remove, authorOf(request, why)) : [];
      const added = add.length > 0 ? await suppressions.add(add, authorOf(request, why)) : [];
      return { changes: [...removed, ...added] };
    },
  );
  app.post(
    "/v1/suppressions/:value/clear",
    {
      config: { access: "operator", bounded: true, audit: "list-change" },
      schema: {
        tags,
        summary: "Start the count of soft failures of an address again",
        params: valueParameter,
        response: { 200: changesSchema },
      },
    },
    async (request) => {
      assertEveryStream(request);
      assertValue(request, request.params.value);
      return { changes: await suppressions.clear([request.params.value], authorOf(request)) };
    },
  );
}

/** Names the entry that is wrong. */
function readAt(field: string, text: string): void {
  try {
    readValue(text);
  } catch (cause) {
    throw new Problem("badRequest", `${field}: expected an address or a domain`, {
      issues: [{ field, message: "expected an address or a domain" }],
      cause,
    });
  }
}
