/** Every scenario. */
import { ABUSE } from "./abuse.ts";
import { CONTENT } from "./content.ts";
import { CRASHES } from "./crashes.ts";
import { FAILOVERS } from "./failover.ts";
import { IDENTITY } from "./identity.ts";
import { LOST_DATA } from "./lost-data.ts";
import { NAMED_POINTS } from "./named-points.ts";
import { POWER } from "./power.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import { TESTED } from "./references.ts";
import { RESOURCES } from "./resources.ts";
import type { Scenario } from "./scenario.ts";

/** What runs beside each other: much of the time of each is waiting. */
const LANES: readonly (readonly Scenario[])[] = [
  [...CRASHES, ...NAMED_POINTS],
  [...POWER, ...LOST_DATA, ...REDIS_FAULTS, ...FAILOVERS, ...RESOURCES],
  [...ABUSE, ...CONTENT, ...IDENTITY, ...TESTED],
];

/** The chosen ones of each lane, in their order; all of them where none is named. */
export const lanesOf = (ids: readonly string[]): readonly (readonly Scenario[])[] =>
  LANES.map((lane) => lane.filter(({ id }) => ids.length === 0 || ids.includes(id)));

export const IDS: readonly string[] = LANES.flat()
  .map(({ id }) => id)
  .toSorted();
