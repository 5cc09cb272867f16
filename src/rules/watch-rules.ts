/** Rules that follow their files: edited while the service runs, taken up without a restart. */
import { statSync, unwatchFile, watch, watchFile, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import { messageOf } from "../machine/error-message.ts";
import type { RuleSet } from "../core/index.ts";
import { loadRules, type RulePlaces } from "./load-rules.ts";
import { savedRulesFile } from "./saved-rules.ts";

/** Saved rules may be a file that does not exist yet, on a disk whose changes are not told: they are looked at. */
const LOOK_EVERY_MS = 1000;

export interface WatchedRules {
  /** The last set that was good. */
  readonly current: () => RuleSet;
  /** Reads the files again now. False: they are bad, the old set stays. */
  readonly reload: () => boolean;
  readonly close: () => void;
}

export interface WatchRulesOptions {
  readonly places: RulePlaces;
  readonly onLoad?: (rules: RuleSet) => void;
  /** The files cannot be used; the old set stays in force. */
  readonly onBad?: (message: string) => void;
  /** Editors write a file in several steps: read when it has been quiet for so long. */
  readonly quietMs?: number;
}

/** Throws RuleError when the rules are bad at the start. */
export function watchRules({ places, onLoad, onBad, quietMs = 300 }: WatchRulesOptions): WatchedRules {
  const { BOUNCED_RULES: path, dataDir } = places;
  const saved = dataDir === undefined ? null : savedRulesFile(dataDir);
  let stamp = stampOf(saved);
  let rules = loadRules(places);
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const reload = (): boolean => {
    stamp = stampOf(saved);
    try {
      rules = loadRules(places);
      onLoad?.(rules);
      return true;
    } catch (cause) {
      onBad?.(messageOf(cause));
      return false;
    }
  };
  if (path !== undefined) {
    // An editor puts a new file in the old one's place: who watches the file itself keeps looking at the old one.
    const isFolder = statSync(path).isDirectory();
    watcher = watch(isFolder ? path : dirname(path), { recursive: isFolder, persistent: false }, (_event, name) => {
      if (!isFolder && name !== basename(path)) return;
      clearTimeout(timer);
      timer = setTimeout(reload, quietMs);
      timer.unref();
    });
    watcher.on("error", (cause) => onBad?.(messageOf(cause)));
  }
  // What this process saved and took up itself is no news.
  const lookAgain = (): void => {
    if (stampOf(saved) !== stamp) reload();
  };
  if (saved !== null) watchFile(saved, { interval: LOOK_EVERY_MS, persistent: false }, lookAgain);
  return {
    current: () => rules,
    reload,
    close() {
      clearTimeout(timer);
      watcher?.close();
      if (saved !== null) unwatchFile(saved, lookAgain);
    },
  };
}

function stampOf(path: string | null): string {
  const stat = path === null ? undefined : statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}/${stat.size}/${stat.ino}` : "none";
}
