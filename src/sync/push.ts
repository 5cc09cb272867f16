/** What is due -> the provider, in batches; what it does not take is kept with its words and tried again later, or not. */
import { setTimeout as sleep } from "node:timers/promises";
import type { SyncItem, SyncLedger, SyncResult, Wish } from "../store/sync/sync-item.ts";
import { AskedToWait, ProviderTrouble, RefusedRequest } from "../outputs/api/errors.ts";
import type { ListClient, RefusedAddresses } from "./list-client.ts";

export interface PushDeps {
  readonly name: string;
  readonly client: ListClient;
  readonly ledger: SyncLedger;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onResults?: (wanted: Wish, results: readonly SyncResult[]) => void;
}

const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** How long to leave a provider alone after so many troubles in a row. */
export const pauseAfter = (troubles: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** Math.min(troubles, 16), LONGEST_PAUSE_MS);

/**
 * Until nothing is due. Throws AskedToWait and ProviderTrouble, with everything that was done before noted; an item in
 * hand then stays due, and is done again.
 */
export async function pushDue(deps: PushDeps): Promise<number> {
  let pushed = 0;
  // What people took off the list first: they wait for mail.
  for (const wanted of ["remove", "add"] as const) {
    const size = wanted === "add" ? deps.client.addBatch : deps.client.removeBatch;
    for (;;) {
      if (deps.signal.aborted) return pushed;
      const items = await deps.ledger.due(deps.name, wanted, size);
      if (items.length === 0) break;
      const results = await attempt(deps.client, wanted, items).catch(async (error: unknown) => {
        // One of them may be the reason: the others go before it the next time.
        if (error instanceof ProviderTrouble)
          await deps.ledger.settle(
            deps.name,
            items.map((item) => ({ item, error: error.message, isRefused: false })),
          );
        throw error;
      });
      await deps.ledger.settle(deps.name, results);
      await deps.ledger.note(deps.name, { pushedAt: deps.now(), error: "", pausedUntil: 0 });
      deps.onResults?.(wanted, results);
      pushed += results.filter(({ error }) => error === "").length;
    }
  }
  return pushed;
}

async function attempt(client: ListClient, wanted: Wish, items: readonly SyncItem[]): Promise<readonly SyncResult[]> {
  let refusals: RefusedAddresses;
  try {
    refusals = await client[wanted](items);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    const [first, ...more] = items;
    if (first && more.length === 0) return [{ item: first, error: error.message, isRefused: true }];
    // One address of the batch is the reason: halves find it in few requests.
    const half = Math.ceil(items.length / 2);
    return [
      ...(await attempt(client, wanted, items.slice(0, half))),
      ...(await attempt(client, wanted, items.slice(half))),
    ];
  }
  return items.map((item) => ({ item, error: refusals.get(item.value) ?? "", isRefused: refusals.has(item.value) }));
}

/** For a person who waits: as long as the provider asks to, until nothing is due. */
export async function pushPatiently(deps: PushDeps, onWait: (ms: number, why: string) => void): Promise<number> {
  let pushed = 0;
  const counting = {
    ...deps,
    onResults: (wanted: Wish, results: readonly SyncResult[]): void => {
      pushed += results.filter(({ error }) => error === "").length;
      deps.onResults?.(wanted, results);
    },
  };
  while (!deps.signal.aborted)
    try {
      await pushDue(counting);
      break;
    } catch (error) {
      if (!(error instanceof AskedToWait)) throw error;
      onWait(error.ms, error.message);
      await sleep(error.ms, undefined, { signal: deps.signal }).catch(() => undefined);
    }
  return pushed;
}
