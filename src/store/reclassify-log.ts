/** A part of the log under the rules of today, counted as it goes: what the command line and the pages show. */
import type { BouncedEvent } from "../event/event.ts";
import type { LogFilter } from "./log/log-query.ts";
import { differs, type Reread, type VerdictChange } from "./reclassify/reclassify.ts";
import type { Store } from "./store.ts";

const BATCH = 200;
const EXAMPLES = 5;
const EXAMPLE_CHARS = 300;
/** Kinds of move that are told apart; there are hardly a dozen. */
const MAX_MOVES = 500;

export interface Move {
  /** `hard mailbox_unknown`, in front of it the kind where it is no bounce. */
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly examples: readonly {
    readonly id: string;
    readonly recipient: string | null;
    readonly diagnostic: string | null;
  }[];
}

export interface Reclassification {
  readonly events: number;
  readonly changed: number;
  /** Neither the message nor a diagnostic is kept. */
  readonly unreadable: number;
  readonly applied: number;
  /** Of the suppression list. */
  readonly listChanges: number;
  /** Most frequent first. */
  readonly moves: readonly Move[];
}

export interface ReclassifyOptions {
  readonly store: Pick<Store, "reread" | "replaceVerdicts">;
  readonly filter: LogFilter;
  readonly reread: Reread;
  /** Who replaces the verdicts; null: only look. */
  readonly actor: string | null;
  /** Asked before each event; what is done stays done. */
  readonly isStopped?: () => boolean;
}

/** Yields its running count, and then the whole. Memory does not grow with the log. */
export function reclassifyLog(options: ReclassifyOptions): {
  readonly soFar: () => Reclassification;
  readonly done: Promise<Reclassification>;
} {
  const { store, filter, reread, actor, isStopped = () => false } = options;
  const total = { events: 0, changed: 0, unreadable: 0, applied: 0, listChanges: 0 };
  const moves = new Map<string, { from: string; to: string; count: number; examples: Move["examples"][number][] }>();
  let batch: VerdictChange[] = [];
  const soFar = (): Reclassification => ({
    ...total,
    moves: [...moves.values()]
      .map((move) => ({ ...move, examples: [...move.examples] }))
      .sort((a, b) => b.count - a.count),
  });
  const write = async (): Promise<void> => {
    if (actor === null || batch.length === 0) return;
    const { events, changes } = await store.replaceVerdicts(batch, actor);
    total.applied += events;
    total.listChanges += changes;
    batch = [];
  };
  const note = ({ before, after }: VerdictChange): void => {
    const [from, to] = [describe(before), describe(after)];
    const move = moves.get(`${from} > ${to}`) ?? { from, to, count: 0, examples: [] };
    if (moves.size < MAX_MOVES) moves.set(`${from} > ${to}`, move);
    move.count += 1;
    if (move.examples.length >= EXAMPLES) return;
    const { id, recipient, diagnostic } = before;
    move.examples.push({
      id,
      recipient: recipient.address ?? recipient.original,
      diagnostic: diagnostic?.text.slice(0, EXAMPLE_CHARS) ?? null,
    });
  };
  const run = async (): Promise<Reclassification> => {
    for await (const { event: before, after } of store.reread(filter, reread)) {
      if (isStopped()) break;
      total.events += 1;
      if (after === null) total.unreadable += 1;
      if (after === null || !differs(before, after)) continue;
      total.changed += 1;
      note({ before, after });
      if (actor !== null) batch.push({ before, after });
      if (batch.length >= BATCH) await write();
    }
    await write();
    return soFar();
  };
  return { soFar, done: run() };
}

const describe = ({ kind, severity, reason }: BouncedEvent): string =>
  `${kind === "bounce" ? "" : `${kind} `}${severity} ${reason}`;
