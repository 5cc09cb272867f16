/** Takes every job and stream entry that names an address out of Redis, and out of the files that it keeps. */
import type { Job } from "bullmq";
import { Cluster } from "ioredis";
import { setTimeout as sleep } from "node:timers/promises";
import { addressesInMessage, addressesInValue } from "../../erasure/addresses-in.ts";
import { messageOf } from "../../machine/error-message.ts";
import { unpackOctets } from "../raw.ts";
import { normalAddress } from "../../addresses/normal-address.ts";
import { FEED_QUEUES, INTAKE_QUEUE, OUTPUT_QUEUES, REFUSALS_QUEUE, endpointQueuesOf } from "../names.ts";
import { createPendingList } from "./pending-list.ts";
import type { Queues } from "../queues.ts";
import type { RedisClient } from "../../redis/client.ts";
import type { Route } from "../routes.ts";

const AT_A_TIME = 500;
const STATES = ["waiting", "delayed", "prioritized", "completed", "failed"] as const;
/** How long a rewrite of the append-only file is waited for. */
const REWRITE_MS = 15_000;

export interface ErasedJobs {
  /** Those of the service itself that are finished included. */
  readonly jobs: number;
  readonly streamEntries: number;
  /** Jobs on `intake` and `record` that name it: mail on its way to the log. Erase again when they are through. */
  readonly pending: number;
  /**
   * `rewritten`: nothing deleted is left in it. `off`: there is none. Else why it still holds what was deleted: the
   * next rewrite removes it.
   */
  readonly appendOnlyFile: string;
}

/** Queues that bounced.yaml makes: those that its routes lead to, and one for each webhook and help desk. */
export const configuredQueues = ({
  routes,
  ...endpoints
}: { readonly routes: readonly Route[] } & Parameters<typeof endpointQueuesOf>[0]): readonly string[] => [
  ...routes.flatMap(({ to }) => to).filter((name) => name !== "drop"),
  ...endpointQueuesOf(endpoints),
];

/** `others`: what `configuredQueues` names. Jobs in a consumer's hands stay. */
export async function eraseJobs(
  queues: Queues,
  text: string,
  { others = [], streamKey = null }: { readonly others?: readonly string[]; readonly streamKey?: string | null } = {},
): Promise<ErasedJobs> {
  const address = normalAddress(text);
  const isNamed = (value: unknown): boolean => names(value, address);
  let jobs = 0;
  for (const name of new Set([...OUTPUT_QUEUES, "webhook", "forward", ...FEED_QUEUES, ...others]))
    for await (const { job } of jobsOf(queues, name, isNamed)) {
      await job.remove();
      jobs++;
    }
  jobs += await createPendingList(queues, "forward").erase(isNamed);
  let pending = 0;
  for (const name of [INTAKE_QUEUE, REFUSALS_QUEUE, "record"])
    for await (const { job, state } of jobsOf(queues, name, isNamed)) {
      if (state !== "completed" && state !== "failed") {
        pending++;
        continue;
      }
      await eraseFinished(job, isNamed);
      jobs++;
    }
  const streamEntries = streamKey === null ? 0 : await eraseFromStream(queues, streamKey, isNamed);
  return { jobs, streamEntries, pending, appendOnlyFile: await rewriteFiles(queues.redis) };
}

/** A job in the quarantine may hold messages of others, which must stay. */
async function eraseFinished(job: Job, isNamed: (value: unknown) => boolean): Promise<void> {
  const data: unknown = job.data;
  const messages = typeof data === "object" && data !== null && "messages" in data ? data.messages : null;
  const others = Array.isArray(messages) ? messages.filter((message) => !isNamed(message)) : [];
  if (others.length > 0) await job.updateData({ ...(data as object), messages: others });
  else await job.remove();
}

async function* jobsOf(queues: Queues, name: string, isNamed: (value: unknown) => boolean) {
  const queue = queues.get(name);
  for (const state of STATES) {
    // From the far end: what is removed does not move what is still to be looked at.
    const { [state]: total = 0 } = await queue.getJobCounts(state);
    for (let end = total - 1; end >= 0; end -= AT_A_TIME) {
      const some = await queue.getJobs([state], Math.max(0, end - AT_A_TIME + 1), end);
      for (const job of some) if (job && isNamed(job.data)) yield { job, state };
    }
  }
}

/** Also in the kept message, whatever its transfer encodings. */
function names(value: unknown, address: string): boolean {
  if (typeof value === "string") return addressesInValue(value).has(address);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, inner]: [string, unknown]) =>
    key === "raw" && typeof inner === "string"
      ? addressesInMessage(unpacked(inner)).has(address)
      : names(inner, address),
  );
}

/** As it is where it is no message of ours: programs of the user's write jobs, too. */
function unpacked(raw: string): Buffer {
  try {
    return unpackOctets(raw);
  } catch {
    return Buffer.from(raw);
  }
}

async function eraseFromStream({ redis }: Queues, key: string, isNamed: (value: unknown) => boolean): Promise<number> {
  let erased = 0;
  for (let from = "-"; ;) {
    const entries = await redis.xrange(key, from, "+", "COUNT", AT_A_TIME);
    const ids = entries.filter(([, fields]) => fields.some((field) => isNamed(asJson(field)))).map(([id]) => id);
    if (ids.length > 0) erased += await redis.xdel(key, ...ids);
    const last = entries.at(-1)?.[0];
    if (last === undefined || entries.length < AT_A_TIME) return erased;
    from = `(${last}`;
  }
}

/** In JSON a line break before an address is `\n`, whose letter would pass for one of the address. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A deleted key stays in the append-only file until that is rewritten. */
async function rewriteFiles(redis: RedisClient): Promise<string> {
  const servers = redis instanceof Cluster ? redis.nodes("master") : [redis];
  const answers = await Promise.all(
    servers.map((server) => rewriteFile(server).catch((error: unknown) => `not rewritten: ${messageOf(error)}`)),
  );
  return [...new Set(answers)].join("; ");
}

async function rewriteFile(server: Pick<RedisClient, "info" | "bgrewriteaof">): Promise<string> {
  const deadline = performance.now() + REWRITE_MS;
  const state = async (name: string): Promise<string | undefined> =>
    new RegExp(`^${name}:(\\S+)`, "m").exec(await server.info("persistence"))?.[1];
  const isRunning = async (): Promise<boolean> =>
    (await state("aof_rewrite_in_progress")) === "1" || (await state("aof_rewrite_scheduled")) === "1";
  const settled = async (): Promise<boolean> => {
    while (await isRunning()) {
      if (performance.now() > deadline) return false;
      await sleep(50);
    }
    return true;
  };
  if ((await state("aof_enabled")) !== "1") return "off";
  // One that runs already began before the last delete.
  if (!(await settled())) return "not rewritten: another rewrite is running";
  await server.bgrewriteaof();
  if (!(await settled())) return "being rewritten";
  const status = await state("aof_last_bgrewrite_status");
  return status === "ok" ? "rewritten" : `not rewritten: ${status ?? "no answer"}`;
}
