/** Takes every job and stream entry that names an address out of Redis. */
import { unpackOctets } from "../intake/raw.ts";
import { FEED_QUEUES, INTAKE_QUEUE, OUTPUT_QUEUES, webhookQueueOf } from "./names.ts";
import { createPendingList } from "./pending-list.ts";
import type { Queues } from "./queues.ts";
import type { Route } from "./routes.ts";

const AT_A_TIME = 500;
const STATES = ["waiting", "delayed", "prioritized", "completed", "failed"] as const;

export interface ErasedJobs {
  readonly jobs: number;
  readonly streamEntries: number;
  /** Jobs on `intake` and `record` that name it: mail on its way to the log. Erase again when they are through. */
  readonly pending: number;
}

/** Queues that bounced.yaml makes: those that its routes lead to, and one for each webhook. */
export const configuredQueues = ({
  routes,
  webhooks,
}: {
  readonly routes: readonly Route[];
  readonly webhooks: readonly { readonly id: string }[];
}): readonly string[] => [
  ...routes.flatMap(({ to }) => to).filter((name) => name !== "drop"),
  ...webhooks.map(({ id }) => webhookQueueOf(id)),
];

/** `others`: what `configuredQueues` names. Jobs in a consumer's hands stay. */
export async function eraseJobs(
  queues: Queues,
  address: string,
  { others = [], streamKey = null }: { readonly others?: readonly string[]; readonly streamKey?: string | null } = {},
): Promise<ErasedJobs> {
  const needle = address.toLowerCase();
  let jobs = 0;
  for (const name of new Set([...OUTPUT_QUEUES, "webhook", "forward", ...FEED_QUEUES, ...others]))
    for await (const job of jobsOf(queues, name, needle)) {
      await job.remove();
      jobs++;
    }
  jobs += await createPendingList(queues, "forward").erase(needle);
  let pending = 0;
  for (const name of [INTAKE_QUEUE, "record"]) for await (const _job of jobsOf(queues, name, needle)) pending++;
  return { jobs, streamEntries: streamKey === null ? 0 : await eraseFromStream(queues, streamKey, needle), pending };
}

async function* jobsOf(queues: Queues, name: string, needle: string) {
  const queue = queues.get(name);
  for (const state of STATES) {
    // From the far end: what is removed does not move what is still to be looked at.
    const { [state]: total = 0 } = await queue.getJobCounts(state);
    for (let end = total - 1; end >= 0; end -= AT_A_TIME) {
      const some = await queue.getJobs([state], Math.max(0, end - AT_A_TIME + 1), end);
      for (const job of some) if (job && textOf(job.data).toLowerCase().includes(needle)) yield job;
    }
  }
}

/** All that a job says, its kept messages unpacked. */
const textOf = (data: unknown): string =>
  JSON.stringify(data, (key, value: unknown) =>
    key === "raw" && typeof value === "string" ? unpackOctets(value).toString("latin1") : value,
  );

async function eraseFromStream({ redis }: Queues, key: string, needle: string): Promise<number> {
  let erased = 0;
  for (let from = "-"; ;) {
    const entries = await redis.xrange(key, from, "+", "COUNT", AT_A_TIME);
    const ids = entries.filter(([, fields]) => fields.join("\n").toLowerCase().includes(needle)).map(([id]) => id);
    if (ids.length > 0) erased += await redis.xdel(key, ...ids);
    const last = entries.at(-1)?.[0];
    if (last === undefined || entries.length < AT_A_TIME) return erased;
    from = `(${last}`;
  }
}
