/** What was tried lately at each endpoint: a bounded Redis stream, no personal data in it. */
import type { Queues } from "../queues/queues.ts";

export interface Delivery {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Of the first event in the request. */
  readonly eventId: string;
  readonly events: number;
  /** HTTP status; 0: no answer. */
  readonly status: number;
  readonly ms: number;
  /** `""` when it went well. */
  readonly error: string;
}

const KEPT = 1000;
const keyOf = (prefix: string, endpoint: string): string => `${prefix}:webhook-log:${endpoint}`;

export async function logDelivery({ redis, prefix }: Queues, endpoint: string, delivery: Delivery): Promise<void> {
  await redis.xadd(keyOf(prefix, endpoint), "MAXLEN", "~", KEPT, "*", ...Object.entries(delivery).flat().map(String));
}

/** Newest first. */
export async function deliveriesOf(
  { redis, prefix }: Queues,
  endpoint: string,
  limit: number,
): Promise<readonly Delivery[]> {
  const entries = await redis.xrevrange(keyOf(prefix, endpoint), "+", "-", "COUNT", limit);
  return entries.map(([, fields]) => {
    const value = (name: string): string => fields[fields.indexOf(name) + 1] ?? "";
    return {
      at: value("at"),
      eventId: value("eventId"),
      events: Number(value("events")),
      status: Number(value("status")),
      ms: Number(value("ms")),
      error: value("error"),
    };
  });
}
