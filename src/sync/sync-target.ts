/** One provider's list: taking in our changes, sending them there, comparing all of it. One at a time works on it. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../machine/error-message.ts";
import { chunks } from "../store/db/chunks.ts";
import type { Store } from "../store/store.ts";
import { CursorGone } from "../store/suppressions/changes.ts";
import type { SyncCounts, SyncTarget } from "../store/sync/sync-item.ts";
import { compareLists, type Difference } from "./compare.ts";
import { AskedToWait, ProviderTrouble } from "../outputs/api/errors.ts";
import type { ListClient } from "./list-client.ts";
import { pauseAfter, pushDue, pushPatiently, type PushDeps } from "./push.ts";
import { syncName, type SyncSettings } from "./settings.ts";
import { actorOf, followChanges } from "./wishes.ts";

/** After a process was killed, another one goes on so much later. */
const LEASE_MS = 20_000;
const RENEW_MS = 5000;
const PATIENCE_MS = 60_000;
const IMPORTED_AT_ONCE = 500;

export interface SyncDeps {
  readonly store: Pick<Store, "suppressions" | "sync">;
  readonly client: ListClient;
  readonly now?: () => number;
  readonly onResults?: PushDeps["onResults"];
}

export interface BroughtIn {
  readonly imported: number;
  readonly difference: Difference;
}

export interface Synced extends BroughtIn {
  readonly pushed: number;
  readonly left: SyncCounts;
}

/** The state of a target, which begins now if it is new. */
export const targetOf = async (store: SyncDeps["store"], settings: SyncSettings): Promise<SyncTarget> =>
  (await store.sync.target(syncName(settings))) ??
  store.sync.begin(syncName(settings), await store.suppressions.cursor());

/** Runs the work while nobody else works on the target; null where somebody does. */
async function alone<Result>(
  { sync }: SyncDeps["store"],
  name: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | null> {
  const holder = randomUUID();
  if (!(await sync.hold(name, holder, LEASE_MS))) return null;
  const lost = new AbortController();
  const renewing = setInterval(() => {
    sync.hold(name, holder, LEASE_MS).then(
      (isOurs) => isOurs || lost.abort(),
      () => lost.abort(),
    );
  }, RENEW_MS);
  try {
    return await work(lost.signal);
  } finally {
    clearInterval(renewing);
    await sync.release(name, holder).catch(() => undefined);
  }
}

/** Takes in what changed and sends it. `troubles`: how many times in a row it could not; resolves to the new number. */
export async function stepTarget(
  settings: SyncSettings,
  deps: SyncDeps,
  { signal, troubles }: { readonly signal: AbortSignal; readonly troubles: number },
): Promise<number> {
  const { store, client, now = Date.now, onResults } = deps;
  const name = syncName(settings);
  const before = await targetOf(store, settings);
  if (await isIdle(before, settings, deps)) return troubles;
  const done = await alone(store, name, async (lost) => {
    while (!signal.aborted) {
      const target = await targetOf(store, settings);
      if (!(await followChanges(target, settings, { suppressions: store.suppressions, ledger: store.sync, now })))
        break;
    }
    if (before.pausedUntil !== null && Date.parse(before.pausedUntil) > now()) return troubles;
    try {
      if (isCompareDue(before, settings, now())) await bringIn(settings, deps);
      const both = AbortSignal.any([signal, lost]);
      const pushed = await pushDue({
        name,
        client,
        ledger: store.sync,
        now,
        signal: both,
        ...(onResults ? { onResults } : {}),
      });
      return pushed > 0 ? 0 : before.error === "" ? 0 : troubles;
    } catch (error) {
      await noteTrouble(deps, name, error, troubles);
      return error instanceof AskedToWait ? troubles : troubles + 1;
    }
  });
  return done ?? troubles;
}

/** Without a write: most of the time there is nothing to do. */
async function isIdle(target: SyncTarget, settings: SyncSettings, deps: SyncDeps): Promise<boolean> {
  const { store, now = Date.now } = deps;
  const { suppressions, sync } = store;
  const news = await suppressions
    .changes({ after: target.cursor, limit: 1 })
    .catch((error: unknown) => (error instanceof CursorGone ? null : Promise.reject(error)));
  if (news === null || news.changes.length > 0) return false;
  if (target.pausedUntil !== null && Date.parse(target.pausedUntil) > now()) return true;
  if (isCompareDue(target, settings, now())) return false;
  const due = await Promise.all([sync.due(target.name, "remove", 1), sync.due(target.name, "add", 1)]);
  return due.every((items) => items.length === 0);
}

/** Not before somebody has looked at the first comparison. */
const isCompareDue = ({ comparedAt }: SyncTarget, { compareHours }: SyncSettings, now: number): boolean =>
  comparedAt !== null && compareHours !== null && Date.parse(comparedAt) + compareHours * 3_600_000 <= now;

/** Throws what is no trouble of the provider's: then the log cannot be written. */
async function noteTrouble(
  { store, now = Date.now }: SyncDeps,
  name: string,
  error: unknown,
  troubles: number,
): Promise<void> {
  if (!(error instanceof AskedToWait) && !(error instanceof ProviderTrouble)) throw error;
  const ms = error instanceof AskedToWait ? error.ms : pauseAfter(troubles);
  await store.sync.note(name, { error: messageOf(error), pausedUntil: now() + ms });
}

/** Compares, imports, and wishes what is different there. The caller holds the target. */
async function bringIn(settings: SyncSettings, { store, client, now = Date.now }: SyncDeps): Promise<BroughtIn> {
  const name = syncName(settings);
  const difference = await compareLists(settings, { ...store, ledger: store.sync, client, now });
  let imported = 0;
  for (const some of chunks(difference.imports, IMPORTED_AT_ONCE))
    imported += (await store.suppressions.add(some, { actor: actorOf(settings) }, { onlyNew: true })).length;
  const { cursor } = await targetOf(store, settings);
  await store.sync.wish(name, difference.wishes, cursor, settings.maxRemovals);
  await store.sync.note(name, { comparedAt: now(), error: "", pausedUntil: 0 });
  return { imported, difference };
}

/** What `bounced sync --dry-run` shows. Changes nothing, here and there. */
export const previewTarget = (
  settings: SyncSettings,
  { store, client, now = Date.now }: SyncDeps,
): Promise<Difference> => compareLists(settings, { suppressions: store.suppressions, ledger: store.sync, client, now });

export interface SyncRun {
  readonly signal: AbortSignal;
  /** Removals beyond the limit, too. */
  readonly confirmRemovals: boolean;
  readonly onWait: (ms: number, why: string) => void;
}

/** A comparison and everything that follows from it, until it is done or Ctrl-C. Throws ProviderTrouble. */
export async function syncTarget(settings: SyncSettings, deps: SyncDeps, run: SyncRun): Promise<Synced> {
  const { store, client, now = Date.now, onResults } = deps;
  const name = syncName(settings);
  await targetOf(store, settings);
  const work = async (lost: AbortSignal): Promise<Synced> => {
    while (
      await followChanges(await targetOf(store, settings), settings, {
        suppressions: store.suppressions,
        ledger: store.sync,
        now,
      })
    );
    const done = await bringIn(settings, deps);
    if (run.confirmRemovals) await store.sync.confirm(name);
    const signal = AbortSignal.any([run.signal, lost]);
    const push = { name, client, ledger: store.sync, now, signal, ...(onResults ? { onResults } : {}) };
    const pushed = await pushPatiently(push, run.onWait);
    return { ...done, pushed, left: await store.sync.counts(name) };
  };
  for (const begun = performance.now(); ;) {
    const done = await alone(store, name, work);
    if (done !== null) return done;
    if (performance.now() - begun > PATIENCE_MS || run.signal.aborted)
      throw new ProviderTrouble(`another process works on ${name}: try again later`);
    await sleep(500);
  }
}
