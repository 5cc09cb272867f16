/** Which rates are above their line now, and which holds that ended. They are remembered as facts. */
import type { Database } from "../db/database.ts";
import { writeFact } from "../db/facts.ts";
import { sendsIn } from "../tallies/sends.ts";
import { HOLD_DIMENSIONS, holdOf, holdSchema, type BreakerSettings, type Hold } from "../../tallies/holds.ts";

const PREFIX = "hold ";
const HOUR_MS = 3_600_000;
/** Values of a dimension that are looked at, those with the most sends. */
const MOST_VALUES = 500;

export interface HoldLook {
  readonly begun: readonly Hold[];
  /** Renewed. */
  readonly going: readonly Hold[];
  readonly cleared: readonly Hold[];
}

const factOf = ({ dimension, value }: Pick<Hold, "dimension" | "value">): string => `${PREFIX}${dimension} ${value}`;

/** All that were begun and not cleared. */
async function rememberedHolds({ read }: Pick<Database, "read">): Promise<readonly Hold[]> {
  const facts = await read.selectFrom("facts").select("value").where("name", "like", `${PREFIX}%`).execute();
  return facts.flatMap(({ value }) => holdSchema.safeParse(JSON.parse(value)).data ?? []);
}

/** Those in force. */
export async function currentHolds(database: Pick<Database, "read">, now: number): Promise<readonly Hold[]> {
  const all = await rememberedHolds(database);
  return all.filter(({ until }) => Date.parse(until) > now).toSorted((a, b) => (factOf(a) < factOf(b) ? -1 : 1));
}

export async function findHolds(database: Database, settings: BreakerSettings, now: number): Promise<HoldLook> {
  const before = new Map((await rememberedHolds(database)).map((hold) => [factOf(hold), hold]));
  const present = new Map<string, Hold>();
  const { windowHours, minSends } = settings;
  if (settings.enabled)
    for (const dimension of HOLD_DIMENSIONS) {
      const query = { from: now - windowHours * HOUR_MS, to: now, by: dimension, minSends, limit: MOST_VALUES };
      for (const row of await sendsIn(database, query)) {
        if (row.value === "") continue;
        const held = { dimension, value: row.value };
        const hold = holdOf(held, row, before.get(factOf(held)) ?? null, settings, now);
        if (hold) present.set(factOf(hold), hold);
      }
    }
  return {
    begun: [...present].filter(([name]) => !before.has(name)).map(([, hold]) => hold),
    going: [...present].filter(([name]) => before.has(name)).map(([, hold]) => hold),
    cleared: [...before].filter(([name]) => !present.has(name)).map(([, hold]) => hold),
  };
}

/** After they were reported. Safe to repeat. */
export async function saveHolds({ write }: Database, { begun, going, cleared }: HoldLook, now: number): Promise<void> {
  for (const hold of [...begun, ...going]) await writeFact(write, factOf(hold), JSON.stringify(hold), now);
  if (cleared.length > 0) await write.deleteFrom("facts").where("name", "in", cleared.map(factOf)).execute();
}
