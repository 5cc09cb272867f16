/** Where a log is begun: at the stored place, or where it is wanted the first time. */
import { open, stat } from "node:fs/promises";
import { headOf, oldLogs } from "./log-file.ts";
import type { PlaceFile, SavedPlace } from "./place-file.ts";
import type { Beginning } from "./settings.ts";
import { readOldLogs, tailLog, type LogChunk, type LogPlace, type TailOptions } from "./tail.ts";

export interface Begun {
  readonly chunks: AsyncIterable<LogChunk>;
  /** State of the reader at that place. */
  readonly reader: unknown;
  /** Octets to read until the end of the log as it is now; of compressed files as they lie there. */
  readonly backlog: number;
  readonly isDamaged: boolean;
  /** The last batch of counts. */
  readonly tally?: SavedPlace["tally"];
}

export const DAMAGED_PLACE =
  "the stored position is damaged; the log is read again: no failure counts twice, and deliveries are counted from now on";

/** For createLogTally. */
export const uncountedBefore = ({ isDamaged }: Pick<Begun, "isDamaged">): number => (isDamaged ? Date.now() : 0);

type Options = Omit<TailOptions, "place"> & { readonly places: Pick<PlaceFile, "read">; readonly from: Beginning };

export async function beginLog({ places, from, ...options }: Options): Promise<Begun> {
  const saved = places.read();
  const { path } = options;
  const size = (await stat(path).catch(() => null))?.size ?? 0;
  if (saved === "damaged" || saved === null) {
    const isDamaged = saved === "damaged";
    const first = isDamaged && from === "end" ? "start" : from;
    const old = first === "oldest" ? await sizesOf(path) : 0;
    const chunks =
      first === "oldest" ? fromOldest(options) : tailLog({ ...options, place: await placeAt(path, first) });
    return { chunks, reader: null, backlog: first === "end" ? 0 : size + old, isDamaged };
  }
  const { place, reader, tally } = saved;
  return {
    chunks: tailLog({ ...options, place }),
    reader,
    backlog: Math.max(0, size - place.offset),
    isDamaged: false,
    tally,
  };
}

async function* fromOldest(options: Omit<TailOptions, "place">): AsyncGenerator<LogChunk> {
  yield* readOldLogs(options.path, options.now);
  yield* tailLog({ ...options, place: null });
}

const sizesOf = async (path: string): Promise<number> => {
  const sizes = await Promise.all((await oldLogs(path)).map(async (old) => (await stat(old.path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

async function placeAt(path: string, from: Beginning): Promise<LogPlace | null> {
  const file = from === "end" ? await open(path).catch(() => null) : null;
  if (!file) return null;
  try {
    const head = await headOf(file);
    return head && { head, offset: (await file.stat()).size };
  } finally {
    await file.close();
  }
}
