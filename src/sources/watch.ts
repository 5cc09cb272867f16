import { stat, watch } from "node:fs/promises";
import { join } from "node:path";

/** Where new mail appears: `new` of a Maildir, else the folder or file itself. */
const watchedOf = async (path: string): Promise<string> =>
  (await stat(join(path, "new")).catch(() => null))?.isDirectory() ? join(path, "new") : path;

export interface Watcher {
  /** Resolves after a change, after `maxMs` without one, and when it is closed. */
  next(maxMs: number): Promise<void>;
  close(): void;
  isClosed(): boolean;
}

/** Changes of these files and folders. What happens between two calls of `next` is not lost. */
export async function watchPaths(paths: readonly string[]): Promise<Watcher> {
  const closing = new AbortController();
  let isChanged = false;
  let wake = (): void => undefined;
  const changed = (): void => {
    isChanged = true;
    wake();
  };
  const follow = async (path: string): Promise<void> => {
    try {
      for await (const _ of watch(path, { signal: closing.signal })) changed();
    } catch {
      // Closed, or a file system without notices: then `maxMs` alone tells when to look.
    }
  };
  for (const path of paths) void follow(await watchedOf(path));
  return {
    async next(maxMs) {
      if (!isChanged && !closing.signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, maxMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      isChanged = false;
    },
    isClosed: () => closing.signal.aborted,
    close() {
      closing.abort();
      changed();
    },
  };
}
