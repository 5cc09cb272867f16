/**
 * Reclassifying the log in the background, one run at a time: a look at what would change, then the change itself.
 * Runs are kept in memory. One that ends with the process leaves whole verdicts behind, and is simply started again.
 */
import { randomBytes } from "node:crypto";
import { messageOf } from "../machine/error-message.ts";
import type { MessageInput, ReadSettings, RuleSet } from "../core/index.ts";
import type { BouncedEvent } from "../event/event.ts";
import type { Reread } from "../store/reclassify/reclassify.ts";
import { reclassifyLog, type Reclassification } from "../store/reclassify-log.ts";
import { inputOf, rereadWith } from "../store/reclassify/reread.ts";
import type { Store } from "../store/store.ts";
import { Problem } from "./problems.ts";
import { filterOf, type FilterQuery } from "./query.ts";

const REMEMBERED = 20;

export type RunState = "running" | "done" | "stopped" | "failed";

export interface ReclassifyRun extends Reclassification {
  readonly id: string;
  /** `look` writes nothing. */
  readonly mode: "look" | "apply";
  readonly filter: FilterQuery;
  readonly actor: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly state: RunState;
  /** Events to read; null until they are counted. */
  readonly total: number | null;
  /** The rules have changed since: what it found may not hold any more. */
  readonly outdated: boolean;
  /** What went wrong, where it failed. */
  readonly problem: string | null;
}

export interface Reclassifier {
  /** Starts a look at what would change. Throws Problem while another run goes on. */
  look(filter: FilterQuery, actor: string): ReclassifyRun;
  /** Changes what a finished look has shown: its events, under the rules it used. Throws Problem where those changed. */
  apply(id: string, actor: string): ReclassifyRun;
  /** What is written stays. */
  stop(id: string): ReclassifyRun;
  /** Throws Problem where there is none. */
  get(id: string): ReclassifyRun;
  /** Newest first. */
  list(): readonly ReclassifyRun[];
  /** Resolves when the run in hand has stopped. */
  close(): Promise<void>;
}

interface Entry {
  readonly id: string;
  readonly mode: "look" | "apply";
  readonly filter: FilterQuery;
  readonly actor: string;
  readonly startedAt: string;
  readonly rules: RuleSet;
  soFar: () => Reclassification;
  total: number | null;
  state: RunState;
  finishedAt: string | null;
  problem: string | null;
  stopping: boolean;
  done: Promise<void>;
}

interface Deps {
  readonly store: Store;
  readonly reading: () => ReadSettings;
  readonly readInput: (input: MessageInput) => Promise<readonly BouncedEvent[]>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onFailure?: (error: unknown) => void;
}

export function createReclassifier({ store, reading, readInput, now, onFailure }: Deps): Reclassifier {
  const entries = new Map<string, Entry>();

  const start = (mode: "look" | "apply", filter: FilterQuery, actor: string): ReclassifyRun => {
    const busy = [...entries.values()].find(({ state }) => state === "running");
    if (busy) throw new Problem("conflict", `Run ${busy.id} of ${busy.actor} goes on: wait for it, or stop it.`);
    const startedAt = new Date(now()).toISOString();
    // What comes in while it runs is read with the rules of today anyway, and was in no look.
    const bounded = { ...filter, to: filter.to ?? startedAt };
    const settings = reading();
    const fromFields = rereadWith(settings);
    // Messages are read in a thread: a bad one costs that, not the API.
    const reread: Reread = async (event, raw) =>
      raw === null
        ? fromFields(event, null)
        : ((await readInput(inputOf(event, raw))).find(({ id }) => id === event.id) ?? null);
    const entry: Entry = {
      id: randomBytes(8).toString("hex"),
      mode,
      filter: bounded,
      actor,
      startedAt,
      rules: settings.rules,
      soFar: () => EMPTY,
      total: null,
      state: "running",
      finishedAt: null,
      problem: null,
      stopping: false,
      done: Promise.resolve(),
    };
    const isStopped = (): boolean => entry.stopping || reading().rules !== entry.rules;
    const run = async (): Promise<void> => {
      try {
        // Trust: all, every verdict is read again.
        entry.total = await store.count(filterOf(bounded));
        const work = reclassifyLog({
          store,
          filter: filterOf(bounded),
          reread,
          actor: mode === "apply" ? actor : null,
          isStopped,
        });
        entry.soFar = work.soFar;
        await work.done;
        entry.state = isStopped() ? "stopped" : "done";
      } catch (error) {
        entry.state = "failed";
        entry.problem = messageOf(error);
        onFailure?.(error);
      }
      entry.finishedAt = new Date(now()).toISOString();
    };
    entries.set(entry.id, entry);
    for (const id of entries.keys()) if (entries.size > REMEMBERED) entries.delete(id);
    entry.done = run();
    return shown(entry);
  };

  const shown = ({ soFar, rules, stopping: _stopping, done: _done, ...entry }: Entry): ReclassifyRun => ({
    ...entry,
    ...soFar(),
    outdated: rules !== reading().rules,
  });
  const find = (id: string): Entry => {
    const entry = entries.get(id);
    if (!entry) throw new Problem("notFound", "There is no such run, or not any more: the service was started again.");
    return entry;
  };

  return {
    look: (filter, actor) => start("look", filter, actor),
    apply(id, actor) {
      const entry = find(id);
      if (entry.mode !== "look" || entry.state !== "done")
        throw new Problem("conflict", "Only a look that came to its end can be applied.");
      if (entry.rules !== reading().rules)
        throw new Problem("conflict", "The rules have changed since this look: look again.");
      return start("apply", entry.filter, actor);
    },
    stop(id) {
      const entry = find(id);
      entry.stopping = true;
      return shown(entry);
    },
    get: (id) => shown(find(id)),
    list: () => [...entries.values()].map(shown).toReversed(),
    async close() {
      for (const entry of entries.values()) entry.stopping = true;
      await Promise.all([...entries.values()].map(({ done }) => done));
    },
  };
}

const EMPTY: Reclassification = { events: 0, changed: 0, unreadable: 0, applied: 0, listChanges: 0, moves: [] };
