/** How far each source has been read, so that work that was broken off goes on where it stopped. One small JSON file. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface ProgressFile<Place> {
  get(source: string): Place | null;
  /** On disk, in place of what was there, when it returns. */
  set(source: string, place: Place): void;
}

/** What is damaged is as if it were not there: reading a message twice does no harm. */
export function openProgressFile<Place>(
  path: string,
  isPlace: (value: unknown) => value is Place,
): ProgressFile<Place> {
  const read = (): Record<string, unknown> => {
    try {
      const document: unknown = JSON.parse(readFileSync(path, "utf8"));
      return typeof document === "object" && document !== null ? { ...document } : {};
    } catch {
      return {};
    }
  };
  return {
    get(source) {
      const places = new Map(Object.entries(read()));
      const place = places.get(source);
      return isPlace(place) ? place : null;
    },
    set(source, place) {
      const places = new Map(Object.entries(read())).set(source, place);
      mkdirSync(dirname(path), { recursive: true });
      const fresh = `${path}.${process.pid}`;
      writeFileSync(fresh, `${JSON.stringify(Object.fromEntries(places), null, 1)}\n`, { mode: 0o600 });
      renameSync(fresh, path);
    },
  };
}
