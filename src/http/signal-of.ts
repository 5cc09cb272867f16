/** What a query over the log is bounded by: the client that waits for it, and the time. */
import type { FastifyRequest } from "fastify";

/** A query that takes longer reads more than a page is worth. */
export const QUERY_MS = 30_000;

export const signalOf = (request: Pick<FastifyRequest, "signal">): AbortSignal =>
  AbortSignal.any([request.signal, AbortSignal.timeout(QUERY_MS)]);
