/**
 * Their whole list beside ours. What only they have comes here, unless we took it off after they put it on: then it goes
 * there too. What only we have goes there. Nothing is ever taken off our list because they do not have it.
 */
import { normalAddress } from "../addresses/normal-address.ts";
import { isAddress } from "../addresses/is-address.ts";
import { chunks } from "../store/db/chunks.ts";
import type { NewSuppression, Suppressions } from "../store/suppressions/suppression.ts";
import type { SyncLedger, SyncWish } from "../store/sync/sync-item.ts";
import type { ListClient, TheirEntry } from "./list-client.ts";
import type { SyncSettings } from "./settings.ts";
import { addWish, isSent, removeWish } from "./wishes.ts";

export interface Difference {
  /** How many addresses they have. */
  readonly theirs: number;
  /** Of these, suppressed here too. */
  readonly same: number;
  /** Of these, no addresses as we understand them. */
  readonly unusable: number;
  readonly wishes: readonly SyncWish[];
  readonly imports: readonly NewSuppression[];
}

export interface CompareDeps {
  readonly suppressions: Pick<Suppressions, "iterate" | "check">;
  readonly ledger: Pick<SyncLedger, "removals">;
  readonly client: Pick<ListClient, "list">;
  readonly now: () => number;
}

const CHECKED = 500;

/** Throws where their list could not be read to its end. Changes nothing. */
export async function compareLists(
  settings: Pick<SyncSettings, "causes" | "stream" | "import">,
  { suppressions, ledger, client, now }: CompareDeps,
): Promise<Difference> {
  const theirs = new Map<string, TheirEntry>();
  let unusable = 0;
  for await (const entry of client.list()) {
    const value = normalAddress(entry.address);
    if (!isAddress(value)) unusable++;
    else theirs.set(value, worse(theirs.get(value), entry));
  }
  const wishes: SyncWish[] = [];
  const imports: NewSuppression[] = [];
  let same = 0;
  for await (const entry of suppressions.iterate({ stream: [settings.stream], scope: ["address"] }))
    if (isSent(entry, settings, now()) && !theirs.has(entry.value)) wishes.push(addWish(entry));
  for (const some of chunks([...theirs], CHECKED)) {
    const values = some.map(([value]) => value);
    const checks = await suppressions.check(values, settings.stream);
    const removals = await ledger.removals(values);
    for (const [at, [value, entry]] of some.entries()) {
      const removedAt = removals.get(value);
      if (checks[at]?.suppressed) same++;
      // They do not say when, or it was before: the removal here is the newer word.
      else if (removedAt !== undefined && (entry.at === null || entry.at <= removedAt)) wishes.push(removeWish(value));
      else if (settings.import) imports.push(newEntryOf(value, entry, settings.stream));
    }
  }
  return { theirs: theirs.size, same, unusable, wishes, imports };
}

const RANK = { complaint: 2, import: 1, manual: 0 } as const;

/** An address may be on several of their lists: the newest time counts, and a complaint before a bounce. */
function worse(known: TheirEntry | undefined, entry: TheirEntry): TheirEntry {
  if (!known) return entry;
  const kept = RANK[entry.cause] > RANK[known.cause] ? entry : known;
  const at = known.at === null || entry.at === null ? (known.at ?? entry.at) : Math.max(known.at, entry.at);
  return { ...kept, at };
}

const newEntryOf = (value: string, { cause, reason, list, at }: TheirEntry, stream: string): NewSuppression => ({
  value,
  scope: "address",
  stream,
  cause,
  reason: reason.slice(0, 500),
  note: `from ${list}`,
  ...(at === null ? {} : { createdAt: new Date(at).toISOString() }),
});
