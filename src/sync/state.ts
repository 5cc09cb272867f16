/** What there is to say of a target: the last run, the last problem, what waits. */
import type { SyncCounts, SyncLedger, SyncTarget } from "../store/sync/sync-item.ts";
import { syncName, type SyncSettings } from "./settings.ts";

export interface SyncState
  extends SyncCounts, Pick<SyncTarget, "comparedAt" | "pushedAt" | "error" | "errorAt" | "pausedUntil"> {
  readonly name: string;
  readonly provider: SyncSettings["provider"];
}

export async function syncStateOf(ledger: SyncLedger, settings: SyncSettings): Promise<SyncState> {
  const name = syncName(settings);
  const [target, counts] = await Promise.all([ledger.target(name), ledger.counts(name)]);
  const { comparedAt = null, pushedAt = null, error = "", errorAt = null, pausedUntil = null } = target ?? {};
  return { name, provider: settings.provider, ...counts, comparedAt, pushedAt, error, errorAt, pausedUntil };
}
