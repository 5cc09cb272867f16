/** The suppression list: what is on it, and what can be asked of it and done to it. */

/** An entry holds for one address, for every address of exactly this domain, or for an address of which only a digest is left. */
export const SCOPES = ["address", "domain", "hash"] as const;
export type Scope = (typeof SCOPES)[number];

/** `erased`: the address was erased, and stays suppressed. */
export const CAUSES = ["hard", "soft", "complaint", "manual", "import", "erased"] as const;
export type Cause = (typeof CAUSES)[number];

/** `cleared`: the count of soft failures starts again, nothing was on the list. */
export const CHANGE_ACTIONS = ["added", "changed", "removed", "expired", "cleared", "undone"] as const;
export type ChangeAction = (typeof CHANGE_ACTIONS)[number];

export interface Suppression {
  readonly scope: Scope;
  /** Lower case, domain in ASCII; of scope `hash` the digest (src/erasure/ban.ts). */
  readonly value: string;
  /** "" is every stream. */
  readonly stream: string;
  readonly cause: Cause;
  /** Reason of the event that caused it, or the words of who added it; "" if none. */
  readonly reason: string;
  readonly eventId: string | null;
  readonly note: string;
  readonly actor: string;
  /** ISO 8601, as are the following. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** null: never. */
  readonly expiresAt: string | null;
}

export interface SuppressionChange {
  readonly id: number;
  readonly at: string;
  readonly action: ChangeAction;
  readonly scope: Scope;
  readonly value: string;
  readonly stream: string;
  readonly actor: string;
  readonly note: string;
  readonly before: Suppression | null;
  readonly after: Suppression | null;
}

/** Who does it, and why: every change keeps both. */
export interface Author {
  readonly actor: string;
  readonly note?: string | undefined;
}

export interface NewSuppression {
  readonly value: string;
  /** Default: `address` with an `@` in it, else `domain`. */
  readonly scope?: Scope | undefined;
  readonly stream?: string | undefined;
  /** Default `manual`. */
  readonly cause?: Cause | undefined;
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly expiresAt?: string | null | undefined;
}

/** Without scope: both. Without stream: the entry for every stream. */
export interface SuppressionName {
  readonly value: string;
  readonly scope?: Scope | undefined;
  readonly stream?: string | undefined;
}

export interface SuppressionFilter {
  /** Any part of the address or domain. */
  readonly value?: string | undefined;
  /** Of addresses in it, and its own entry; exactly. */
  readonly domain?: readonly string[] | undefined;
  readonly scope?: readonly Scope[] | undefined;
  readonly cause?: readonly Cause[] | undefined;
  readonly reason?: readonly string[] | undefined;
  readonly stream?: readonly string[] | undefined;
  readonly actor?: readonly string[] | undefined;
  /** Time of creation; `from` is included, `to` is not. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface SuppressionQuery extends SuppressionFilter {
  readonly direction?: "asc" | "desc" | undefined;
  /** Default 50, at most 1,000. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface HistoryQuery {
  /** Of one address or domain; without: of all. */
  readonly value?: string | undefined;
  readonly stream?: readonly string[] | undefined;
  readonly domain?: readonly string[] | undefined;
  /** Default 100, at most 1,000. */
  readonly limit?: number | undefined;
  /** Change id: those before it. */
  readonly before?: number | undefined;
}

/** Changes after a cursor, oldest first. */
export interface ChangePage {
  readonly changes: readonly SuppressionChange[];
  /** Cursor after the last of them. */
  readonly next: string;
  readonly more: boolean;
}

export interface SuppressionPage {
  readonly entries: readonly Suppression[];
  readonly next: string | null;
}

export interface SuppressionCheck {
  /** As it was asked. */
  readonly address: string;
  readonly suppressed: boolean;
  /** The entry that says so: its own, by name or by digest, before its domain's. */
  readonly entry: Suppression | null;
}

/** What a policy would have done to the mail of a period. */
export interface DryRun {
  readonly events: number;
  /** Addresses it would have suppressed at the end of the period. */
  readonly suppressed: number;
  /** Of these, not on the list now. */
  readonly added: number;
  /** On the list now because of an event of the period, and not by this policy. */
  readonly missing: number;
  readonly byCause: Readonly<Record<string, number>>;
  readonly byReason: Readonly<Record<string, number>>;
  /** At most 20 each. */
  readonly examples: { readonly added: readonly string[]; readonly missing: readonly string[] };
}

export interface AddedOnDay {
  /** `2026-05-01` */
  readonly day: string;
  readonly count: number;
}

export interface Suppressions {
  /** For the send path: one indexed look-up for all. Answers in the order of the addresses. */
  check(addresses: readonly string[], stream?: string): Promise<readonly SuppressionCheck[]>;
  /** Entries that hold for this address or domain, in any stream. */
  find(value: string): Promise<readonly Suppression[]>;
  list(query: SuppressionQuery): Promise<SuppressionPage>;
  count(filter: SuppressionFilter): Promise<number>;
  /** Of the entries that are on the list, how many came on which day (UTC); days without are left out. */
  addedPerDay(filter: SuppressionFilter): Promise<readonly AddedOnDay[]>;
  iterate(filter: SuppressionFilter): AsyncGenerator<Suppression, void, undefined>;
  /** Adds, or changes what is there. Throws QueryError on a value that is no address and no domain. */
  add(
    entries: readonly NewSuppression[],
    author: Author,
    options?: { /** Leaves alone what is there already. */ readonly onlyNew?: boolean },
  ): Promise<readonly SuppressionChange[]>;
  /** Removes, and starts the count of soft failures again. What is not on the list is passed over. */
  remove(names: readonly SuppressionName[], author: Author): Promise<readonly SuppressionChange[]>;
  /** Starts the count of soft failures again. */
  clear(addresses: readonly string[], author: Author): Promise<readonly SuppressionChange[]>;
  /** Newest first; of one value, or of all. */
  history(query: HistoryQuery): Promise<readonly SuppressionChange[]>;
  /** Puts back what was before the change. Throws QueryError if there is no such change, or another one came after it. */
  undo(changeId: number, author: Author): Promise<SuppressionChange>;
  /** Removes what has expired; returns how many. */
  expire(): Promise<number>;
  /** What the present policy, or another, would have done in a period. Changes nothing. */
  dryRun(
    period: { readonly from?: string | undefined; readonly to?: string | undefined },
    policy?: unknown,
  ): Promise<DryRun>;
  /** Cursor of this moment: who reads the whole list after it, and then the changes after it, misses nothing. */
  cursor(): Promise<string>;
  /** Throws CursorGone where the list must be read again, QueryError on what is no cursor. `limit`: 500, at most 1,000. */
  changes(query: { readonly after: string; readonly limit?: number }): Promise<ChangePage>;
  /** Changes that are not yet on queue `suppression`, oldest first. */
  unpublished(limit?: number): Promise<readonly SuppressionChange[]>;
  markPublished(ids: readonly number[]): Promise<void>;
}
