/**
 * Whether what was just written is as safe as a 250 promises: on disk, on the replicas that must have it, and on the
 * server that we asked before. A primary that was paused through a failover takes what waits in its socket, answers OK,
 * and drops it when it learns that it was replaced: so whoever is about to let go of the only other copy asks first.
 */
import { messageOf } from "../machine/error-message.ts";
import type { Queues } from "../queues/queues.ts";
import { askServerOf, type RedisClient } from "../redis/client.ts";
import { TryLater } from "../queues/try-later.ts";
import type { DurabilitySettings } from "./durability-settings.ts";
import { lineageOf, watchStore, type StoreState } from "./store-state.ts";

/** Of our own queues' jobs, which nobody waits for. */
const WORK_MS = 4500;

export interface ConfirmOptions {
  readonly redis: RedisClient;
  /** One that we write. */
  readonly key: string;
  readonly store: Pick<StoreState, "durability" | "lineage">;
  readonly durability: DurabilitySettings;
  /** How long disk and replicas may take. */
  readonly limitMs: number;
}

/** Resolves with what `write` gave once it is safe. Rejects where that is not known: the write must be done again. */
export type Confirmed = <Value>(write: () => Promise<Value>) => Promise<Value>;

export function createConfirmation({ redis, key, store, durability, limitMs }: ConfirmOptions): Confirmed {
  const { replicas } = durability;
  return async (write) => {
    const ask = ["INFO", "replication"] as const;
    const lineage = store.lineage() ?? lineageOf((await askServerOf(redis, key, [ask]))[0]);
    const value = await write();
    const mustWait = store.durability()?.fsync === "wait";
    if (!mustWait && replicas === 0) return value;
    // Both wait for everything that this connection wrote before. If it broke, they ask another run of Redis, which
    // knows nothing of that: whom they asked must be asked after them.
    const [reply, replication] = await askServerOf(redis, key, [
      mustWait ? ["WAITAOF", 1, replicas, limitMs] : ["WAIT", replicas, limitMs],
      ask,
    ]);
    const [local = 0, remote = 0] = Array.isArray(reply) ? reply.map(Number) : [1, Number(reply)];
    if (local < 1 || remote < replicas) throw new Error("not confirmed by disk or replicas");
    if (lineageOf(replication) !== lineage) throw new Error("another Redis took over meanwhile");
    return value;
  };
}

/** An answer of the server, or none: no fault of what was to be written. */
const isOfRedis = (cause: unknown): boolean =>
  cause instanceof Error &&
  (cause.name === "ReplyError" ||
    /connection is closed|timed? ?out|ECONN|EPIPE|ENOENT|ClusterAllFailed|refresh slots/i.test(
      `${cause.name} ${cause.message}`,
    ));

export interface WatchedConfirmation {
  /** As above; rejects with TryLater where Redis is to blame, and what was written may be well. */
  readonly confirmed: Confirmed;
  readonly stop: () => void;
}

/** For workers that finish a job on one queue after they wrote to another. */
export function watchConfirmation({ redis, prefix }: Queues, durability: DurabilitySettings): WatchedConfirmation {
  const key = `${prefix}:intake:meta`;
  const { replicas } = durability;
  const store = watchStore({ redis, key, replicas, onDurability: () => undefined });
  const confirmed = createConfirmation({ redis, key, store, durability, limitMs: WORK_MS });
  return {
    async confirmed(write) {
      const outcome: { value?: Awaited<ReturnType<typeof write>> } = {};
      try {
        await confirmed(async () => void (outcome.value = await write()));
      } catch (cause) {
        if ("value" in outcome)
          throw new TryLater("what was written is not confirmed by disk or replicas, or another Redis took over", {
            cause,
          });
        throw isOfRedis(cause) ? new TryLater(`Redis accepted no write: ${messageOf(cause)}`, { cause }) : cause;
      }
      return outcome.value as Awaited<ReturnType<typeof write>>;
    },
    stop: () => store.stop(),
  };
}
