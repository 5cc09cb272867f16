/** Reads the whole list once, then the changes after it; the whole again where the changes do not lead on. */
import type { Bans } from "../erasure/ban.ts";
import { CursorGone } from "../store/suppressions/changes.ts";
import type { Suppressions } from "../store/suppressions/suppression.ts";
import { createList, type ListInMemory } from "./listed.ts";

export interface CurrentList {
  /** Null until the list has been read. */
  list(): ListInMemory | null;
  /** Resolves when the list has been read for the first time. */
  readonly loaded: Promise<void>;
  /** How long ago the list was known to be current, in ms; Infinity before it has been read. */
  age(): number;
  stop(): Promise<void>;
}

export interface KeepCurrentOptions {
  readonly suppressions: Pick<Suppressions, "cursor" | "changes" | "iterate">;
  readonly bans: Bans;
  /** Between two looks for changes. */
  readonly everyMs?: number;
  readonly onError: (error: unknown) => void;
  readonly onLoaded?: (entries: number) => void;
}

const EVERY_MS = 500;

export function keepCurrent({
  suppressions,
  bans,
  everyMs = EVERY_MS,
  onError,
  onLoaded = () => undefined,
}: KeepCurrentOptions): CurrentList {
  let list: ListInMemory | null = null;
  /** Null: the whole list must be read. */
  let cursor: string | null = null;
  let currentAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const stopping = new AbortController();
  const loaded = Promise.withResolvers<void>();

  /** Beside the old one, which answers until the new one is whole. */
  async function load(): Promise<{ readonly list: ListInMemory; readonly cursor: string }> {
    const from = await suppressions.cursor();
    const fresh = createList(bans);
    for await (const entry of suppressions.iterate({})) {
      if (stopping.signal.aborted) break;
      fresh.put(entry);
    }
    onLoaded(fresh.size());
    return { list: fresh, cursor: from };
  }

  /** Applies what has changed since; false when nothing is left. */
  async function step(): Promise<boolean> {
    const startedAt = performance.now();
    if (list === null || cursor === null) {
      ({ list, cursor } = await load());
      currentAt = startedAt;
      loaded.resolve();
    }
    const { changes, next, more } = await suppressions.changes({ after: cursor, limit: 1000 });
    for (const change of changes) list.apply(change);
    cursor = next;
    if (!more) currentAt = startedAt;
    return more && !stopping.signal.aborted;
  }

  async function look(): Promise<void> {
    try {
      while (await step());
    } catch (error) {
      if (error instanceof CursorGone) cursor = null;
      else onError(error);
    }
    if (!stopping.signal.aborted) timer = setTimeout(() => void (looking = look()), everyMs);
  }

  let looking = look();
  return {
    list: () => list,
    loaded: loaded.promise,
    age: () => performance.now() - currentAt,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await looking;
    },
  };
}
