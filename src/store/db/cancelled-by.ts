import type { AbortableQueryOptions } from "kysely";

/** The database ends the query when the signal says that nobody waits for it any more. */
export const cancelledBy = (signal: AbortSignal | undefined): AbortableQueryOptions =>
  signal ? { signal, inflightQueryAbortStrategy: "cancel query" } : {};
