/** Rates of what was sent, and the lines that providers draw. Pure. */
export const RATE_MEASURES = ["bounce", "hard", "block", "deferral", "complaint"] as const;
export type RateMeasure = (typeof RATE_MEASURES)[number];

/** What became of the mail of one thing in a period. */
export interface SendCounts {
  /** As the sending systems report them. */
  readonly delivered: number;
  readonly failed: number;
  readonly delayed: number;
  /** Credible events: failures that are no block, those of them that are hard, blocks, complaints. */
  readonly bounced: number;
  readonly hard: number;
  readonly blocked: number;
  readonly complained: number;
}

/** A part of a whole: `part / whole` is the rate. */
export interface Rate {
  readonly part: number;
  readonly whole: number;
}

export const sendsOf = ({ delivered, failed }: Pick<SendCounts, "delivered" | "failed">): number => delivered + failed;

/** Of sends; a deferral is one of the attempts. */
export function rateOf(counts: SendCounts, measure: RateMeasure): Rate {
  const attempts = sendsOf(counts) + counts.delayed;
  return { part: counts[PARTS[measure]], whole: measure === "deferral" ? attempts : sendsOf(counts) };
}

const PARTS = {
  bounce: "bounced",
  hard: "hard",
  block: "blocked",
  deferral: "delayed",
  complaint: "complained",
} as const satisfies Record<RateMeasure, keyof SendCounts>;

export interface PublishedLine {
  readonly measure: RateMeasure;
  readonly rate: number;
  /** Whose line it is. */
  readonly by: string;
}

/**
 * Amazon SES counts hard bounces, reviews an account at 5 % of them or 0.1 % complaints, and may pause it at 10 % and 0.5 %.
 * Gmail and Yahoo ask bulk senders to stay below 0.3 % complaints.
 */
export const PUBLISHED_LINES: readonly PublishedLine[] = [
  { measure: "hard", rate: 0.05, by: "Amazon SES" },
  { measure: "complaint", rate: 0.001, by: "Amazon SES" },
  { measure: "complaint", rate: 0.003, by: "Gmail and Yahoo" },
];

export const publishedLinesOf = (measure: RateMeasure): readonly PublishedLine[] =>
  PUBLISHED_LINES.filter((line) => line.measure === measure);

/** One-sided, 99 %. */
const Z = 2.326;

/**
 * What a rate is at least, with a confidence of 99 %: the lower bound of Wilson's interval. Three of ten are no thirty
 * percent yet, three thousand of ten thousand are.
 */
export function atLeast({ part, whole }: Rate): number {
  if (whole <= 0 || part <= 0) return 0;
  const p = Math.min(1, part / whole);
  const square = (Z * Z) / whole;
  return (p + square / 2 - Z * Math.sqrt((p * (1 - p)) / whole + square / (4 * whole))) / (1 + square);
}

/** The highest published line that a rate is above, beyond chance; null where it is above none. */
export function lineCrossed(counts: SendCounts, measure: RateMeasure): PublishedLine | null {
  const bound = atLeast(rateOf(counts, measure));
  return publishedLinesOf(measure).findLast(({ rate }) => bound > rate) ?? null;
}
