/**
 * Jumps: far more blocks, unknowns, forgeries or complaints at one provider, domain or sending address in the last hour
 * than the days before let expect. Pure: counts in, alerts out.
 */
import type { AlertSettings } from "../settings.ts";

export const MEASURES = ["block", "unknown", "forged", "complaint"] as const;
export type Measure = (typeof MEASURES)[number];

export const ALERT_DIMENSIONS = ["provider", "domain", "senderDomain", "sendingAddress"] as const;
export type AlertDimension = (typeof ALERT_DIMENSIONS)[number];

/** Events of one value of a dimension, in the window and in the time before it. */
export interface Activity {
  readonly dimension: AlertDimension;
  readonly value: string;
  readonly now: Readonly<Record<Measure, number>> & { readonly all: number };
  readonly before: Readonly<Record<Measure, number>> & { readonly all: number };
}

export interface Jump {
  readonly measure: Measure;
  readonly dimension: AlertDimension;
  readonly value: string;
  readonly count: number;
  /** What the time before lets expect in a window. */
  readonly expected: number;
  /** Of all events of this value, 0 to 1. */
  readonly share: number;
  readonly shareBefore: number;
}

/** What goes on queue `alert`. */
export interface Alert extends Jump {
  readonly schema: "bounced.alert/1";
  readonly id: string;
  /** `resolved`: what an earlier alert reported is over. It has the figures of that alert, and no texts. */
  readonly state: "open" | "resolved";
  /** ISO 8601. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** Two plain sentences. */
  readonly explanation: string;
  /** On the last alert of a look: how many further jumps it found and does not report one by one. 0 on the others. */
  readonly more: number;
  /** Of an alert that is resolved because it became part of an incident: its id. Null on the others. */
  readonly incident: string | null;
  /** The words that drive it, most frequent first, addresses and ids masked. */
  readonly texts: readonly { readonly text: string; readonly count: number }[];
}

/** Five standard deviations of a Poisson count: by chance once in millions of windows. */
const DEVIATIONS = 5;
/** A larger mailing gives more of everything; it is a jump only if the share grows too. */
const SHARE_GROWTH = 1.5;

/** `windows`: how many windows fit into the time before. */
export function jumpsIn(activities: readonly Activity[], windows: number, settings: AlertSettings): readonly Jump[] {
  return activities.flatMap(({ dimension, value, now, before }) =>
    MEASURES.flatMap((measure): Jump[] => {
      const count = now[measure];
      if (count < settings.minEvents) return [];
      const expected = before[measure] / windows;
      if (count < expected * settings.factor) return [];
      if (count - expected < DEVIATIONS * Math.sqrt(Math.max(expected, 1))) return [];
      const share = count / now.all;
      const shareBefore = before.all === 0 ? 0 : before[measure] / before.all;
      if (share < Math.min(shareBefore * SHARE_GROWTH, (1 + shareBefore) / 2)) return [];
      return [
        {
          measure,
          dimension,
          value,
          count,
          expected: round(expected),
          share: round(share),
          shareBefore: round(shareBefore),
        },
      ];
    }),
  );
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

const MEASURE_TEXT: Readonly<Record<Measure, string>> = {
  block: "refused as blocked",
  unknown: "that no rule knows",
  forged: "that are forged",
  complaint: "that are complaints",
};
/** In a title. */
export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  block: "Blocks",
  unknown: "Unknown refusals",
  forged: "Forged reports",
  complaint: "Complaints",
};

/** What `/log` and `/v1/events` find the events of an alert by. */
export const logParametersOf = ({ dimension, value, measure, from, to }: Alert): Readonly<Record<string, string>> => ({
  [dimension]: value,
  from,
  to,
  ...(measure === "forged" ? { authenticity: "forged" } : { severity: measure }),
});

const DIMENSION_TEXT: Readonly<Record<AlertDimension, string>> = {
  provider: "At",
  domain: "For addresses at",
  senderDomain: "For mail from",
  sendingAddress: "For mail sent through",
};
const NEXT: Readonly<Record<Measure, string>> = {
  block:
    "Look at the texts: they name the reason, often a block list or a missing DNS record, and stop sending there until it is clear.",
  unknown: "Look at the texts, and write a rule for them: bounced reclassify unmatched.",
  forged: "Somebody uses your address as a sender; signed return paths keep these away.",
  complaint: "Look at what was sent in this time and to whom, before the provider blocks it.",
};

export const explainEnd = ({ measure, dimension, value, count }: Jump): string =>
  `${DIMENSION_TEXT[dimension]} ${value} the number of events ${MEASURE_TEXT[measure]} is usual again, after ${count} of them. Nothing to do.`;

/** Its incident has an alert of its own. */
export const explainPart = ({ measure, dimension, value }: Jump): string =>
  `${DIMENSION_TEXT[dimension]} ${value} the events ${MEASURE_TEXT[measure]} are part of an incident now. Its alert has the rest.`;

export const explainJump = ({ measure, dimension, value, count, expected }: Jump, more: number): string =>
  `${DIMENSION_TEXT[dimension]} ${value} there were ${count} events ${MEASURE_TEXT[measure]}, where about ${Math.ceil(expected)} are usual. ${NEXT[measure]}${more === 0 ? "" : ` And ${more} more jumps at the same time: see the log.`}`;
