/** What was tried lately at each help desk: a bounded Redis stream, no personal data in it. */
import type { Queues } from "../../queues/queues.ts";
import type { Found } from "./find.ts";

/**
 * `added`: a note. `present`: it was there already, as after a crash. `not_found`: no conversation, nothing was written.
 * `failed`: it will be tried again. `given_up`: it will not.
 */
export const DESK_OUTCOMES = ["added", "present", "not_found", "failed", "given_up"] as const;
export type DeskOutcome = (typeof DESK_OUTCOMES)[number];

export interface DeskDelivery {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly eventId: string;
  readonly outcome: DeskOutcome;
  /** `""` where there is none. */
  readonly conversation: string;
  readonly foundBy: Found["by"] | "";
  readonly ms: number;
  /** `""` when it went well. */
  readonly error: string;
}

const KEPT = 1000;
const keyOf = (prefix: string, desk: string): string => `${prefix}:help-desk-log:${desk}`;

export async function logDeskDelivery({ redis, prefix }: Queues, desk: string, delivery: DeskDelivery): Promise<void> {
  await redis.xadd(keyOf(prefix, desk), "MAXLEN", "~", KEPT, "*", ...Object.entries(delivery).flat().map(String));
}

/** Newest first. */
export async function deskDeliveriesOf(
  { redis, prefix }: Queues,
  desk: string,
  limit: number,
): Promise<readonly DeskDelivery[]> {
  const entries = await redis.xrevrange(keyOf(prefix, desk), "+", "-", "COUNT", limit);
  return entries.map(([, fields]) => {
    const value = (name: string): string => fields[fields.indexOf(name) + 1] ?? "";
    return {
      at: value("at"),
      eventId: value("eventId"),
      outcome: value("outcome") as DeskOutcome,
      conversation: value("conversation"),
      foundBy: value("foundBy") as DeskDelivery["foundBy"],
      ms: Number(value("ms")),
      error: value("error"),
    };
  });
}
