/** SendGrid's list of blocks: from the log, because a block never suppresses an address. */
import { z } from "zod";
import { countedBy } from "../../../event/credible.ts";
import type { LogFilter } from "../../../store/log/log-query.ts";
import type { App } from "../../app.ts";
import type { HttpContext } from "../../context.ts";
import { signalOf } from "../../signal-of.ts";
import {
  deleteBody,
  deleteOneQuery,
  emailParameter,
  entrySchema,
  listQuery,
  period,
  slice,
  tags,
  unix,
  type ListQuery,
} from "./sendgrid-lists.ts";
import { authorOf } from "../suppressions.ts";

/** What is deleted here is a reset of the address's count: the log keeps what happened. */
export function sendgridBlockRoutes(app: App, { store }: Pick<HttpContext, "store">): void {
  const path = "/v3/suppression/blocks";
  const blocks = async (query: ListQuery, signal: AbortSignal, address?: string) => {
    // Trust: credible, a client may act on what it lists.
    const events = store.iterate(
      countedBy<LogFilter>({
        severity: ["block"],
        ...period(query),
        recipient: query.email,
        ...(address === undefined ? {} : { address: [address] }),
      }),
      signal,
    );
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
    (request) => blocks(request.query, signalOf(request)),
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
    (request) => blocks({ limit: 500, offset: 0 }, signalOf(request), request.params.email),
  );
  app.delete(
    `${path}/:email`,
    {
      config: { access: "operator", audit: "list-change" },
      schema: {
        tags,
        summary: "Start the counts of one address again",
        params: emailParameter,
        querystring: deleteOneQuery,
      },
    },
    async (request, reply) => {
      await store.suppressions.clear([request.params.email], authorOf(request));
      return reply.code(204).send();
    },
  );
  app.delete(
    path,
    {
      config: { access: "operator", audit: "list-change" },
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
