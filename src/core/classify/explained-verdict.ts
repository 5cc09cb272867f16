/**
 * A verdict in the words of people and the codes of other systems, where an event or an answer is written.
 * Classification itself ends at the verdict and knows no language.
 */
import { classify } from "./classify.ts";
import { explanationOf } from "../../explanations/explanation.ts";
import { EXPLANATION_LANGUAGES, type ExplanationLanguage } from "../../explanations/shape.ts";
import { findReplyCode } from "../fields/reply-code.ts";
import type { RuleSet } from "./rule-set.ts";
import { serverWords } from "./facts/server-words.ts";
import type { Refusal, Verdict } from "./verdict.ts";
import type { Codes } from "../../event/event.ts";
import { codesFor } from "../../vendors/codes.ts";
import type { FailureCodes } from "../../vendors/failure-codes.ts";

export interface ExplainedVerdict extends Verdict {
  /** Two plain sentences for a person: what happened, what to do. */
  readonly explanation: string;
  readonly codes: Codes;
}

export interface ExplainSettings {
  readonly rules: RuleSet;
  /** Language of the explanation; English where there is none. */
  readonly language: string;
  /** The installation's own failure codes; the built-in ones where there are none. */
  readonly failureCodes?: FailureCodes;
}

export const classifyAndExplain = (refusal: Refusal, settings: ExplainSettings): ExplainedVerdict =>
  explained(refusal, classify(refusal, settings), settings);

function explained(refusal: Refusal, verdict: Verdict, { language, failureCodes }: ExplainSettings): ExplainedVerdict {
  const { reason, severity, provider, evidence, derivedStatus } = verdict;
  const { text, action } = refusal;
  const status = refusal.status ?? derivedStatus;
  return {
    ...verdict,
    explanation: explanationOf(reason, { language: knownLanguage(language), provider, status }),
    codes: codesFor(reason, {
      severity,
      action,
      replyCode: refusal.replyCode ?? (text === null ? null : findReplyCode(serverWords(text))),
      status,
      text,
      rule: evidence[0]?.rule ?? null,
      failureCodes,
    }),
  };
}

const knownLanguage = (language: string): ExplanationLanguage =>
  EXPLANATION_LANGUAGES.find((known) => known === language) ?? "en";
