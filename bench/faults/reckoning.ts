/** The oracle: what was acknowledged against what arrived. */
import type { Injector } from "./injector.ts";
import { digestOf, messageOf, recipientsOf } from "./injector.ts";
import type { Arrivals } from "./sinks.ts";
import type { Outcome } from "./scenario.ts";

export interface Logged {
  readonly id: string;
  readonly address: string | null;
  readonly sha256: string;
  /** The kept head, for a sample of the messages; null for the others. */
  readonly raw: Buffer | null;
}

export interface Evidence {
  readonly injector: Injector;
  readonly queue: Arrivals;
  readonly webhook: Arrivals;
  readonly log: readonly Logged[];
  /** performance.now() of every disturbance. */
  readonly disturbedAt: readonly number[];
  readonly restartsMs: readonly number[];
  readonly leftOver: number;
  readonly quarantined: number;
  readonly drainMs: number;
}

export interface Reckoning {
  readonly disturbances: number;
  readonly acked: number;
  readonly recipients: number;
  readonly unknown: number;
  readonly refused: number;
  /** Recipients of acknowledged messages that are not in the log, at a consumer, or at the webhook. Must be 0. */
  readonly missing: number;
  /** Recipients with two rows in the log, or with two event ids anywhere. Must be 0. */
  readonly doubled: number;
  /** In the log or at a sink, and never acknowledged. Must be 0. */
  readonly ghosts: number;
  /** Messages in the log whose digest or kept head is not that of what was sent. Must be 0. */
  readonly altered: number;
  /** Jobs left on our queues at the end, quarantine included. Must be 0. */
  readonly leftOver: number;
  readonly quarantined: number;
  /** The same event, with the same id, handed out again. Allowed. */
  readonly redelivered: number;
  readonly drainMs: number;
  readonly restartsMs: readonly number[];
  /** For each disturbance: to the next 250 to a message begun after it. */
  readonly ackMs: readonly number[];
  /** For each disturbance: until everything acknowledged before it was at its consumer. */
  readonly doneMs: readonly number[];
}

export const isSound = (r: Reckoning): boolean =>
  r.acked > 0 && r.disturbances > 0 && r.missing + r.doubled + r.ghosts + r.altered + r.leftOver === 0;

export function reckon({ injector, queue, webhook, log, disturbedAt, ...rest }: Evidence): Reckoning {
  const expected = new Map<string, string>();
  for (const id of injector.acked) for (const address of recipientsOf(id)) expected.set(address, id);
  const rows = Map.groupBy(log, ({ address }) => address ?? "");
  let missing = 0;
  let doubled = 0;
  let redelivered = 0;
  let altered = 0;
  for (const [address, id] of expected) {
    const [row, ...others] = rows.get(address) ?? [];
    const arrivals = [queue.get(address), webhook.get(address)];
    if (!row || arrivals.includes(undefined)) missing++;
    if (others.length > 0 || arrivals.some((arrival) => arrival && arrival.ids.size > 1)) doubled++;
    for (const arrival of arrivals) redelivered += arrival ? arrival.count - 1 : 0;
    if (!row) continue;
    if (row.sha256 !== digestOf(id) || (row.raw && row.raw.toString("latin1") !== `${messageOf(id)}\r\n`)) altered++;
  }
  const places = [rows, queue, webhook];
  const ghosts = places.reduce((sum, place) => sum + [...place.keys()].filter((at) => !expected.has(at)).length, 0);
  const { unknown, refused } = injector.attempts();
  const acks = [...injector.times.entries()].sort(([, a], [, b]) => a.ackedAt - b.ackedAt);
  return {
    ...rest,
    disturbances: disturbedAt.length,
    acked: injector.acked.size,
    recipients: expected.size,
    unknown,
    refused,
    missing,
    doubled,
    ghosts,
    altered,
    redelivered,
    ackMs: disturbedAt.flatMap((at) => {
      const next = acks.find(([, { sentAt }]) => sentAt > at);
      return next ? [next[1].ackedAt - at] : [];
    }),
    doneMs: disturbedAt.map((at) => {
      let last = at;
      for (const [id, { ackedAt }] of acks) {
        if (ackedAt > at) break;
        for (const address of recipientsOf(id)) last = Math.max(last, queue.get(address)?.at ?? at);
      }
      return last - at;
    }),
  };
}

const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};
const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** `p50 0.8 s, p99 2.1 s`. */
export const spread = (values: readonly number[]): string =>
  `p50 ${seconds(quantile(values, 0.5))} s, p99 ${seconds(quantile(values, 0.99))} s`;

export const outcomeOf = (r: Reckoning, remark = ""): Outcome => ({
  pass: isSound(r),
  counted: {
    acked: r.acked,
    followed: r.acked,
    crashes: r.disturbances,
    ackMs: r.ackMs,
    doneMs: r.doneMs,
    redelivered: r.redelivered,
  },
  figures:
    `${r.disturbances} disturbances, ${r.acked} acknowledged (${r.recipients} recipients): ${r.missing} missing, ` +
    `${r.doubled} doubled, ${r.ghosts} ghosts, ${r.altered} altered, ${r.leftOver} left over` +
    `${r.quarantined > 0 ? ` (${r.quarantined} in quarantine)` : ""}; ${r.redelivered} redelivered, ` +
    `${r.unknown} unknown, ${r.refused} refused; next 250 after ${spread(r.ackMs)}; all before it delivered after ` +
    `${spread(r.doneMs)}; drained in ${seconds(r.drainMs)} s` +
    (r.restartsMs.length > 0 ? `; restarts ${spread(r.restartsMs)}` : "") +
    (remark ? `; ${remark}` : ""),
});
