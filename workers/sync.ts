/** Changes of the suppression list -> the lists at sending providers, within seconds. Part of the role record. */
import type { Config } from "../src/config/config.ts";
import type { Logger } from "../src/telemetry/logger.ts";
import type { Store } from "../src/store/store.ts";
import type { SyncResult, Wish } from "../src/store/sync/sync-item.ts";
import { openList } from "../src/sync/providers/index.ts";
import { syncName, type SyncSettings } from "../src/sync/settings.ts";
import { stepTarget } from "../src/sync/sync-target.ts";
import { syncChanges, syncItems, syncTroubles } from "../src/telemetry/sync-metrics.ts";

const EVERY_MS = 3000;
const MEASURE_EVERY_MS = 15_000;

export interface RunningSync {
  stop(): Promise<void>;
}

export function startSync(config: Pick<Config, "file">, store: Store, logger: Logger): RunningSync {
  const running = config.file.sync.map((settings) => keepTarget(settings, store, logger));
  return { stop: async () => void (await Promise.all(running.map((target) => target.stop()))) };
}

function keepTarget(settings: SyncSettings, store: Store, logger: Logger): RunningSync {
  const target = syncName(settings);
  const log = logger.child({ sync: target });
  const client = openList(settings);
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let troubles = 0;
  let measuredAt = -Infinity;
  const onResults = (wanted: Wish, results: readonly SyncResult[]): void => {
    const refused = results.filter(({ error }) => error !== "").length;
    syncChanges.inc({ target, wanted, outcome: "done" }, results.length - refused);
    if (refused === 0) return;
    syncChanges.inc({ target, wanted, outcome: "refused" }, refused);
    log.warn({ refused }, "the provider refused addresses: bounced sync addresses names them");
  };
  const step = async (): Promise<void> => {
    const before = troubles;
    troubles = await stepTarget(settings, { store, client, onResults }, { signal: stopping.signal, troubles });
    if (troubles > before) {
      syncTroubles.inc({ target });
      const problem = (await store.sync.target(target))?.error;
      log.warn({ problem }, "the provider's list cannot be changed; it will be tried again");
    }
    if (performance.now() - measuredAt < MEASURE_EVERY_MS) return;
    measuredAt = performance.now();
    for (const [state, count] of Object.entries(await store.sync.counts(target)))
      syncItems.set({ target, state }, count);
  };
  const loop = async (): Promise<void> => {
    await step().catch((error: unknown) => log.error({ err: error }, "the sync failed; it will be tried again"));
    if (!stopping.signal.aborted) timer = setTimeout(() => void (working = loop()), EVERY_MS);
  };
  let working = loop();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await working;
    },
  };
}
