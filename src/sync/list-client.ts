/** A list at a sending provider, as the rest of this folder sees it; and what can go wrong there. */
import type { SyncItem } from "../store/sync/sync-item.ts";
import type { Cause } from "../store/suppressions/suppression.ts";

/** An entry of theirs. */
export interface TheirEntry {
  readonly address: string;
  /** Since when, in ms; null if they do not say. */
  readonly at: number | null;
  readonly cause: Extract<Cause, "import" | "complaint" | "manual">;
  readonly reason: string;
  /** Which of their lists. */
  readonly list: string;
}

/** Address -> what they said against it; addresses that are not in it went well. */
export type RefusedAddresses = ReadonlyMap<string, string>;
export const ALL_WELL: RefusedAddresses = new Map();

export interface ListClient {
  /** Their whole list. Throws where any part of it could not be read: what was read so far is then worth nothing. */
  list(): AsyncGenerator<TheirEntry>;
  readonly addBatch: number;
  /** At most `addBatch`, at least one. Safe to repeat. */
  add(items: readonly SyncItem[]): Promise<RefusedAddresses>;
  readonly removeBatch: number;
  /** Safe to repeat: an address that is not there went well. */
  remove(items: readonly SyncItem[]): Promise<RefusedAddresses>;
}
