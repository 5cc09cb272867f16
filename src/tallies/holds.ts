/** Whether a rate says: stop sending there, and look. Pure; nothing is held by it, a sender has to ask. */
import { z } from "zod";
import { atLeast, RATE_MEASURES, rateOf, type RateMeasure, type SendCounts } from "./rates.ts";

export const HOLD_DIMENSIONS = ["provider", "domain", "tag"] as const;
export type HoldDimension = (typeof HOLD_DIMENSIONS)[number];

const line = (rate: number | null) => z.number().gt(0).lt(1).nullable().default(rate);

/** The `breaker` section of bounced.yaml. */
export const breakerSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    /** Sends and failures of these hours are compared. */
    windowHours: z.number().int().min(1).max(720).default(24),
    /** Fewer sends in them say nothing. */
    minSends: z.number().int().min(50).default(500),
    /** Rates, 0 to 1; null: that one is not watched. */
    lines: z
      .strictObject({
        bounce: line(null),
        hard: line(0.05),
        block: line(0.1),
        deferral: line(null),
        complaint: line(0.003),
      } satisfies Record<RateMeasure, z.ZodType>)
      .prefault({}),
  })
  .prefault({});
export type BreakerSettings = z.infer<typeof breakerSchema>;

export const holdSchema = z.object({
  dimension: z.enum(HOLD_DIMENSIONS),
  /** Lower case. */
  value: z.string(),
  measure: z.enum(RATE_MEASURES),
  /** 0 to 1. */
  rate: z.number(),
  line: z.number(),
  /** `count` of `of` is the rate. */
  count: z.number().int(),
  of: z.number().int(),
  windowHours: z.number().int(),
  since: z.iso.datetime(),
  /** Renewed while the rate stays above. */
  until: z.iso.datetime(),
  why: z.string(),
});
export type Hold = z.infer<typeof holdSchema>;

/** A hold ends below this part of the line: a rate that stays at the line does not begin and end one again and again. */
const CLEAR_SHARE = 0.8;
/** It is renewed every minute; a service that is down lets it expire. */
const HOLD_MS = 3_600_000;

export interface Held {
  readonly dimension: HoldDimension;
  readonly value: string;
}

/**
 * Null where there is none. One begins when a rate is above its line beyond chance; one that is there goes on until the
 * rate is well below, or too little is sent to know.
 */
export function holdOf(
  { dimension, value }: Held,
  counts: SendCounts,
  before: Hold | null,
  { lines, windowHours }: BreakerSettings,
  now: number,
): Hold | null {
  const worst = RATE_MEASURES.flatMap((measure) => {
    const limit = lines[measure];
    if (limit === null) return [];
    const { part, whole } = rateOf(counts, measure);
    const rate = whole === 0 ? 0 : part / whole;
    const isOver = atLeast({ part, whole }) > limit || (before?.measure === measure && rate > limit * CLEAR_SHARE);
    return isOver ? [{ measure, rate, line: limit, count: part, of: whole }] : [];
  }).toSorted((a, b) => b.rate / b.line - a.rate / a.line)[0];
  if (!worst) return null;
  const hold = {
    dimension,
    value,
    ...worst,
    rate: Math.round(1e6 * worst.rate) / 1e6,
    windowHours,
    since: before?.since ?? new Date(now).toISOString(),
    until: new Date(now + HOLD_MS).toISOString(),
  };
  return { ...hold, why: whyOf(hold) };
}

const MEASURES: Readonly<Record<RateMeasure, string>> = {
  bounce: "bounced",
  hard: "bounced hard",
  block: "was blocked",
  deferral: "was deferred",
  complaint: "was complained about",
};
const PLACES: Readonly<Record<HoldDimension, string>> = { provider: "at", domain: "to", tag: "tagged" };

const percent = (rate: number): string => `${Number((100 * rate).toFixed(2))} %`;

const whyOf = ({ dimension, value, measure, rate, line: limit, count, of: whole, windowHours }: Omit<Hold, "why">) =>
  `${percent(rate)} of the mail ${PLACES[dimension]} ${value} ${MEASURES[measure]} in the last ${windowHours} hours (${count} of ${whole}); the line is ${percent(limit)}.`;

/** A hold began, or is over: on queue `alert`, and for webhooks that want alerts. */
export interface HoldAlert extends Hold {
  readonly schema: "bounced.hold/1";
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly state: "held" | "cleared";
}

export const holdAlertOf = (hold: Hold, state: HoldAlert["state"], now: number): HoldAlert => ({
  schema: "bounced.hold/1",
  id: `h${Math.floor(Date.parse(hold.since) / 60_000)}-${state}-${hold.dimension}-${hold.value.replaceAll(/[^a-z0-9.-]/g, "_").slice(0, 100)}`,
  at: new Date(now).toISOString(),
  state,
  ...hold,
});

/** Key in Redis, behind the prefix. */
export const holdKeyOf = (prefix: string, { dimension, value }: Held): string => `${prefix}:hold:${dimension}:${value}`;
