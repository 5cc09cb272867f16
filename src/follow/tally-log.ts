/**
 * What the lines of a log say of deliveries, failures and delays, as counts that reach the service once. Counts are put
 * into numbered batches: each is stored with the place in the log behind its lines, in one file, and handed over then.
 * Whatever is killed, the last batch is handed over again with its number, and a number that is known is not counted.
 */
import { randomUUID } from "node:crypto";
import type { ReportedRefusalInput } from "../core/index.ts";
import type { NumberedTallies } from "../tallies/redis-tallies.ts";
import { tallyOf } from "../tallies/tally-of.ts";
import type { SavedPlace } from "./place-file.ts";

/** Distinct tallies of one batch: then the place is stored, however little time passed. */
const MOST_APART = 5000;

export interface LogTally {
  add(refusal: ReportedRefusalInput, now: number): void;
  readonly isFull: boolean;
  /** What was counted since the last batch becomes the next one. */
  close(): NonNullable<SavedPlace["tally"]>;
  /** The last one that was closed; null where nothing is in it, or it was handed over. */
  batch(): NumberedTallies | null;
  handedOver(): void;
}

export interface LogTallyOptions {
  /** As it was stored: what is in it is handed over again. */
  readonly saved: SavedPlace["tally"];
  /** Before the `+` of signed return paths. */
  readonly pathPrefix: string;
  /**
   * Deliveries before it are not counted, ms: where the stored place was lost, nobody knows whether they were.
   * @defaultValue 0
   */
  readonly since?: number | undefined;
}

export function createLogTally({ saved, pathPrefix, since = 0 }: LogTallyOptions): LogTally {
  const source = saved?.source ?? randomUUID();
  let number = saved?.number ?? 0;
  let closed = new Map(saved?.counts);
  let open = new Map<string, number>();
  return {
    add(refusal, now) {
      if (since > 0 && Date.parse(refusal.at ?? "") < since) return;
      const tally = tallyOf(refusal, pathPrefix, now);
      if (tally !== null) open.set(tally, (open.get(tally) ?? 0) + 1);
    },
    get isFull() {
      return open.size >= MOST_APART;
    },
    close() {
      if (open.size > 0) {
        number++;
        closed = open;
        open = new Map();
      }
      return { source, number, counts: [...closed] };
    },
    batch: () => (closed.size === 0 ? null : { source, number, counts: closed }),
    handedOver: () => void (closed = new Map()),
  };
}
