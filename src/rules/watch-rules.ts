/** Rules that follow their files: edited while the service runs, taken up without a restart. */
import { statSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import { messageOf } from "../error-message.ts";
import type { RuleSet } from "../core/classify/rule-set.ts";
import { loadRules } from "./load-rules.ts";

export interface WatchedRules {
  /** The last set that was good. */
  readonly current: () => RuleSet;
  /** Reads the files again now. False: they are bad, the old set stays. */
  readonly reload: () => boolean;
  readonly close: () => void;
}

export interface WatchRulesOptions {
  /** BOUNCED_RULES; undefined: built-in rules only, nothing to watch. */
  readonly path: string | undefined;
  readonly onLoad?: (rules: RuleSet) => void;
  /** The files cannot be used; the old set stays in force. */
  readonly onBad?: (message: string) => void;
  /** Editors write a file in several steps: read when it has been quiet for so long. */
  readonly quietMs?: number;
}

/** Throws RuleError when the rules are bad at the start. */
export function watchRules({ path, onLoad, onBad, quietMs = 300 }: WatchRulesOptions): WatchedRules {
  let rules = loadRules(path);
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const reload = (): boolean => {
    try {
      rules = loadRules(path);
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
  return {
    current: () => rules,
    reload,
    close() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}
