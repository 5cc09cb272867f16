/** Changes of our list -> what a provider's should be. */
import { CursorGone } from "../store/suppressions/changes.ts";
import {
  CAUSES,
  type Cause,
  type Suppression,
  type SuppressionChange,
  type Suppressions,
} from "../store/suppressions/suppression.ts";
import type { SyncLedger, SyncTarget, SyncWish } from "../store/sync/sync-item.ts";
import { syncName, type SyncSettings } from "./settings.ts";

/** An erased address is a digest here: no provider understands it. */
const SENT: readonly Cause[] = CAUSES.filter((cause) => cause !== "erased");

export type WishSettings = Pick<SyncSettings, "name" | "provider" | "causes" | "stream" | "maxRemovals">;
type Entries = Pick<Suppressions, "changes" | "cursor" | "check" | "iterate">;

/** Who the history names for what came from a provider. */
export const actorOf = (settings: Pick<SyncSettings, "name" | "provider">): string => `sync:${syncName(settings)}`;

/** Whether an entry of ours goes there. */
export const isSent = (
  { scope, cause, stream, expiresAt }: Suppression,
  settings: Pick<SyncSettings, "causes" | "stream">,
  now: number,
): boolean =>
  scope === "address" &&
  stream === settings.stream &&
  (settings.causes ?? SENT).includes(cause) &&
  cause !== "erased" &&
  (expiresAt === null || Date.parse(expiresAt) > now);

export const addWish = ({ value, cause, reason }: Suppression): SyncWish => ({ value, wanted: "add", cause, reason });
export const removeWish = (value: string): SyncWish => ({ value, wanted: "remove", cause: "manual", reason: "" });

/** The last word on each address. An entry that came from there is not sent back. */
export function wishesOf(
  changes: readonly SuppressionChange[],
  settings: WishSettings,
  now: number,
): readonly SyncWish[] {
  const wishes = new Map<string, SyncWish>();
  for (const { scope, value, stream, actor, before, after } of changes) {
    if (scope !== "address" || stream !== settings.stream) continue;
    const isIn = after !== null && isSent(after, settings, now);
    const wasIn = before !== null && isSent(before, settings, 0);
    if (isIn && actor === actorOf(settings)) wishes.delete(value);
    else if (isIn) wishes.set(value, addWish(after));
    else if (wasIn) wishes.set(value, removeWish(value));
  }
  return [...wishes.values()];
}

/** Takes in what has changed since the target's cursor. Resolves to false when nothing is left. */
export async function followChanges(
  target: SyncTarget,
  settings: WishSettings,
  {
    suppressions,
    ledger,
    now,
  }: { readonly suppressions: Entries; readonly ledger: SyncLedger; readonly now: () => number },
): Promise<boolean> {
  try {
    const { changes, next, more } = await suppressions.changes({ after: target.cursor, limit: 1000 });
    if (changes.length > 0)
      await ledger.wish(target.name, wishesOf(changes, settings, now()), next, settings.maxRemovals);
    return more;
  } catch (error) {
    if (!(error instanceof CursorGone)) throw error;
    await startAgain(target, settings, { suppressions, ledger, now });
    return false;
  }
}

/** Changes are made known within seconds; clocks of several machines may differ. */
const OVERLAP_MS = 10 * 60_000;

/**
 * An address was erased, so changes since the cursor are not to be had one by one: entries that are new since then are
 * added, and what we wanted there and is not on our list any more is removed.
 */
async function startAgain(
  { name, followedAt }: SyncTarget,
  settings: WishSettings,
  {
    suppressions,
    ledger,
    now,
  }: { readonly suppressions: Entries; readonly ledger: SyncLedger; readonly now: () => number },
): Promise<void> {
  const cursor = await suppressions.cursor();
  const since = Date.parse(followedAt ?? "") - OVERLAP_MS;
  const wishes = new Map<string, SyncWish>();
  for await (const entry of suppressions.iterate({ stream: [settings.stream], scope: ["address"] }))
    if (Date.parse(entry.updatedAt) >= since && entry.actor !== actorOf(settings) && isSent(entry, settings, now()))
      wishes.set(entry.value, addWish(entry));
  for (let after = ""; ;) {
    const values = await ledger.wanted(name, after, 500);
    for (const { address, entry } of await suppressions.check(values, settings.stream))
      if (entry === null) wishes.set(address, removeWish(address));
    const last = values.at(-1);
    if (last === undefined) break;
    after = last;
  }
  await ledger.wish(name, [...wishes.values()], cursor, settings.maxRemovals);
}
