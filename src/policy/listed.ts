/** The suppression list in memory, small enough for a million entries: what a look-up in a mail server's dialogue reads. */
import type { Bans } from "../erasure/ban.ts";
import { normalAddress } from "../addresses/normal-address.ts";
import type { Cause, Scope, Suppression, SuppressionChange } from "../store/suppressions/suppression.ts";

/** What an answer needs of an entry. */
export interface ListedEntry {
  readonly scope: Scope;
  readonly stream: string;
  readonly cause: Cause;
  readonly reason: string;
  readonly eventId: string | null;
  /** Ms since 1970, as is the next. */
  readonly createdAt: number;
  /** 0: never. */
  readonly expiresAt: number;
}

export interface Asked {
  /** An address; or a domain, of which only an entry of its own counts. */
  readonly recipient: string;
  readonly stream?: string;
  /** Causes that do not count, e.g. complaints for mail that people need. */
  readonly overrides?: ReadonlySet<Cause>;
}

export interface ListInMemory {
  readonly size: () => number;
  put(entry: Suppression): void;
  apply(change: Pick<SuppressionChange, "scope" | "value" | "stream" | "after">): void;
  /** The entry that says so: its own before that of a digest before its domain's. */
  find(asked: Asked, now: number): ListedEntry | null;
}

export function createList(bans: Bans): ListInMemory {
  /** Most values have one entry: an array for each would double the memory. */
  const entries = new Map<string, ListedEntry | readonly ListedEntry[]>();
  const words = new Map<string, string>();
  let hashes = 0;
  /** One copy of each word, however many entries have it. */
  const shared = (word: string): string => {
    const known = words.get(word);
    if (known !== undefined) return known;
    if (words.size < 10_000) words.set(word, word);
    return word;
  };
  const of = (value: string): readonly ListedEntry[] => {
    const found = entries.get(value);
    return found === undefined ? [] : "scope" in found ? [found] : found;
  };
  const set = (value: string, some: readonly ListedEntry[]): void => {
    const [first, ...others] = some;
    if (first === undefined) entries.delete(value);
    else entries.set(value, others.length === 0 ? first : some);
  };
  const drop = ({ scope, value, stream }: Pick<Suppression, "scope" | "value" | "stream">): readonly ListedEntry[] => {
    const present = of(value);
    const left = present.filter((one) => one.scope !== scope || one.stream !== stream);
    if (scope === "hash") hashes -= present.length - left.length;
    return left;
  };
  const put = ({ scope, value, stream, cause, reason, eventId, createdAt, expiresAt }: Suppression): void => {
    const entry: ListedEntry = {
      scope,
      stream: shared(stream),
      cause,
      reason: shared(reason.slice(0, 200)),
      eventId,
      createdAt: Date.parse(createdAt),
      expiresAt: expiresAt === null ? 0 : Date.parse(expiresAt),
    };
    if (!entries.has(value)) entries.set(value, entry);
    else set(value, [...drop({ scope, value, stream }), entry]);
    if (scope === "hash") hashes++;
  };
  return {
    size: () => entries.size,
    put,
    apply(change) {
      if (change.after) put(change.after);
      else set(change.value, drop(change));
    },
    find({ recipient, stream = "", overrides }, now) {
      const value = normalAddress(recipient);
      const counts = (scope: Scope) => (one: ListedEntry) =>
        one.scope === scope &&
        (one.stream === "" || one.stream === stream) &&
        (one.expiresAt === 0 || one.expiresAt > now) &&
        !overrides?.has(one.cause);
      const at = value.lastIndexOf("@");
      const own = at < 0 ? undefined : of(value).find(counts("address"));
      if (own) return own;
      // A digest costs more than a look-up: only where there is a ban.
      if (at >= 0 && hashes > 0)
        for (const name of bans.namesOf(value)) {
          const banned = of(name).find(counts("hash"));
          if (banned) return banned;
        }
      return of(value.slice(at + 1)).find(counts("domain")) ?? null;
    },
  };
}
