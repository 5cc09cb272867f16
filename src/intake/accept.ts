/**
 * A message becomes durable: on the intake queue, once for all its forward-paths. What `accept` resolves for may be answered
 * with 250. A rejection means "not known to be stored": the sender tries again, and because ids are made of the message
 * and its envelope, a message that was stored after all has its effects once.
 */
import { createBatcher } from "../queues/batch.ts";
import type { QueuedMessage } from "../queues/payloads.ts";
import { openQueues } from "../queues/queues.ts";
import { askServerOf } from "../queues/redis.ts";
import { currentTrace, outsideOfTraces } from "../telemetry/tracing.ts";
import type { DurabilitySettings, Durability } from "./durability.ts";
import type { ReceivedMessage } from "./message.ts";
import { messageIdOf, packMessages } from "./pack.ts";
import { packOctets } from "./raw.ts";
import { lineageOf, watchStore, type StoreState } from "./store-state.ts";

export interface AcceptedEnvelope {
  /** `""` for the null reverse-path; null where nobody knows it, as in a file. */
  readonly reversePath: string | null;
  /** At least one; null in place of one that nobody knows. */
  readonly forwardPaths: readonly (string | null)[];
  readonly remoteAddress: string | null;
  /** ISO 8601, UTC: when a message that lay somewhere came in. @defaultValue now */
  readonly receivedAt?: string | null;
}

/** `away`: Redis did not confirm in time. `full`: Redis is short of memory. */
export class NotAccepted extends Error {
  override name = "NotAccepted";
  readonly kind: "away" | "full";
  constructor(kind: "away" | "full", cause?: unknown) {
    super(kind === "full" ? "Redis is short of memory" : "Redis did not confirm the message in time", { cause });
    this.kind = kind;
  }
}

export interface Intake {
  /** Resolves with the id of the message once it is durable. Rejects with NotAccepted within `acceptMs`. */
  accept(message: ReceivedMessage, envelope: AcceptedEnvelope): Promise<string>;
  /** Whether it makes sense to receive a message at all. */
  state(): ReturnType<StoreState["current"]>;
  durability(): Durability | null;
  memory(): ReturnType<StoreState["memory"]>;
  close(): Promise<void>;
}

export interface IntakeOptions {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly acceptMs: number;
  readonly durability: DurabilitySettings;
  readonly onDurability: (durability: Durability) => void;
  readonly onError?: (error: Error) => void;
}

export function openIntake(options: IntakeOptions): Intake {
  const { acceptMs, durability } = options;
  const queues = openQueues({ ...options, purpose: "accept" });
  const { redis } = queues;
  const key = `${queues.prefix}:intake:meta`;
  const store = watchStore({ redis, key, replicas: durability.replicas, onDurability: options.onDurability });
  const write = createBatcher(
    async (messages: readonly QueuedMessage[]) => {
      const lineage = store.lineage();
      await outsideOfTraces(() => queues.get("intake").addBulk(packMessages(messages) as never));
      await untilDurable(lineage);
    },
    { maxItems: 256, maxFlushes: 2 },
  );
  const untilDurable = async (lineage: string | null): Promise<void> => {
    const isLate = store.durability()?.fsync === "wait";
    if (!isLate && durability.replicas === 0) return;
    // Both wait for everything that this connection wrote before. If it broke, they ask another run of Redis, which
    // knows nothing of that: whom they asked must be asked after them.
    const [reply, replication] = await askServerOf(redis, key, [
      isLate ? ["WAITAOF", 1, durability.replicas, acceptMs] : ["WAIT", durability.replicas, acceptMs],
      ["INFO", "replication"],
    ]);
    const [local, replicas] = Array.isArray(reply) ? reply.map(Number) : [1, Number(reply)];
    if ((local ?? 0) < 1 || (replicas ?? 0) < durability.replicas) throw new Error("not confirmed by disk or replicas");
    if (lineageOf(replication) !== lineage) throw new Error("another Redis took over meanwhile");
  };
  return {
    async accept({ octets, ...message }, { receivedAt = new Date().toISOString(), ...envelope }) {
      if (store.current() === "full") throw new NotAccepted("full");
      const trace = currentTrace();
      const queued: QueuedMessage = {
        ...message,
        ...envelope,
        id: messageIdOf(message.sha256, envelope),
        raw: await packOctets(octets),
        receivedAt,
        ...(trace === undefined ? {} : { trace }),
      };
      try {
        await within(acceptMs, async (isLate) => {
          await untilReady(isLate);
          await write(queued);
        });
      } catch (cause) {
        throw new NotAccepted(cause instanceof Error && cause.message.startsWith("OOM") ? "full" : "away", cause);
      }
      return queued.id;
    },
    state: () => store.current(),
    durability: () => store.durability(),
    memory: () => store.memory(),
    async close() {
      store.stop();
      await queues.close();
    },
  };

  /**
   * A short absence is waited for: a restart of Redis takes less than a second. Nothing is accepted before we know what
   * an answer of this Redis is worth.
   */
  async function untilReady(isLate: () => boolean): Promise<void> {
    while ((redis.status !== "ready" || !store.durability()) && !isLate())
      await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The work goes on after the deadline; only nobody waits for it any more. */
async function within(limitMs: number, work: (isLate: () => boolean) => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isLate = true;
      reject(new Error(`no confirmation within ${limitMs} ms`));
    }, limitMs);
  });
  const working = work(() => isLate);
  // Rejects unheard when the deadline came first.
  working.catch(() => undefined);
  try {
    await Promise.race([working, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
