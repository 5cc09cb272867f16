/** When the learned fallback is asked, and what becomes of its answer. docs/model.md says why these bounds. */
import type { Decision } from "./decide.ts";
import { guess, type FallbackModel, type Observed } from "./fallback-model.ts";

/** Rules that are this sure are not questioned. */
const SURE = 0.6;
/** Below this, single words and codes that rules were written for are right more often than the guess. */
const WORTH_SAYING = 0.6;
/** Where nothing else spoke, a weaker guess is better than none. */
const WORTH_SAYING_ALONE = 0.3;

/** The decision, or the model's where the rules are unsure and the model is not. */
export function fallBack(decision: Decision, observed: Observed, model: FallbackModel | null): Decision {
  const { deciding, confidence } = decision;
  if (model === null || confidence >= SURE || deciding?.source === "user_rule") return decision;
  const found = guess(model, observed);
  if (!found || found.reason === decision.reason) return decision;
  if (!fallsBack(confidence, deciding !== null, found.probability)) return decision;
  const candidate = {
    source: "model",
    name: `model/${model.trainedAt}`,
    reason: found.reason,
    band: "guess",
    confidence: found.probability,
    words: 0,
    conditions: 0,
    order: 0,
    span: null,
    status: null,
    fact: null,
  } as const;
  return {
    reason: found.reason,
    secondaryReason: decision.secondaryReason,
    confidence: found.probability,
    deciding: candidate,
    evidence: [candidate, ...decision.evidence].slice(0, 4),
  };
}

/** Whether a guess of this probability is better than rules of this confidence. */
export function fallsBack(confidence: number, anythingSpoke: boolean, probability: number): boolean {
  return confidence < SURE && probability >= (anythingSpoke ? WORTH_SAYING : WORTH_SAYING_ALONE);
}
