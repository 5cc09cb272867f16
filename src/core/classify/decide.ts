/** Candidates, best first -> the reason, and how sure of it we are. */
import type { Reason } from "../../event/event.ts";
import { isAtLeast, RANK, type Candidate } from "./candidates.ts";

export interface Decision {
  readonly reason: Reason;
  /** `expired` beside the cause that the queue kept meeting. */
  readonly secondaryReason: Reason | null;
  /** 0..1. */
  readonly confidence: number;
  readonly deciding: Candidate | null;
  /** What decided, then what else spoke, at most four. */
  readonly evidence: readonly Candidate[];
}

/** Nothing spoke. */
export const UNDECIDED: Decision = {
  reason: "unknown",
  secondaryReason: null,
  confidence: 0.1,
  deciding: null,
  evidence: [],
};
/** What says as little as "it expired" itself. */
const NO_CAUSE: ReadonlySet<Reason> = new Set([
  "expired",
  "unknown",
  "delivered",
  "other_info",
  "policy",
  "recipient_other",
]);

export function decide(candidates: readonly Candidate[]): Decision {
  const [best] = candidates;
  if (!best) return UNDECIDED;
  const expired = candidates.find(({ reason }) => reason === "expired");
  // The queue's lifetime ended, but the last reply it met is the cause: RFC 3464 puts both in one text.
  const cause = best.reason === "expired" ? candidates.find((other) => isCause(other, best)) : undefined;
  const deciding = cause ?? best;
  const gaveUp = expired && deciding.reason !== "expired" && isAtLeast(expired, "strong status");
  const secondaryReason = gaveUp ? "expired" : (deciding.also ?? null);
  const others = candidates.filter((candidate) => candidate !== deciding);
  return {
    reason: deciding.reason,
    secondaryReason,
    confidence: confidenceOf(deciding, others),
    deciding,
    evidence: [deciding, ...others].slice(0, 4),
  };
}

/** The words that say "expired" are no cause of it: `I'm not going to try again`. */
function isCause(candidate: Candidate, { span: expiry }: Candidate): boolean {
  const { reason, source, span } = candidate;
  if (NO_CAUSE.has(reason) || source === "reply_code") return false;
  if (source === "status") return isAtLeast(candidate, "strong status");
  return isAtLeast(candidate, "vague fact") && !(span && expiry && span.start < expiry.end && expiry.start < span.end);
}

const AGREES = 0.02;
const CONTRADICTS = 0.12;

/** Agreement adds a little; as strong a voice for something else takes away. */
function confidenceOf(deciding: Candidate, others: readonly Candidate[]): number {
  let confidence = deciding.confidence;
  if (others.some(({ reason }) => reason === deciding.reason)) confidence += AGREES;
  const rival = others.find(({ reason }) => reason !== deciding.reason && reason !== "expired");
  const near = rival && RANK[rival.band] - RANK[deciding.band] <= 1;
  if (near && isAtLeast(rival, "strong status") && deciding.source !== "user_rule") confidence -= CONTRADICTS;
  return Math.min(0.99, Math.max(0.05, confidence));
}
