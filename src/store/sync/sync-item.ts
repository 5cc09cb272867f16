/** What an address should be at a sending provider, whether it is, and what is known of that provider. */
import type { Cause } from "../suppressions/suppression.ts";

export const WISHES = ["add", "remove"] as const;
export type Wish = (typeof WISHES)[number];

/**
 * `pending`: not there yet, or to be tried again. `held`: a removal beyond the limit, which a person must confirm.
 * `refused`: the provider does not take it; the next comparison tries again.
 */
export const ITEM_STATES = ["pending", "held", "refused", "done"] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** What is wanted of one address. */
export interface SyncWish {
  /** In the form of the list. */
  readonly value: string;
  readonly wanted: Wish;
  readonly cause: Cause;
  readonly reason: string;
}

export interface SyncItem extends SyncWish {
  readonly state: ItemState;
  readonly attempts: number;
  /** What the provider said the last time; "" if it was right. */
  readonly error: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** What became of one attempt. */
export interface SyncResult {
  readonly item: SyncItem;
  /** "": done. */
  readonly error: string;
  /** The provider refuses it; else it goes behind the others, and is tried again. */
  readonly isRefused: boolean;
}

export interface SyncTarget {
  readonly name: string;
  readonly cursor: string;
  /** ISO 8601 or null, as are the following. */
  readonly followedAt: string | null;
  readonly comparedAt: string | null;
  readonly pushedAt: string | null;
  /** Why the provider could not be worked with; "" if it could. */
  readonly error: string;
  readonly errorAt: string | null;
  readonly pausedUntil: string | null;
}

/** How many addresses are in which state; `done` is left out. */
export type SyncCounts = Readonly<Record<Exclude<ItemState, "done">, number>>;

/** Changes of a target; what is undefined stays. Instants in ms. */
export interface TargetNote {
  readonly followedAt?: number;
  readonly comparedAt?: number;
  readonly pushedAt?: number;
  readonly error?: string;
  readonly pausedUntil?: number;
}

export interface SyncLedger {
  target(name: string): Promise<SyncTarget | null>;
  /** The one that is there, or a new one that begins at this cursor. */
  begin(name: string, cursor: string): Promise<SyncTarget>;
  note(name: string, note: TargetNote): Promise<void>;
  /** One at a time works on a target: false where another does. Asked again, it lasts longer. */
  hold(name: string, holder: string, ms: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
  /** Durable together with the cursor. Of removals beyond `maxRemovals` in an hour the rest is held. */
  wish(name: string, wishes: readonly SyncWish[], cursor: string, maxRemovals: number): Promise<void>;
  /** What is to be done now, oldest first. */
  due(name: string, wanted: Wish, limit: number): Promise<readonly SyncItem[]>;
  /** An item that was wished anew meanwhile stays as it was wished. */
  settle(name: string, results: readonly SyncResult[]): Promise<void>;
  counts(name: string): Promise<SyncCounts>;
  /** By address: what is not there and why, the newest first. */
  open(name: string, limit: number): Promise<readonly SyncItem[]>;
  of(value: string): Promise<readonly (SyncItem & { readonly target: string })[]>;
  /** Confirms removals that were held. Resolves to how many. */
  confirm(name: string): Promise<number>;
  /** Addresses that we wanted there, in order, after one of them. */
  wanted(name: string, after: string, limit: number): Promise<readonly string[]>;
  /** When an address was last taken off our list, in ms; addresses that never were are left out. */
  removals(values: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
