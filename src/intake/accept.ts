/**
 * A message becomes durable: on the intake queue, once for all its forward-paths. What `accept` resolves for may be answered
 * with 250. A rejection means "not known to be stored": the sender tries again, and because ids are made of the message
 * and its envelope, a message that was stored after all has its effects once.
 */
import { createBatcher } from "../queues/batch.ts";
import type { QueuedMessage } from "../queues/payloads.ts";
import { openQueues } from "../queues/queues.ts";
import { currentTrace, outsideOfTraces } from "../telemetry/tracing.ts";
import { createConfirmation } from "./confirm.ts";
import type { DurabilitySettings } from "./durability-settings.ts";
import type { Durability } from "./durability.ts";
import type { ReceivedMessage } from "./message.ts";
import { messageIdOf, packMessages } from "./pack.ts";
import { packOctets } from "../queues/raw.ts";
import type { RedisClient } from "../redis/client.ts";
import { watchStore, type StoreState } from "./store-state.ts";

export interface AcceptedEnvelope {
  /** `""` for the null reverse-path; null where nobody knows it, as in a file. */
  readonly reversePath: string | null;
  /** At least one; null in place of one that nobody knows. */
  readonly forwardPaths: readonly (string | null)[];
  readonly remoteAddress: string | null;
  /** Name in HELO, of a report alone: with the null reverse-path, SPF is about this name. */
  readonly helo?: string;
  /** ISO 8601, UTC: when a message that lay somewhere came in. @defaultValue now */
  readonly receivedAt?: string | null;
}

const REASONS = {
  away: "Redis did not confirm the message in time",
  full: "Redis is short of memory",
  unsafe: "Redis cannot make the message durable",
} as const;

/** `unsafe`: Redis would lose it (durability.ts), and durability.accept does not allow that. */
export class NotAccepted extends Error {
  override name = "NotAccepted";
  readonly kind: keyof typeof REASONS;
  constructor(kind: keyof typeof REASONS, cause?: unknown) {
    super(REASONS[kind], { cause });
    this.kind = kind;
  }
}

export interface Intake {
  /** Resolves with the id of the message once it is durable. Rejects with NotAccepted within `acceptMs`. */
  accept(message: ReceivedMessage, envelope: AcceptedEnvelope): Promise<string>;
  /** Something else that is to be as durable as a message. It may be done twice: rejects as `accept` does, and is repeated then. */
  write<Value>(work: (redis: RedisClient, prefix: string) => Promise<Value>): Promise<Value>;
  /** Whether it makes sense to receive a message at all. */
  state(): ReturnType<StoreState["current"]> | "unsafe";
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
  const confirmed = createConfirmation({ redis, key, store, durability, limitMs: acceptMs });
  const write = createBatcher(
    (messages: readonly QueuedMessage[]) =>
      confirmed(() => outsideOfTraces(() => queues.get("intake").addBulk(packMessages(messages) as never))),
    { maxItems: 256, maxFlushes: 2 },
  );
  const isUnsafe = (): boolean => durability.accept === "durable" && store.durability()?.isSafe === false;
  return {
    async accept({ octets, ...message }, { receivedAt = new Date().toISOString(), ...envelope }) {
      const trace = currentTrace();
      const queued: QueuedMessage = {
        ...message,
        ...envelope,
        id: messageIdOf(message.sha256, envelope),
        raw: await packOctets(octets),
        receivedAt,
        ...(trace === undefined ? {} : { trace }),
      };
      await inTime(() => write(queued));
      return queued.id;
    },
    write: (work) => inTime(() => confirmed(() => work(redis, queues.prefix))),
    state() {
      const state = store.current();
      return state === "ready" && isUnsafe() ? "unsafe" : state;
    },
    durability: () => store.durability(),
    memory: () => store.memory(),
    async close() {
      store.stop();
      await queues.close();
    },
  };

  async function inTime<Value>(work: () => Promise<Value>): Promise<Value> {
    if (store.current() === "full") throw new NotAccepted("full");
    try {
      return await within(acceptMs, async (isLate) => {
        await untilReady(isLate);
        if (isUnsafe()) throw new NotAccepted("unsafe");
        return work();
      });
    } catch (cause) {
      if (cause instanceof NotAccepted) throw cause;
      throw new NotAccepted(cause instanceof Error && cause.message.startsWith("OOM") ? "full" : "away", cause);
    }
  }

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
async function within<Value>(limitMs: number, work: (isLate: () => boolean) => Promise<Value>): Promise<Value> {
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
    return await Promise.race([working, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
