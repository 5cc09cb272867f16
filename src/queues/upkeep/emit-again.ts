/** Events of the log to the output queues once more: for a consumer that lost its own, or that is new. */
import type { BouncedEvent } from "../../event/event.ts";
import type { Queues } from "../queues.ts";
import { routeEvent, type Route } from "../routes.ts";

/**
 * Redis ignores a job whose id it still knows, so these carry `run` behind the event's id. The data is the event as it
 * was: a consumer that keeps the event's id recognises it. Returns how many jobs it made.
 */
export async function emitAgain(
  queues: Queues,
  events: readonly BouncedEvent[],
  { routes, run }: { readonly routes: readonly Route[]; readonly run: string },
): Promise<number> {
  const jobs = events.flatMap((event) =>
    routeEvent(event, routes).map((queue) => ({
      queue,
      job: { name: `${event.kind}.${event.reason}`, data: event, opts: { jobId: `${event.id}-${run}` } },
    })),
  );
  for (const [queue, some] of Map.groupBy(jobs, (one) => one.queue))
    await queues.get(queue).addBulk(some.map(({ job }) => job) as never);
  return jobs.length;
}
